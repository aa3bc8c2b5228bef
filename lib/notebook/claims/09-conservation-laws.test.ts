import { cross } from 'd3-array';
import { densities } from '../../prune/schedule';
import { cell, column, pick, range, type Series, type StoredNotebook } from './storedNotebook';
import { type Claim, testClaims } from './testClaims';

const conserved = ['synflow', 'synflow-l2'];
const family = [...conserved, 'synflow-l2/px', 'synflow-l2/as-published'];
const surviving = [...family, 'snip', 'grasp'];
const given = { '784 inputs': 'the pixels of an image of Fashion-MNIST' };

const are = (found: readonly unknown[], ...expected: unknown[]) => found.join() === expected.join();
const worst = (all: readonly Series[], name: string) => Math.max(...pick(all, { name })[0].y);
/** Whether lines lie where the figures of what is off balance end. */
const areRounding = (all: readonly Series[], ...names: string[]) =>
  names.every((name) => worst(all, name) <= 1e-8);

/** How far the units of a score are off balance: those of the first hidden layer, and the others. */
function unitsOff({ x, y, hover }: Series) {
  const units = y.map((out, i) => ({ out, into: Number(x[i]), isFirst: hover[i].includes('dense1,') }));
  const off = (some: typeof units) => some.map(({ into, out }) => Math.abs(into - out) / (into + out));
  return {
    first: off(units.filter(({ isFirst }) => isFirst)),
    rest: off(units.filter(({ isFirst }) => !isFirst)),
  };
}

function claimsOf({ rows, series, printed }: StoredNotebook): readonly Claim[] {
  const balance = rows('|in − out| / (|in| + |out|)');
  const formulas = pick(balance, { score: /^synflow/ });
  const balanced = pick(balance, { conserved: 'yes' }).map(({ score }) => score);
  const unbalanced = pick(balance, { conserved: 'no' }).map(({ score }) => score);
  const units = series('into and out of each hidden unit');
  const onDiagonal = conserved.map((name) => unitsOff(pick(units, { name })[0]));
  const offDiagonal = pick(units, { name: /\// }).map(unitsOff);

  const biases = series('SynFlow in fc-100 with biases');
  const resnet = series('SynFlow in ResNet-20');
  const [shifted, mostShifted] = printed(/β in R, not counted: (\d+) % .* by ([\d.]+) %/);
  const cuts = rows('Parts of R');
  const [conv1, conv2, shortcut] = ['conv1', 'conv2', 'shortcut'].map((name) => column(cuts, name));
  const cutSums = [conv1, conv2].flatMap((sums) => sums.map((sum, i) => sum + shortcut[i]));

  const largest = series('The largest cut of a run of SynFlow');
  const fewest = (name: RegExp) =>
    pick(largest, { name }).map(({ x, y }) => Math.min(...x.map(Number).filter((_, i) => y[i] < 1)));
  const [exponential, linear] = [fewest(/^exponential/), fewest(/^linear/)];
  const [{ y: linearTo1000 }] = pick(largest, { name: 'linear, ρ = 1000' });
  const imbalances = series('Layer sums on the way');
  const [least, most] = range(pick(imbalances, { name: /\// }).flatMap(({ y }) => y));
  const steps = (name: string) => pick(imbalances, { name })[0].y.length;

  const keptAt = (compression: number, way: string, ...methods: string[]) => {
    const [{ x, y, z }] = series(new RegExp(`^Thinnest layer, .* compression ${compression}$`));
    return methods.map((method) => z[y.map(String).indexOf(method)][x.indexOf(way)]);
  };
  const once = ['exponential, 1', 'linear, 1'].flatMap((way) => keptAt(1000, way, ...surviving, 'magnitude'));
  const traces = rows('log₁₀ Tr Π');
  const ofMagnitude = Object.values(pick(traces, { method: 'magnitude' })[0]);
  const enough = ['exponential, 10', 'exponential, 100', 'linear, 100'];
  const traceOf = (method: string, way: string) => cell(traces, { method }, way);

  return [
    ['Of the five formulas for the path norms', formulas.length === 5],
    ['two obey it', pick(formulas, { conserved: 'yes' }).length === 2],
    [
      'every unit lies on the diagonal',
      onDiagonal.every((off) => range([...off.first, ...off.rest])[1] < 1e-7),
    ],
    ['and are off', pick(formulas, { conserved: 'no' }).every((row) => Number(row['worst unit']) > 0.5)],
    [
      'the clusters apart are the first',
      offDiagonal.every((off) => range(off.first)[0] > range(off.rest)[1]),
    ],
    ['until its sign is dropped', balanced.includes('snip, with its sign') && unbalanced.includes('snip')],
    ['more than rounding', worst(biases, 'in R, not counted') > 1e-3],
    ['which the other two curves are', areRounding(biases, 'in R, and counted', 'no biases in R')],

    ['miss what the shortcuts carry', worst(resnet, 'blocks alone') > 1e-3],
    ['as one unit, all balance', areRounding(resnet, 'with shortcuts', 'chains as one unit')],
    ['are lost beside the flow through most units', shifted < 10],
    ['a few are far off', mostShifted > 50],
    ['and each sums to $R$', cutSums.every((sum) => Math.abs(sum - 1) < 1e-5)],
    ['with fewer iterations than the linear one', exponential.every((count, i) => count < linear[i])],
    ['stay at 1 to the end', conserved.every((name) => worst(imbalances, name) < 1 + 1e-9)],
    ['iteration does not mend it (1.8 to 4.1)', least, most],
    ['as that of magnitude does', steps('magnitude') < steps('synflow')],

    ['one iteration empties a layer', once.every((weights) => weights === 0)],
    ['SynFlow family already at 100', are(keptAt(100, 'exponential, 1', ...family), 0, 0, 0, 0)],
    ['have twelve and three weights', are(keptAt(100, 'exponential, 1', 'snip', 'grasp'), 12, 3)],
    ['every method but magnitude keeps a path', cross(surviving, enough).every((one) => traceOf(...one) < 0)],
    ['Magnitude is never saved', ofMagnitude.filter((trace) => trace === 'no path').length === 6],
    ['takes out several layer sums at once', linearTo1000[linearTo1000.length - 1] > 2],
    ['keeps three weights in the thinnest layer', are(keptAt(1000, 'linear, 100', 'synflow'), 3)],
    [
      'ends above both conserved scores here',
      cross(conserved, enough).every(([method, way]) => traceOf('synflow-l2/px', way) > traceOf(method, way)),
    ],
    ['is conserved, at any step of pruning', least > 1.1],
    ["any mask: SynFlow, SynFlow-L2 in the abstract's", are(balanced, ...conserved, 'snip, with its sign')],
    ['nor do GraSP and magnitude', ['grasp', 'magnitude'].every((score) => unbalanced.includes(score))],
    ['which enough exponential steps ensure', exponential.every(Number.isFinite)],
  ];
}

function solutionClaimsOf({ rows, series, printed }: StoredNotebook): readonly Claim[] {
  const [fewest, proved] = printed(/compression 1000: (\d+) iterations/);
  const [begun] = printed(/biases: ([\d.]+) % of R/);
  const learned = series('SynFlow in fc-100 after 3 epochs');
  const [exponential, linear] = series('What each iteration takes out').map(({ y }) => y);
  const steps = linear.length;
  const [low, high] = range(exponential.slice(4)); // after the first few
  const last = pick(rows(''), { schedule: 'linear' });
  const [density] = column(last, 'density after it');
  const before = densities(density, steps, 'linear')[steps - 2];
  const changeOf = (optimiser: RegExp) => column(pick(rows(''), { optimiser }), 'change of ‖W‖²');
  const [sgd, adam] = [changeOf(/^SGD/), changeOf(/^Adam/)];

  return [
    ['Fewer are enough in exercise 1', fewest < proved],
    ['after three epochs two ten-thousandths of $R$', Math.round(100 * begun) === 2],
    ['by up to two ten-thousandths', Math.round(1e4 * worst(learned, 'in R, not counted')) === 2],
    ['more than rounding explains', areRounding(learned, 'in R, and counted', 'no biases in R')],
    ['about half to two thirds of $R$', Math.round(6 * low) === 3 && Math.round(6 * high) === 4],
    ['By the linear schedule, in the last', column(last, 'iteration')[0] === steps],
    ['the first take hardly anything', Math.max(...linear.slice(0, 10)) < 0.05],
    [
      'from three weights in a hundred to one in a thousand',
      are([100 * before, 1000 * density].map(Math.round), 3, 1),
    ],
    ['takes out five times the sum of a layer', Math.round(linear[steps - 1]) === 5],
    ['By SGD, yes, to two digits', new Set(sgd.map((change) => change.toPrecision(2))).size === 1],
    ['with most of the weights, grows most', adam[0] === Math.max(...adam)],
  ];
}

testClaims('09-conservation-laws', claimsOf, given);
testClaims('solutions/09-conservation-laws', solutionClaimsOf, given);

import { sum } from 'd3-array';
import { fc, rescalableUnits } from '../../network';
import { settings, stepsOf } from './settings';
import { cell, column, pick, type Row, range } from './storedNotebook';
import { testClaims } from './testClaims';

const TRACE = 'Tr Π';
const SPREAD = 'standard deviation of ln λ';

testClaims('14-function-and-parametrisation', ({ rows, series, printed, code }) => {
  const having = (name: string) => rows(/^$/).filter((row) => name in row);
  const smallest = having('R1');
  const [start, rescaled] = column(smallest, TRACE);
  const drawn = series('The Path Kernel of one function');
  /** What the two drawings end at, the lower first: a band goes on and comes back. */
  const ends = (name: string) => {
    const [{ x, y }] = pick(drawn, { name });
    return range(y.filter((_, i) => x[i] === Math.max(...x.map(Number))));
  };
  const norms = pick(drawn, { name: /^R[12]$/ }).flatMap(({ y }) => y);
  const growth = ends(TRACE);
  const ranks = column(having('effective rank'), 'effective rank');
  const [bound] = column(having('most it can be'), 'most it can be');
  const open = ends('effective rank').map((part) => part * ranks[0]);

  const jaccard = rows('Jaccard index of the masks');
  const kept = (method: RegExp) => column(pick(jaccard, { method }), 'kept in both / in either');
  const others = kept(/grasp|^magnitude|\//);

  const accuracies = rows('4 epochs, then 30 % kept');
  const at = (spread: number) => cell(accuracies, { [SPREAD]: spread }, 'magnitude');
  const spreads = column(accuracies, SPREAD);
  const paths = column(accuracies, 'path-magnitude');
  const better = spreads.filter((spread, i) => at(spread) > paths[i]);
  const [best] = spreads.filter((spread) => spreads.every((other) => at(other) <= at(spread)));
  const lost = spreads.filter((spread) => Math.round(10 * at(spread)) === 1);

  const resnet = rows('ResNet-20');
  const logs = (batchNorm: string, quantity: RegExp) =>
    ['as initialised', 'rescaled behind', 'in front'].map((name) =>
      cell(pick(resnet, { batchNorm }), { quantity }, name),
    );
  const [fold, apply, skip] = ['fold', 'apply', 'skip'].map((policy) => logs(policy, /R2/));
  const tracesOf = ['fold', 'apply', 'skip'].map((policy) => logs(policy, /Tr/));

  const conditioned = having('sweeps');
  const [even] = column(conditioned, 'Tr Π after');
  const isOne = (values: readonly number[]) => new Set(values).size === 1;
  const [width] = settings(code, /width, seed\] = .*laptop: (\d+)/);
  const network = fc({ width, input: [28, 28, 1], classes: 10 });
  const kernels = network.parameters.filter(({ role }) => role === 'kernel');
  const directions = sum(kernels, ({ shape: [from, to] }) => from * to) - rescalableUnits(network).length;

  const trained = rows('Test accuracy after training');
  const trace = (row: Row) => Number(row[TRACE]);
  const byAdam = column(trained, 'Adam');
  const descended = trained.map((row) => Number(row['gradient descent'])); // NaN where it diverged
  const larger = trained.slice(1).filter((row) => trace(row) < 15 * start);
  const [first, ...points] = series(/^Test loss of one function/).map(({ y }) => y[0]);
  const [[images], [epochs]] = [/laptop: \{ train: (\d+)/, /epochs = .*laptop: (\d+)/].map((pattern) =>
    settings(code, pattern),
  );

  return [
    [
      'Not a bit of the outputs has changed, nor have both path norms',
      printed(/outputs that differ by a bit: (\d+)/)[0] === 0 &&
        ['R1', 'R2'].every((name) => isOne(column(smallest, name))),
    ],
    ['The trace is fifteen times as large', Math.round(rescaled / start) === 15],
    ['Two flat lines', norms.every((times) => Math.abs(times - 1) < 1e-6)],
    ['35,000 and 147,000 times', ...growth.map((times) => 1000 * Math.round(times / 1000))],
    [
      'the largest eigenvalue grows faster than the trace',
      ends('largest eigenvalue').every((times, i) => times > growth[i]),
    ],
    ['falls by more than three powers of ten', ends('effective rank')[1] < 1e-3],
    ['A kernel with most directions open', ranks[0] > 0.8 * bound],
    ['and one with a few dozen', open[0] > 24 && open[1] < 72],
    [
      'SynFlow, SynFlow-L2, path-magnitude and SNIP make the same mask',
      Math.min(...kept(/^(synflow(-l2)?|path-magnitude|snip)$/)) === 1,
    ],
    ['Magnitude, GraSP and the other three', others.length === 5 && Math.max(...others) < 1],
    [
      'between a twentieth and two fifths in both',
      Math.round(20 * range(others)[0]) === 1 && Math.round(5 * range(others)[1]) === 2,
    ],
    ['the dense accuracy is the same', isOne(column(accuracies, 'dense'))],
    ['Path-magnitude gives the same network each time', isOne(paths)],
    ['better than it up to a standard deviation of 0.5', Math.max(...better)],
    ['has lost all but chance from 1.5', Math.min(...lost)],
    ['0.607 for the weights as training leaves them', at(0)],
    ['0.676 at a standard deviation of 0.25', at(best), best],
    ['and chance from 1.5', Math.min(...lost)],
    ['is $R_2$ that of the function', isOne(fold) && !isOne(apply) && !isOne(skip)],
    ['ignores the first kind of rescaling and not the second', apply[0] === apply[1] && apply[0] < apply[2]],
    ['both change it by powers of ten', Math.min(skip[1], skip[2]) - skip[0] > 2],
    ['The trace changes under all of them', tracesOf.every(([before, ...after]) => !after.includes(before))],
    ['it comes to the same trace', isOne(column(conditioned, 'Tr Π after'))],
    ['and the same spread', isOne(column(conditioned, 'after'))],
    ['It is larger than at the start', even > start],
    ['As many eigenvalues as there can be', directions === bound],
    ['within one per cent of that bound', ranks[2] / bound > 0.99],
    ['At epoch 0 all lie on one point', points.every((loss) => Math.abs(loss / first - 1) < 1e-4)],
    ['within six hundredths of accuracy', range(byAdam)[1] - range(byAdam)[0] <= 0.06],
    ['differ by more than four powers of ten', Math.log10(Math.max(...trained.map(trace)) / start) > 4],
    ['from the largest traces it trains worst', Math.min(...descended.slice(0, -2)) === descended[4]],
    ['or leaves the range of numbers', descended.slice(-2).every(Number.isNaN)],
    ['(128 steps)', stepsOf(images, epochs)],
    [
      'By Adam the four traces up to fourteen times',
      larger.length === 4 && Math.round(Math.max(...larger.map(trace)) / start) === 14,
    ],
    ['(0.798 to 0.809 against 0.771)', ...range(column(larger, 'Adam')), byAdam[0]],
    ['and the two largest below', Math.max(...byAdam.slice(-2)) < byAdam[0]],
    ['by gradient descent none ends above it', descended.every((accuracy) => !(accuracy > descended[0]))],
  ];
});

testClaims('solutions/14-function-and-parametrisation', ({ rows, code }) => {
  const having = (name: string) => rows(/^$/).filter((row) => name in row);
  const forms = having('weights');
  const [start, smallest, even] = column(forms, TRACE);
  const [ofStart, ofSmallest, ofEven] = column(forms, 'deviation / mean of g');
  const pruned = having('method');
  const [before, after] = ['Tr Π before', 'after PathCond'].map(
    (name) => (method: string) => cell(pruned, { method }, name),
  );
  const ahead = Math.min(after('synflow-l2'), after('synflow'));
  const rest = ['snip', 'grasp', 'magnitude'];
  const kernels = having(SPREAD);
  const grown = ['Tr Θ', TRACE]
    .map((name) => column(kernels, name))
    .map((traces) => traces.slice(-1)[0] / traces[0]);

  return [
    ["About two thirds of the initialisation's", Math.round((3 * smallest) / start) === 2],
    ['is more than twice that of the start', ofSmallest > 2 * ofStart],
    ["PathCond's is an eighth of it, at a larger trace", Math.round(ofStart / ofEven) === 8 && even > start],
    ['ahead of the others by a factor of six', Math.round(ahead / Math.max(...rest.map(after))) === 6],
    ['random pruning stays behind by hundreds', Math.min(...rest.map(after)) > 100 * after('random')],
    [
      'SNIP and magnitude change places',
      before('snip') > before('magnitude') && after('snip') < after('magnitude'),
    ],
    ['on 50 images before and after', 10 * settings(code, /seed, perClass: (\d+)/)[0]],
    ['by tens of thousands', grown.every((times) => times > 1e4 && times < 1e5)],
  ];
});

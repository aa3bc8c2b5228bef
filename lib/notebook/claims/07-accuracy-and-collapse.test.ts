import { cross, sum } from 'd3-array';
import accuracy from '../../../data/sweeps/accuracy.json';
import collapse from '../../../data/sweeps/collapse.json';
import { planSweep } from '../../experiment/sweep';
import { overlap } from './compare';
import { cell, column, numbersIn, pick, range, type StoredNotebook, storedNotebook } from './storedNotebook';
import { type Claim, testClaims } from './testClaims';

const leaders = ['synflow-l2', 'synflow'];
const twins = ['synflow-dist', 'synflow-l2-dist'];
const family = [...leaders, ...twins];
const ending = ['magnitude', 'grasp', 'snip'];
const others = [...ending, 'random'];
const early = ['random', 'snip', ...leaders];

/** The lines of a figure over densities; its bands have no text, and its crosses begin elsewhere. */
const linesOf = ({ series }: StoredNotebook, title: RegExp) =>
  series(title).filter(({ x, hover }) => x[0] === 1 && hover.length > 0);

/** In per cent; `middle` is that of the three seeds which is neither the lowest nor the highest. */
function accuraciesOf(stored: StoredNotebook) {
  return linesOf(stored, /^Accuracy against density/).flatMap(({ name: method, x, y, hover }) =>
    hover.map((text, i) => {
      const [low, high] = numbersIn(/from .* to [\d.]+/.exec(text)?.[0] ?? '').map((part) => 100 * part);
      const compression = Number((1 / Number(x[i])).toPrecision(3));
      const mean = Number((100 * y[i]).toFixed(6));
      return { method, compression, low, middle: 3 * mean - low - high, high, mean, text };
    }),
  );
}

type Range = Readonly<Record<'low' | 'high', number>>;
const meet = (one: Range, other: Range) => overlap([one.low, one.high], [other.low, other.high]);
const are = (values: readonly number[], ...words: number[]) => values.map(Math.round).join() === words.join();

function claimsOf(stored: StoredNotebook): readonly Claim[] {
  const { rows, series, printed } = stored;
  const accuracies = accuraciesOf(stored);
  const tried = column(rows('mean and range over seeds'), 'compression');
  const [, at3, at10, at32, at100, at316, at1000, at3160, at10000, last] = tried;
  const find = (method: string, compression: number) => pick(accuracies, { method, compression })[0];
  const means = (methods: string[], ...at: number[]) => cross(methods, at).map((one) => find(...one).mean);
  const [dense] = means(['random'], 1);
  const guess = Math.min(...means(others, ...tried));
  const gains = (one: string, other: string, ...at: number[]) =>
    at.map((compression) => find(one, compression).mean - find(other, compression).mean);
  const order = (at: number) => [...family, ...others].sort((a, b) => gains(b, a, at)[0]);
  const spread = (at: number) => gains(order(at)[0], order(at)[7], at)[0];
  const lost = (methods: string[]) => means(methods, at3).map((mean) => dense - mean);
  const above = means(family, at3160).filter((mean) => mean > guess);
  const [snip, ...two] = ['snip', 'grasp', 'random'].map((method) => find(method, at100));
  const pairs = cross([at316, at1000], cross(family, family)).filter(([, [one, other]]) => one < other);
  const overlapping = pairs.filter(([at, [one, other]]) => meet(find(one, at), find(other, at)));

  const short = rows('after 5 epochs, and at the end');
  const thenAndEnd = (method: string, at: number) => numbersIn(`${pick(short, { method })[0][`at ${at}`]}`);
  const [synflowL2, synflow] = leaders.map((method) => thenAndEnd(method, 100));
  const toEnd = cross(leaders, [1, 3, 10]).map((one) => thenAndEnd(...one));
  const behind = thenAndEnd('synflow', 10).map((mean, i) => mean - thenAndEnd('random', 10)[i]);

  const [epochs, images] = printed(/(\d+) epochs of ([\d,]+) images/);
  const [layers, limit] = printed(/, L = (\d+), N\/L = (\d+)/);
  const [example, spared] = [/^magnitude: .*/m, /^synflow: .*/m].map((line) => printed(line));
  const [exampleKept, sparedKept] = [example, spared].map((numbers) => numbers.slice(0, layers));

  const critical = rows('among the compressions tried');
  const ends = (name: string, ...methods: string[]) =>
    methods.map((method) => cell(critical, { method }, name));
  const kept = Math.min(...ends('no collapse up to', ...family));
  const connected = Math.min(...ends('a path up to', ...family));
  const [{ y: losses }] = pick(linesOf(stored, /^Test loss/), { name: 'magnitude' });
  const thinnest = linesOf(stored, /^Weights kept in the thinnest layer/);
  const atLast = pick(thinnest, { name: /^synflow/ }).map(({ y }) => y[y.length - 1]);
  const emptied = (name: string) => {
    const [{ hover }] = pick(thinnest, { name });
    return hover.find((text) => text.includes('collapsed'))?.split('<br>')[2] ?? '';
  };
  const bySynflow = series('Weights kept in each layer, synflow').map(({ y }) => y);
  const full = bySynflow.map((y) => y[y.length - 1]);
  // From low densities to high ones, but for the lowest, where seven weights are no equal parts.
  const ranges = bySynflow[0].slice(1).map((_, i) => range(bySynflow.map((y) => y[i + 1])));
  const gaps = ranges.map(([low, high]) => high - low);
  const densities = series('Density of each layer at compression 100').filter(({ y }) => y.length > 1);
  const parts = (name: RegExp, of: number, ...numbers: number[]) =>
    cross(pick(densities, { name }), numbers).map(([{ y }, layer]) => of * y[layer]);

  return [
    ['Eight methods leave', thinnest.length === 8],
    ['Trained for 40 epochs', epochs],
    ['all are within 6.5 points', dense - Math.min(...means(family, at10), ...means(others, at10))],
    ["the dense network's 84 %", dense],
    ['random pruning is among the best', order(at10).indexOf('random') < 2],
    ['magnitude at 31.6, random pruning and GraSP at 100', ...ends('no path at', 'magnitude', 'random')],
    ['random pruning and GraSP at 100, SNIP at 316', ...ends('no path at', 'grasp', 'snip')],
    ['still reaches 65 to 71 % at 100', ...range(means(family, at100)), at100],
    ['keeps every layer up to 17,800', Number(kept.toPrecision(3))],
    ['with seven weights for six layers', sum(bySynflow, (y) => y[0]) === 7 && layers === 6],
    ['at 3,160 three of the four are at 13 to 14 %', at3160, ...range(above)],
    ['three of the four are at', above.length === 3],
    ['from 10,000 on all are within a point', range(means(family, at10000, last))[1] <= guess + 1],

    ['Both keep 119 weights', sum(exampleKept)],
    ['Both keep', sum(exampleKept) === sum(sparedKept)],
    ['Magnitude takes all of the first layer', exampleKept[0] === 0],
    ['having 784 inputs', full[0] / Math.sqrt(full[1])],
    ['nothing of the image gets through', example[layers] === 0],
    ['SynFlow keeps some of each', Math.min(...sparedKept) > 0],
    ['all of them are on a path', spared[layers] === sum(sparedKept)],

    ['a guess is right in 10 % of the images', guess],
    ['the first five in 50 %', 100 * Math.min(...linesOf(stored, /^Top-5/).flatMap(({ y }) => y))],
    ['costs $\\ln 10 = 2.30$', are([100 * losses[losses.length - 1]], 230)],
    ['At compression 3.16 magnitude', at3],
    ['SynFlow and SynFlow-L2 are at 82 to 83 %', ...range(means(['magnitude', ...early], at3))],
    ['two points or less below the dense network', range(lost(['magnitude', ...early]))[1] <= 2],
    ['GraSP and the Dist twins have lost three to six', are(range(lost(['grasp', ...twins])), 3, 6)],
    ['SynFlow and SynFlow-L2 are at 81 to 82 %', ...range(means(early, at10))],
    ['magnitude at 79, GraSP and the Dist twins at 78', ...means(['magnitude', 'grasp'], at10)],
    ['GraSP and the Dist twins at 78', are(means(['grasp', ...twins], at10), 78, 78, 78)],
    ['At 31.6 SynFlow-L2 and SynFlow (79 and 78 %)', at32, ...means(leaders, at32)],
    ['SNIP and the Dist twins (74 and 73)', ...means(['snip', 'synflow-dist'], at32)],
    ['the Dist twins (74 and 73)', are(means(twins, at32), 73, 73)],
    ['and GraSP (70)', ...means(['grasp'], at32)],
    ['random pruning is at 54 %, magnitude at 12', ...means(['random', 'magnitude'], at32)],
    ['SynFlow-L2 and SynFlow are at 71 and 69 %', ...means(leaders, at100)],
    ['the twins at 65 and 67', ...means(twins, at100)],
    ['SNIP is at 40 %, from 27 to 54 by seed', snip.mean, snip.low, snip.high],
    ['guess in two of three seeds', two.every(({ low, middle }) => are([low, middle], guess, guess))],
    ['the third is at 32 and 18 %', ...two.map(({ high }) => high)],
    ['At 316 and 1,000 only', at316, at1000],
    ['only the SynFlow family is above a guess', are(range(means(others, at316, at1000)), guess, guess)],
    ['at 48 to 55 % and 18 to 26 %', ...range(means(family, at316)), ...range(means(family, at1000))],
    ['Most ranges of its four overlap', overlapping.length > pairs.length / 2],
    ['the order at 316 (SynFlow-L2-Dist first)', order(at316)[0] === 'synflow-l2-dist'],
    ['is not that at 1,000 (SynFlow first)', order(at1000)[0] === 'synflow'],
    ['four or five points from their end', are(range(toEnd.map(([then, end]) => end - then)), 4, 5)],
    ['(38 and 40 % of 69 and 71)', ...[0, 1].flatMap((i) => [synflow[i], synflowL2[i]])],
    [
      'little more than half of it',
      [synflow, synflowL2].every(([then, end]) => Math.round((20 * then) / end) === 11),
    ],
    ['twelve points behind SynFlow then, and one ahead at the end', are(behind, 12, -1)],

    ['the last compression tried, 17,783', connected],
    ['where $N/L$ is 19,900', limit],
    ['each of the six layers has one', are([layers, ...atLast], 6, 1, 1, 1, 1)],
    ['keeps weights in all layers up to 316', ...ends('no collapse up to', 'random')],
    ['at 100 not all three seeds have a path left', ends('no path at', 'random')[0] === at100],
    ['at 1,000 two of three seeds', find('random', at1000).text.includes('collapsed in 2 of 3')],
    ['have nothing left in the last layer', emptied('random') === 'dense6: nothing kept, collapsed'],
    ['the layers come closer and closer', gaps.every((gap, i) => i === 0 || gap > gaps[i - 1])],
    ['sixteen to nineteen times that of the whole', are(range(parts(/^synflow/, at100, 5)), 16, 19)],
    ['at three to four tenths of it', are(range(parts(/^synflow/, 10 * at100, 0)), 3, 4)],
    ['two in ten thousand', are(parts(/snip/, 1e4, 0), 2)],
    ['GraSP and magnitude to nothing', are(parts(/grasp|magnitude/, 1e4, 0), 0, 0)],
    ['one in a hundred everywhere', are(range(parts(/random/, 100, 0, 1, 2, 3, 4, 5)), 1, 1)],

    ['runs those, 2,860 runs', planSweep(accuracy, 'paper').runs.length],
    ['600 more', planSweep(collapse, 'paper').runs.length],
    ['2,000 images of Fashion-MNIST, Adam, 40 epochs', images, epochs],
    ['GraSP is below random pruning up to 10', range(gains('grasp', 'random', at3, at10))[1] < 0],
    ['and above it at 31.6', gains('grasp', 'random', at32)[0] > 0],
    ['about a point or less below it up to 10', are(range(gains('random', 'snip', at3, at10)), 1, 1)],
    ['above or level from 31.6 on', range(gains('snip', 'random', ...tried.slice(3)))[0] >= 0],
    ['lead at 31.6 and 100', [at32, at100].every((at) => `${order(at).slice(0, 2)}` === `${leaders}`)],
    ['at 316 their Dist twins', twins.every((method) => order(at316).indexOf(method) < 2)],
    ['moves accuracy by 4.5 points at most', Math.max(spread(at3), spread(at10))],
    ['by emptying the first layer', ending.every((method) => emptied(method).startsWith('dense1: nothing'))],
    ['at compression 31.6, 100 and 316', ...ends('collapse at', ...ending)],
    ['do not meet, from 100 on', ...ends('no path at', 'random')],
    ['to within a step of $\\rho_{\\max}', limit / connected < at32 / at10],
    ['the only one above a guess from 316 on', are(range(means(others, ...tried.slice(5))), guess, guess)],
    ['clearly up to 1,000', range(means(family, at316, at1000))[0] > 1.5 * guess],
    ['All at 40 epochs', epochs],
  ];
}

testClaims('07-accuracy-and-collapse', claimsOf, {
  'for 100 or 160 epochs': 'the SynFlow paper',
  'SynFlow ahead beyond compression 30': 'the SynFlow paper',
});

testClaims('solutions/07-accuracy-and-collapse', ({ rows, series, printed }) => {
  const winners = rows('At compression');
  const [compression] = numbersIn(`${winners[0].caption}`);
  const accuracies = pick(accuraciesOf(storedNotebook('07-accuracy-and-collapse')), { compression });
  const [winner, ...near] = ['synflow-l2-dist', ...leaders].map((method) => pick(accuracies, { method })[0]);
  const [once, tenTimes, hundredTimes] = ['1', '10', '100'].map((times) => {
    const [row] = pick(rows(''), { method: `snip, ${times} times` });
    return { kept: numbersIn(`${row.kept}`), onPath: row['on a path'] };
  });
  const sizes = series('Density of each layer')[0].hover.map((text) => numbersIn(text.split(' of ')[1])[0]);
  const [smallest, cut] = [Math.min(...sizes), ...printed(/with a common cut: (\d+)/)];

  return [
    ['SynFlow-L2-Dist, at compression', winners[0].method === winner.method],
    ['at compression 316, with 55 %', compression, 100 * column(winners, 'accuracy')[0]],
    ['overlaps those of SynFlow and SynFlow-L2', near.every((one) => meet(one, winner))],
    ['A single winner of eight methods', winners.length === 8],
    ['Asked once, SNIP empties the first layer', once.kept[0] === 0],
    ['asked ten times it has 8 weights or more in each', Math.min(...tenTimes.kept)],
    ['all of its 119 weights', sum(hundredTimes.kept)],
    ['weights are on a path', hundredTimes.onPath === sum(hundredTimes.kept)],
    ['2,000, as the last layer has 1,000 weights', 2 * smallest, sizes[sizes.length - 1]],
    ['what a common cut allows, 19,900', cut],
    ['a tenth of what a common cut allows', are([cut / (2 * smallest)], 10)],
  ];
});

import { median } from 'd3-array';
import beforeTraining from '../../../data/sweeps/all-methods.json';
import duringTraining from '../../../data/sweeps/all-methods-during.json';
import { planSweep } from '../../experiment';
import { heldOutBy } from '../../train/selection';
import { type Marker, panelColumn } from './panelColumn';
import { cell, column, pick, range, storedNotebook } from './storedNotebook';
import { testClaims } from './testClaims';

const CONFIDENCE = { '1.96 standard deviations': 'what 95 % of normal draws lie within' };

const meansOf = (markers: readonly Marker[]) => markers.map(({ mean }) => mean);
const meanOf = (markers: readonly Marker[], method: string) => pick(markers, { method })[0].mean;
const has = (markers: readonly Marker[], method: string) => markers.some((one) => one.method === method);
const scheduleOf = (printed: (pattern: RegExp) => number[]) =>
  printed(/(\d+) epochs of ([\d,]+) images \(([\d,]+) to ([\d,]+) steps\).*, (\d+) seeds/);

testClaims(
  '23-all-methods',
  ({ rows, series, printed }) => {
    const panel = series('All methods');
    const [accuracies, traces] = ['accuracy, %', 'Tr Π'].map((title) => panelColumn(panel, title));
    const [ranks, lengths] = ['effective rank', 'path length'].map((title) => panelColumn(panel, title));
    const [pruned, prunedTraces] = [accuracies, traces].map((all) => pick(all, { method: /^(?!dense$)/ }));
    const best = [...pruned].sort((a, b) => b.mean - a.mean);
    const changing = planSweep(duringTraining, 'laptop').runs.filter(({ config }) => config.train?.sparse);
    const during = new Set(changing.map(({ config }) => `${config.train?.sparse?.method}`));
    const papers = planSweep(beforeTraining, 'paper').runs.map(({ config }) => config);
    const byLayer = pick(pruned, { method: /^random\/(erk|smart-ratio|synflow)$/ });
    const byScore = pick(pruned, { method: /^(?!random)/ }).filter(({ method }) => !during.has(method));
    const noneBetter = Math.max(...meansOf(byScore)) <= Math.min(...meansOf(byLayer));
    const between = pruned.filter(({ mean }) => mean >= 70 && mean <= 83);
    const [[synflowL2], [px]] = ['synflow-l2', 'px'].map((method) => pick(traces, { method }));
    const longest = meanOf(lengths, 'synflow');

    const [epochs, images, fewerSteps, steps, starts] = scheduleOf(printed);
    const heldOut = changing.map(({ config }) => heldOutBy(config.train ?? {}));
    const [, kept, size] = printed(/they keep (\d+) to (\d+) of (\d+) weights/);

    const [work, time] = ['multiplications, of the dense ones', 'time, of the dense one'];
    const speeds = rows('one batch of');
    const whole = pick(speeds, { method: /^(random.*|phew|mst)$/ });
    const smaller = speeds.filter((row) => !whole.includes(row));

    const [still, runs] = printed(/(\d+) of (\d+) runs stand still/);
    const moves = rows('From the fifth');
    const [most, less] = [/^(grasp|grasp-it|force|iter-snip)$/, /^(?!grasp|force|iter-snip)/].map((method) =>
      pick(moves, { method }),
    );
    const [atTop, moved] = printed(/of the (\d+) pruners at the top none moves by more than ([\d.]+)/);

    const taus = rows('τ with accuracy');
    const [chance, chanceOfPaths, ofPaths, , ofOthers] = printed(
      /all methods ±([\d.]+) .*paths ±([\d.]+) \((\d+)\), the others ±([\d.]+) \((\d+)\)/,
    );
    const gates = storedNotebook('solutions/23-all-methods').rows('15 epochs of');
    const [asTheyAre, shuffled] = ['as it is', 'shuffle'].map((gate) =>
      column(pick(gates, { gate }), 'accuracy, %'),
    );

    return [
      ['28 ways to prune before training', pruned.filter(({ method }) => !during.has(method)).length],
      [
        'four to change the mask during it',
        during.size === 4 && [...during].every((method) => has(pruned, method)),
      ],
      [
        'lie within some ten points',
        pruned.filter(({ mean }) => mean > best[0].mean - 10).length > pruned.length / 2,
      ],
      ['no choice of weights by a score does better than chance', noneBetter],
      ['or SynFlow come first', best.slice(0, 3).every(({ method }) => has(byLayer, method))],
      [
        '82 % after 40 epochs against 84 %',
        meansOf(byLayer).reduce((sum, mean) => sum + mean / byLayer.length, 0),
        epochs,
        meanOf(accuracies, 'dense'),
      ],
      ['0.11, 0.03 and −0.11', ...column(taus, 'all methods')],
      ['hold out a tenth of the images', heldOut.every((part) => part === 0.1)],
      ['on 1,800, for 1,160 steps in place of 1,280', images * (1 - heldOut[0]), fewerSteps, steps],
      ['a bar spans its three starts', starts === 3],
      [
        'leave no path and so no marker to the right',
        ['magnitude', 'path-magnitude'].every((method) => has(accuracies, method) && !has(traces, method)),
      ],
      ['rank and length were not recorded', !has(ranks, 'dense') && !has(lengths, 'dense')],
      [
        '25 of the 32 lie between 70 and 83 %',
        between.length,
        pruned.length,
        Math.floor(range(meansOf(between))[0]),
        Math.ceil(range(meansOf(between))[1]),
      ],
      [
        'random masks by layer ratio, NTK-SAP, SET and RigL, and spanning trees. SynFlow-L2 is among them',
        best
          .slice(0, 9)
          .every(({ method }) => /^(random\/.*|ntk-sap|set|rigl|mst.*|synflow-l2)$/.test(method)),
      ],
      ['the largest trace of the pruned', synflowL2.mean === Math.max(...meansOf(prunedTraces))],
      ["level with PX's", px.low < synflowL2.mean && synflowL2.mean < px.high],
      ['random pruning is not far behind', best[8].mean - meanOf(pruned, 'random') < 2],
      [
        'with almost the smallest',
        prunedTraces.filter(({ mean }) => mean < meanOf(traces, 'random')).length === 1,
      ],
      ['SynFlow keeps the longest paths', longest === Math.max(...meansOf(lengths))],
      ['three ReLUs each', Math.round(longest) === 3],
      [
        'random masks and whole channels live on the shortcuts',
        Math.max(...meansOf(pick(lengths, { method: /^(random|channels|dfpc)/ }))) < longest / 2,
      ],
      [
        'between 280 and 3,000 in the mean',
        ...range(meansOf(ranks)).map((rank) => Number(rank.toPrecision(2))),
      ],
      ['3,582 weights have as many directions', kept],
      ['Whole channels keep 3,240', cell(speeds, { method: 'channels-l1' }, 'kept')],
      ['leaves the network as large as it was', column(whole, work).every((left) => left === 1)],
      ['and as slow', Math.min(...column(whole, time)) > Math.max(...column(smaller, time))],
      [
        'a quarter of the multiplications goes',
        column(pick(smaller, { method: /^synflow/ }), work).every((left) => Math.round(4 * (1 - left)) === 1),
      ],
      ['Whole channels leave 3 % of them', 100 * cell(speeds, { method: 'channels-l1' }, work)],
      ['The time falls less', smaller.every((row) => row[time] > row[work])],
      ['Two thirds stand still', Math.round((3 * still) / runs) === 2],
      [
        'Those that move most are behind in the picture, GraSP and FORCE with their kin',
        range(column(most, 'points, mean of all'))[0] > range(column(less, 'points, mean of all'))[1] &&
          most.every(({ method }) => meanOf(pruned, String(method)) < Number(median(meansOf(pruned)))),
      ],
      ['forty epochs favour', epochs === 40],
      [
        'Of the nine pruners at the top none moves by more than a point and a half',
        atTop === 9 && moved <= 1.5,
      ],
      [
        'Within the ten methods of paths a larger trace and rank go with better accuracy, but no more than chance',
        ofPaths === 10 &&
          pick(taus, { number: /^(Tr Π|effective rank)$/ }).every(
            ({ 'those of paths': tau }) => Number(tau) > 0 && Number(tau) < chanceOfPaths,
          ),
      ],
      ['among the sixteen others', ofOthers === 16],
      ['go with worse (−0.52)', cell(taus, { number: 'path length' }, 'the others')],
      ['prunes ResNet-20 on CIFAR-10 to a twentieth', papers.every(({ prune }) => prune?.density === 1 / 20)],
      ['trains 160 epochs with SGD', ...new Set(papers.flatMap(({ train }) => train?.epochs ?? []))],
      ["At 3 % of a small network's weights, after 40 epochs", (100 * kept) / size, epochs],
      ['no score beats a random mask', noneBetter],
      [
        'before training do not rank the methods',
        column(taus, 'all methods').every((tau) => Math.abs(tau) < chance),
      ],
      ['within their layers train no worse', shuffled.every((accuracy, i) => accuracy >= asTheyAre[i])],
    ];
  },
  CONFIDENCE,
);

testClaims(
  'solutions/23-all-methods',
  ({ rows, series, printed }) => {
    const [common, times] = ['Jaccard index', 'times that'];
    const pairs = rows('two random masks');
    const [alike] = pick(pairs, { one: 'synflow', other: 'synflow-l2' });
    const timesOf = (other: string) => column(pick(pairs, { one: /^synflow/, other }), times).map(Math.round);

    const gates = rows('15 epochs of');
    const gained = (method: string, name: string) => {
      const [shuffled, before] = ['shuffle', 'as it is'].map((gate) =>
        column(pick(gates, { method, gate }), name),
      );
      return shuffled.map((value, i) => value - before[i]);
    };
    const tens = ['synflow', 'snip'].flatMap((method) => gained(method, 'log₁₀ Tr Π'));
    const points = (method: string) => gained(method, 'accuracy, %').map(Math.round);

    const three = ['synflow-l2', 'random', 'channels-l1'];
    const denser = panelColumn(series('density 0.1'), 'accuracy, %');
    const [l2, ...others] = three.map((method) => pick(denser, { method })[0]);
    const main = storedNotebook('23-all-methods');
    const [l2Before, ...othersBefore] = three.map((method) =>
      meanOf(panelColumn(main.series('All methods'), 'accuracy, %'), method),
    );
    const [epochsBefore, , , , startsBefore] = scheduleOf(main.printed);

    return [
      ['SynFlow and SynFlow-L2 have most in common', alike[common] === Math.max(...column(pairs, common))],
      ['most in common, 0.3,', Number(alike[common])],
      ['seven times what their layer densities give', Math.round(Number(alike[times])) === 7],
      ['The tree shares four and nine times as much', `${timesOf('mst')}` === '4,9'],
      ['the walk about twice', `${timesOf('phew')}` === '2,2'],
      ['0.97 to 1.1 times', ...range(column(pick(pairs, { one: 'random/erk' }), times))],
      ['fall to about a tenth and less', tens.every((change) => 10 ** change < 0.11)],
      ["SynFlow's is higher by one to two points", `${points('synflow')}` === '1,2'],
      ["SNIP's by eight and twelve", `${points('snip')}` === '8,12'],
      ['after 15 epochs', ...printed(/density 0.03, (\d+) epochs/)],
      [
        'all six are within four points',
        denser.length === 6 && range(meansOf(denser))[1] - range(meansOf(denser))[0] <= 4,
      ],
      [
        'Random pruning and whole channels are ahead of SynFlow-L2',
        others.every(({ mean }) => mean > l2.mean),
      ],
      ['which was ahead of both', othersBefore.every((mean) => mean < l2Before)],
      ['both at a density of 0.03', ...printed(/density ([\d.]+); two random/)],
      ['do not overlap with its', others.every(({ low }) => low > l2.high)],
      [
        '(80.0 to 80.4 % against 80.7 to 81.9 and 81.6 to 82.5)',
        ...[l2, ...others].flatMap(({ low, high }) => [low, high]),
      ],
      ['after 40 epochs', epochsBefore],
      ['from three starts', startsBefore === 3],
    ];
  },
  CONFIDENCE,
);

import { max, mean, min } from 'd3-array';
import { epochsOfRuns, finalAccuracies, trainings } from '../../experiment/query';
import { loadSweep, planSweep } from '../../experiment/sweep';
import { column, numbersIn, pick, type Row, range, type Series, storedNotebook, yAt } from './storedNotebook';
import { testClaims } from './testClaims';

const NAME = '08-does-the-trace-predict-training';
const { rows, series, printed } = storedNotebook(NAME);
const networks = ['fc-100', 'fc-200'];
const [length, steps, seeds] = printed(/(\d+) epochs of [\d,]+ images \(([\d,]+) steps\).* (\d+) seeds/);

const overTime = pick(series('Trace before training and test accuracy'), { name: /compression/ });
const compressions = overTime.map(({ name }) => numbersIn(name).at(-1) ?? 0);
const [low, ten, high, hundred] = compressions;
const at = (lines: readonly Series[], epoch: number) => lines.map((line) => yAt(line, epoch));

/** The runs of each cell that have a path, in the order of `overTime`; traces as logarithms to base ten. */
const cells = networks.flatMap((network) => {
  const runs = series(`accuracy after, ${network}`).flatMap(({ name: method, x, y, hover }) =>
    y.map((accuracy, i) => ({
      method,
      accuracy,
      trace: Number(x[i]),
      kept: numbersIn(hover[i]).at(-1) ?? 0,
    })),
  );
  const sizes = [...new Set(runs.map(({ kept }) => kept))].sort((a, b) => b - a);
  return sizes.map((size) => runs.filter(({ kept }) => kept === size));
});
type Cell = (typeof cells)[number];
type Value = 'trace' | 'accuracy';
const [, cell10, cell31, cell100] = cells;
const meanOf = (cell: Cell, method: string, value: Value) =>
  Number(mean(pick(cell, { method }), (run) => run[value]));
/** The methods of a cell from the smallest mean to the largest. */
const order = (cell: Cell, value: Value) => {
  const methods = [...new Set(cell.map(({ method }) => method))];
  return methods.sort((a, b) => meanOf(cell, a, value) - meanOf(cell, b, value));
};
const isGuessing = cells.map((cell) => meanOf(cell, order(cell, 'accuracy')[0], 'accuracy') < 0.2);
const guessing = overTime.filter((_, i) => isGuessing[i]);
const gentle = overTime.filter((_, i) => compressions[i] <= ten);
const gentleCells = cells.filter((_, i) => compressions[i] <= ten);
const [largeHigh] = pick(overTime, { name: /fc-200.* 31/ });

/** Plain correlation and interval below the title of each network's figure, then those with the weights taken out. */
const below = (title: string) =>
  networks.map((network) =>
    numbersIn(series(new RegExp(`${title}.*${network}`))[0].title.split('Spearman')[1]),
  );
const [ofAccuracy, ofSpeed] = ['accuracy after', 'epochs to a loss'].map(below);
const nth = (lists: readonly number[][], place: number) => lists.map((list) => list[place]);

const tables = networks.map((network) => rows(`interval over seeds and methods), ${network}`));
const intervals = (table: readonly Row[], name: string) => table.map((row) => numbersIn(`${row[name]}`));
/** In each network, a predictor's correlation and its interval. */
const predicting = (outcome: string, predictor: string | RegExp, name = 'plain') =>
  tables.map((table) => intervals(pick(table, { outcome, predictor }), name));
const [weights, traces, controlled] = [
  predicting('accuracy', 'weights kept'),
  predicting('accuracy', 'Tr Π'),
  predicting('accuracy', 'Tr Π', 'weights kept taken out'),
].map((found) => found.flat());
const withoutOne = rows('without one of the methods');
const withoutRandom = networks.map((network) => {
  const name = `${network}, fashion-mnist: taken out`;
  const [[random]] = intervals(pick(withoutOne, { 'left out': 'random' }), name);
  return { random, all: nth(intervals(withoutOne, name), 0) };
});
/** Whether what intervals have in common is nearly all of the narrowest. */
const overlap = (found: readonly number[][]) =>
  Number(min(nth(found, 2))) - Number(max(nth(found, 1))) >
  0.85 * Number(min(found, ([, from, to]) => to - from));

const means = pick(series('Test accuracy over training'), { hover: /mean of/ });
const learned = (name: string | RegExp, epoch: number) => at(pick(means, { name }), epoch);
const together = /^(random|snip|synflow|synflow-l2)$/;
const behind = /^(grasp|synflow(-l2)?-dist)$/;
const gains = column(rows('Test accuracy of the last'), 'gain of accuracy, mean (points)');
const [meanRank, standardError] = printed(/mean r = (\S+), standard error (\S+)/);

// Which runs are at a plateau, and all epochs of a cell, stand in the records alone.
void loadSweep('prediction').then(async (sweep) => {
  const hashes = planSweep(sweep, 'laptop').runs.map(({ hash }) => hash);
  const resting = (await trainings({ hashes })).filter(({ plateau }) => plateau).map(({ hash }) => hash);
  const failed = (await finalAccuracies({ hashes: resting }))
    .filter(({ model, density }) => model === 'fc-100' && Math.round(1 / density) === hundred)
    .filter(({ method }) => /^(magnitude|random|grasp)$/.test(method))
    .map(({ testTop1 }) => 100 * Number(testTop1))
    .sort((a, b) => a - b);
  const cellEpochs = (await epochsOfRuns(['testTop1'], { hashes })).filter(
    ({ model, density }) => model === 'fc-100' && Math.round(1 / density) === ten,
  );

  testClaims(NAME, () => [
    ['A larger trace before training goes with faster training', nth(ofSpeed, 2).every((r) => r < 0)],
    ['Of eight cells', overTime.length === 8],
    ['8 methods and 4 seeds each', order(cell10, 'trace').length, seeds],
    ['a rank correlation of 0.59 to 0.90', ...range(at(overTime, 2))],
    ['After 40 epochs (1,280 steps) it is 0.88 to 0.94', length, steps, ...range(at(guessing, length))],
    [
      'where some methods end near a guess, FC-100',
      /^fc-100.* 31.*fc-100.* 100.*fc-200.* 100$/.test(guessing.map(({ name }) => name).join()) &&
        guessing.length === 3,
    ],
    [
      'at compressions 31.6 and 100 and FC-200 at 100, 0.28 in FC-200 at 31.6, and',
      ...[high, hundred, hundred, ...at([largeHigh], length), high],
    ],
    ['between 0.00 and 0.16 at 3.16 and 10', ...range(at(gentle, length)), low, ten],

    ['(0.22 in FC-100, 0.11 in FC-200)', ...nth(ofAccuracy, 3)],
    ['both intervals hold 0', ofAccuracy.every(([, , , , from, to]) => from < 0 && to > 0)],
    [
      "a trace four powers of ten below SynFlow's",
      Math.round(meanOf(cell10, 'synflow', 'trace') - meanOf(cell10, 'random', 'trace')) === 4,
    ],
    ['at 0.82 and 0.81', meanOf(cell10, 'random', 'accuracy'), meanOf(cell10, 'synflow', 'accuracy')],

    ['In all cells the trace first tells who is ahead', at(overTime, 1).every((r) => r > 0.6)],
    ['At compressions 3.16 and 10 this is over after 40 epochs', low, ten, length],
    ['this is over after 40 epochs, in both networks', at(gentle, length).every((r) => r < 0.2)],
    [
      'At 31.6 it has fallen to 0.28 in FC-200 and stays at 0.88 in FC-100',
      ...[high, ...at([largeHigh], length), ...at([overTime[2]], length)],
    ],
    ['no path left in three of four seeds', pick(cell31, { method: 'magnitude' }).length === seeds - 3],
    ['random pruning ends at 0.54', meanOf(cell31, 'random', 'accuracy')],
    [
      'At 100 it is 0.94 in FC-100, where 8 of 32 runs have no path, and 0.93 in FC-200',
      ...[hundred, ...at([overTime[3]], length), cell10.length - cell100.length, cell10.length],
      ...at([overTime[7]], length),
    ],
    ['in FC-200, where all have one', cells[7].length === cell10.length],

    ['SynFlow and SynFlow-L2 are at 0.67', ...learned('synflow', 2)],
    [
      'After two epochs SynFlow and SynFlow-L2 are at',
      learned('synflow-l2', 2)[0].toFixed(2) === learned('synflow', 2)[0].toFixed(2),
    ],
    ['and random pruning, with the smallest trace, at 0.34', ...learned('random', 2)],
    ['random pruning, with the smallest trace, at', order(cell10, 'trace')[0] === 'random'],
    [
      'random pruning (0.818), SynFlow (0.814), SynFlow-L2 (0.811) and SNIP (0.809)',
      ...['random', 'synflow', 'synflow-l2', 'snip'].flatMap((name) => learned(name, length)),
    ],
    [
      'lie within a point',
      Number(max(learned(together, length))) - Number(min(learned(together, length))) < 0.01,
    ],
    [
      'whose traces are a little smaller than theirs',
      ['synflow', 'synflow-l2']
        .map((method) => meanOf(cell10, method, 'trace') - meanOf(cell10, `${method}-dist`, 'trace'))
        .every((lost) => lost > 0 && lost < 0.15),
    ],
    ['behind with GraSP, at 0.77 to 0.78', ...range(learned(behind, length))],

    ['24 of 256, and 12 of these', ...printed(/plateau in (\d+) of (\d+)/), failed.length],
    ['of which eleven are', failed.filter((percent) => percent < 20).length === 11],
    ['at 10 to 18 % and one at 32', failed[0], ...failed.slice(-2)],
    ['it gains 0.08 to 0.73 points in the mean of a cell', ...range(gains)],

    [
      '−0.92 and −0.91, and with the weights taken out −0.77 and −0.72',
      ...nth(ofSpeed, 0),
      ...nth(ofSpeed, 3),
    ],
    ['This is what the trace tells best', ofSpeed.every(([r], i) => -r > ofAccuracy[i][0])],
    ['both intervals well below 0', nth(ofSpeed, 5).every((r) => r < -0.4)],
    [
      'the intervals of trace and path norms overlap nearly whole',
      ['plain', 'weights kept taken out'].every((name) =>
        ['accuracy', 'epochs'].every((outcome) => predicting(outcome, /^(Tr|Σ)/, name).every(overlap)),
      ),
    ],
    ['does at least as well (0.86 and 0.78)', ...nth(weights, 0)],
    ['does at least as well', weights.every(([r], i) => r >= traces[i][0])],
    ['0.37 (0.07 to 0.79) in FC-100, 0.11 (−0.40 to 0.79) in FC-200', ...controlled.flat()],
    [
      'For speed the trace says more than the weights do',
      predicting('epochs', /^(Tr|weights)/).every(([[r], [ofWeights]]) => r < ofWeights),
    ],

    ['Hardly: 0.08', meanRank],
    ['with a standard error as large', standardError >= meanRank],
    [
      'Of the methods, random pruning matters most',
      withoutRandom.every(({ random, all }, i) =>
        all.every((r) => Math.abs(r - controlled[i][0]) <= Math.abs(random - controlled[i][0])),
      ),
    ],
    [
      'without it 0.62 and 0.63 are left with the weights taken out, with it 0.37 and 0.11',
      ...withoutRandom.map(({ random }) => random),
      ...nth(controlled, 0),
    ],

    ['(−0.92 and −0.91 over all compressions; −0.77 and −0.72', ...nth(ofSpeed, 0), ...nth(ofSpeed, 3)],
    ['After 40 epochs nothing of it is left at compressions 3.16 and 10', length, low, ten],
    [
      'with the smallest trace, is among the best',
      gentleCells.every(
        (cell) =>
          order(cell, 'trace')[0] === 'random' && order(cell, 'accuracy').slice(-2).includes('random'),
      ),
    ],
    ['and 0.28 in FC-200 at 31.6. Where', ...at([largeHigh], length), high],
    ['it stays (0.88 to 0.94)', ...range(at(guessing, length))],
    ['one would have found 0.40 to 0.95 in every cell', ...range(at(overTime, 5))],
  ]);

  testClaims(`solutions/${NAME}`, (solved) => {
    const family = column(pick(solved.rows(''), { over: /compression/ }), 'Spearman');
    const twinsBehind = (cell: Cell, value: Value) => {
      const [first, second] = order(cell, value).filter((method) => method.startsWith('synflow'));
      return first.endsWith('-dist') && second.endsWith('-dist');
    };
    const reached = (method: string, epoch: number) =>
      Number(mean(pick(cellEpochs, { method, epoch }), ({ testTop1 }) => Number(testTop1)));
    const lead = Array.from({ length }, (_, i) => reached('random', i + 1) - reached('synflow', i + 1));
    const first = lead.findIndex((points) => points > 0);
    return [
      ['0.92 in FC-100', ...column(pick(solved.rows(''), { over: /^fc-100, fashion-mnist$/ }), 'Spearman')],
      ['a family matter in every cell, 0.63 to 0.89', ...range(family)],
      [
        'both the larger trace and the better accuracy',
        cells.every((cell) => twinsBehind(cell, 'trace') && twinsBehind(cell, 'accuracy')),
      ],
      [
        'Random pruning, with the smallest trace, first passes SynFlow, with the largest',
        order(cell10, 'trace').join().startsWith('random') && order(cell10, 'trace').at(-1) === 'synflow',
      ],
      ['after 33 of 40 epochs', first + 1, length],
      [
        'ahead in all but one of the epochs from there on',
        lead.slice(first).filter((points) => points < 0).length === 1,
      ],
      ['by 1.3 points at most', 100 * Number(max(lead))],
      ['after ten would have seen it four points behind', Math.round(-100 * lead[9]) === 4],
    ];
  });
});

import { falls, overlap } from './compare';
import { settings, stepsOf } from './settings';
import { cell, column, pick, type Row, range, storedNotebook, yAt } from './storedNotebook';
import { testClaims } from './testClaims';

const NAME = '22-freezing-and-reduced-training';
const STARTS = ['start 1', 'start 2', 'start 3'];

const startsOf = (all: readonly Row[], where: Parameters<typeof pick>[1]) =>
  STARTS.map((start) => cell(all, where, start));

testClaims(NAME, ({ code, rows, series }) => {
  const setting = (pattern: RegExp) => settings(code, pattern)[0];
  const [images, epochs] = [/laptop: { train: (\d+)/, / epochs = .*?laptop: (\d+)/].map(setting);
  const stepsALevel = stepsOf(images, setting(/rewind\] = .*?laptop: \[\d+, (\d+)/));
  const width = setting(/smaller = { width: (\d+)/);
  const [inputs, ...units] = [
    /graphBuilder\(\[(\d+)/,
    ...[1, 2, 3].map((layer) => new RegExp(`'dense${layer}'.*units: (\\d+)`)),
  ].map(setting);

  const share = (name: string) => pick(series('The Path Kernel trace of what is trained'), { name })[0];
  const overOwn = (name: string) => share(name).x.map((density, i) => share(name).y[i] / Number(density));
  /** How many times the trace of the pruned network the frozen one has, from the fewest weights on. */
  const gains = ['snip', 'magnitude', 'random'].map((method) => {
    const [frozen, pruned] = ['frozen', 'pruned'].map((how) => share(`${method}/${how}`));
    return pruned.x.map((density, i) => yAt(frozen, Number(density)) / pruned.y[i]);
  });
  const [snip] = gains;
  const [ofRandom, ofSnip] = ['random/frozen', 'snip/frozen'].map(overOwn);

  const gaps = rows('Test accuracy after 20 epochs, mean');
  const hundredth = 0.01;
  const few = gaps.filter(({ density }) => Number(density) <= hundredth);
  const many = gaps.filter(({ density }) => Number(density) > hundredth);
  const isNone = column(many, 'from').every((low, i) => low < 0 && column(many, 'to')[i] > 0);
  /** The last of a figure's series of a name is the mean of the starts. */
  const meansOf = (title: string, name: string) => pick(series(title), { name }).slice(-1)[0];
  const [frozen, pruned] = ['frozen', 'pruned'].map((name) => meansOf('Frozen and pruned: test', name));
  const [lowest] = frozen.x.map(Number);
  const gap = yAt(frozen, hundredth) - yAt(pruned, hundredth);
  const low = cell(gaps, { density: hundredth }, 'from');

  const [retrained, ...controls] = ['retrain', 'shuffle', 'reinitialise'].map((name) =>
    meansOf('Winning tickets', name),
  );
  const losses = controls.map(({ y }) => y.map((accuracy, level) => retrained.y[level] - accuracy));
  const last = rows('Test accuracy at density 0.0156');
  const ofRetrained = startsOf(last, { branch: 'retrain' });

  const modes = series('Modes of early gradients');
  const constants = rows(/^$/).filter(({ modes }) => modes !== undefined);
  const ratios = column(constants, 'constant, leverage').map(
    (constant, i) => constant / column(constants, 'constant, DEIM')[i],
  );

  const outcomes = rows('Test accuracy at density 0.03 of every layer');
  const means = (method: RegExp) => column(pick(outcomes, { method }), 'mean');
  const early = means(/^(deim|gradient-magnitude)/);
  const [byKernel, atFirst, chance] = [/^path-deim/, /^magnitude/, /^random/].map(
    (method) => means(method)[0],
  );
  const spreads = outcomes.map(({ method }) => range(startsOf(outcomes, { method })));
  const wins = STARTS.filter(
    (start) => cell(outcomes, { method: 'path-deim' }, start) === Math.max(...column(outcomes, start)),
  );

  return [
    ['the more so the fewer they are', gains.every((gain) => falls(gain) && Math.min(...gain) > 1)],
    ['After 20 epochs (640 steps)', epochs, stepsOf(images, epochs)],
    ['one weight in a hundred or fewer is trained', column(few, 'from').every((from) => from > 0)],
    ['and no better where more are', isNone],

    ['two outputs, all 72 paths', units.reduce((paths, unit) => paths * unit, inputs)],
    [
      'about as large a share of the trace as of the weights',
      ofRandom.every((ratio) => Math.abs(ratio - 1) < 0.03),
    ],
    ["SNIP's has more than that", ofSnip.every((ratio, i) => ratio > ofRandom[i])],
    ['three times as much at the lowest density', Math.round(ofSnip[0]) === 3],

    ['(0.14 right in the mean)', yAt(pruned, lowest)],
    ['a good deal more (0.57)', yAt(frozen, lowest)],
    // The upper end is as far from the mean as the lower one, of which the table has a digit more.
    ['ahead by 0.11 (0.10 to 0.12)', gap, low, 2 * gap - low],
    [
      'within a hundredth of each other',
      column(many, 'frozen − pruned').every((own) => Math.abs(own) < hundredth),
    ],
    ['the intervals of the difference hold 0', isNone],
    [
      'the more of it pruning leaves, the less freezing adds',
      falls(snip) &&
        falls(frozen.x.map((density) => yAt(frozen, Number(density)) - yAt(pruned, Number(density)))),
    ],
    [
      'have one and a half hundredths of the dense trace',
      Math.round(200 * yAt(share('snip/pruned'), 0.1)) === 3 && yAt(pruned, 0.1) >= yAt(frozen, 0.1),
    ],
    ['eight times as much', Math.round(snip[share('snip/pruned').x.indexOf(0.1)]) === 8],

    ['in the mean the best at every level', losses.flat().every((loss) => loss > 0)],
    ['Shuffled they lose 0.15', losses[0][1]],
    ['with other weights 0.09', losses[1][1]],
    ['at the last both lose 0.10', losses[0][0]],
    ['both lose 0.10 in the mean', losses[1][0]],
    [
      'whose ranges overlap there',
      ['shuffle', 'reinitialise'].every((branch) => overlap(startsOf(last, { branch }), ofRetrained)),
    ],
    ['25,000 weights', 1000 * Math.round((28 * 28 * width + width ** 2 + 10 * width) / 1000)],
    ['eight epochs (256 steps)', stepsALevel],

    ['the tenth has a sixth of the first', Math.round(1 / yAt(pick(modes, { name: 'dense4' })[0], 10)) === 6],
    ['they weigh less and less', modes.every(({ y }) => falls(y))],
    ['by the constant 2 to 16 times', ...range(ratios)],
    ['end after 640 steps', stepsOf(images, epochs)],
    ['(0.47 to 0.53 against 0.65 and 0.62)', ...range(early), atFirst, chance],
    ['the best of the six on the mean (0.70)', byKernel],
    ['the best of the six', byKernel === Math.max(...column(outcomes, 'mean')) && outcomes.length === 6],
    ['in two of the three starts', wins.length === 2],
    ['differ by up to 0.25', Math.max(...spreads.map(([least, most]) => most - least))],

    [
      'at least about their own share',
      ['snip', 'magnitude', 'random'].every((method) => Math.min(...overOwn(`${method}/frozen`)) > 0.99),
    ],
    ['makes, in the mean, worse masks than chance', Math.max(...early) < chance],
    ["the order by the Path Kernel's eigenvectors makes better ones", byKernel > chance],
    [
      '(0.005 in place of 0.05)',
      ...column(storedNotebook(`solutions/${NAME}`).rows('singular values above'), 'learning rate').reverse(),
    ],
  ];
});

testClaims(`solutions/${NAME}`, ({ code, rows }) => {
  const freezing = rows(/^$/).filter(({ trained }) => trained !== undefined);
  const [share, kept] = ['share of the trace', 'accuracy'].map((name) =>
    cell(freezing, { trained: 'what it keeps' }, name),
  );
  const density = Number(/densities = .*?laptop: \[[^\]]*?([\d.]+)\]/.exec(code.join('\n'))?.[1]);
  const tickets = rows(/^$/).filter(({ name }) => name !== undefined);
  const [later, atFirst, largest] = [/^as in/, /^rewound/, /^largest/].map((name) =>
    startsOf(tickets, { name }),
  );
  const modes = rows('singular values above');

  return [
    ['At the lowest density (0.003)', density],
    ['three times its share of the trace', Math.round(share / density) === 3],
    ['a hundredth, and trains to', Math.round(100 * share) === 1],
    ['trains to 0.53; the', kept],
    ['the others train to 0.84', cell(freezing, { trained: 'the others' }, 'accuracy')],
    ['the accuracies are the same to the digit', largest.join() === later.join()],
    ['the last level is *better*', atFirst.every((accuracy, i) => accuracy > later[i])],
    ['(0.43 to 0.52 against 0.31 to 0.49)', ...range(atFirst), ...range(later)],
    ['(0.005 in place of 0.05)', ...column(modes, 'learning rate').reverse()],
    [
      'in the last layer some modes fall below',
      cell(modes, { 'learning rate': 0.005 }, 'dense4') < cell(modes, { 'learning rate': 0.05 }, 'dense4'),
    ],
  ];
});

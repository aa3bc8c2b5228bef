import { mean, sum } from 'd3-array';
import { outputMean } from '../../train/quantities/outputs';
import { settings } from './settings';
import { cell, column, numbersIn, pick, type Row, range, storedNotebook, yAt } from './storedNotebook';
import { testClaims } from './testClaims';

const [START, END, TEST] = ['log₁₀ Tr Π at the start', 'at the end', 'test accuracy'];
const BOTH = ['grasp', 'grasp/as-published'];
const SAME = ['synflow', 'synflow/as-published'];
const [A, B, C] = ['synflow-l2', 'synflow-l2/px', 'synflow-l2/as-published'];

function span(values: readonly number[]): number {
  const [low, high] = range(values);
  return high - low;
}

/** Whether the first is a number of times the second, both as powers of ten, rounded to a whole one. */
function isTimes(first: number, times: number, second: number): boolean {
  return Math.round(10 ** (first - second)) === times;
}

testClaims('10-as-published', ({ prose, rows, series, printed, code }) => {
  const verdicts = [...prose.join('\n').matchAll(/^\|.*\| (order|level|nothing)\b.* \|$/gm)];
  const orders = verdicts.filter(([, verdict]) => verdict === 'order').length;
  const steps = printed(/^30 to 40 epochs.* \((\d+) to (\d+) steps\).* 2 seeds/m);

  const traces = rows(/^log₁₀ Tr Π$/);
  const [plain, published, training] = ['weights', 'as-published', 'as-published-training'].map(
    (convention) =>
      ['fc', 'fc, PyTorch’s start', 'resnet20'].map((network) => cell(traces, { convention }, network)),
  );
  const [tenths, hundredths] = [10, 100].map((compression) => pick(traces, { compression }));
  const connected = series('Path-Kernel trace, fc-100');
  const [right, wrong] = BOTH.map((name) => pick(connected, { name })[0].y);

  /** The test accuracies of both seeds, the lower first. */
  const accuracies = (mode: string, name: string, epoch: number) => {
    const [band] = pick(series(`batch norm in ${mode} mode`), { name });
    return range(band.y.filter((_, i) => band.x[i] === epoch));
  };
  const inModes = (name: string, epoch: number) =>
    ['training', 'inference'].map((mode) => accuracies(mode, name, epoch));
  const accuracy = (mode: string, name: string, epoch: number) => Number(mean(accuracies(mode, name, epoch)));
  const madeUp = ['grasp', 'snip'].map((name) => {
    const [early, late] = [6, 30].map((epoch) => inModes(name, epoch).map((pair) => Number(mean(pair))));
    return 1 - (late[0] - late[1]) / (early[0] - early[1]);
  });
  const wrongAtEnd = accuracies('training', 'grasp/as-published', 30);
  const others = [
    accuracies('inference', 'grasp/as-published', 30),
    inModes('grasp', 30),
    inModes('snip', 30),
  ];

  const [ours, pytorch, resnet] = ['fc-100, fashion-mnist, 40', 'pytorch', 'resnet20'].map((network) =>
    rows(new RegExp(`^Means over seeds, .*${network}`)),
  );
  const at = (table: readonly Row[], method: string, moment: string) => cell(table, { method }, moment);
  const variants = (table: readonly Row[], name: string) =>
    span(column(pick(table, { method: /^synflow-l2/ }), name));
  const isSame = (table: readonly Row[]) =>
    [START, END, 'loss', TEST].every((name) => at(table, SAME[0], name) === at(table, SAME[1], name));
  const densities = (name: string) => pick(series('Density of each layer'), { name });
  const [flat] = densities(A);
  const crosses = densities(B)[1].x;

  /** By which part biases make the traces of methods larger. */
  const added = (network: string, method: string | RegExp, moment: string) => {
    const own = pick(rows(new RegExp(`^log₁₀ Tr Π, means over seeds, .*${network}`)), { method });
    const weights = column(own, `weights, ${moment}`);
    return column(own, `as published, ${moment}`).map((log, i) => 10 ** (log - weights[i]) - 1);
  };
  const inOurs = (method: string | RegExp) =>
    ['start', 'end'].flatMap((moment) => added('fc-100, fashion-mnist, 40', method, moment));
  const [least, most] = range(added('pytorch', /./, 'end'));
  const agreement = (network: RegExp) =>
    ['at the start', END].map((moment) => cell(rows('two traces over methods'), { network }, moment));

  const [byWeights, inTraining] = ['weights', 'as published'].map((convention) => (name: string) => {
    const [, means] = pick(series(`Path-Kernel trace over training, ${convention}`), { name }); // after the bands
    return means.y;
  });
  const curves = resnet.map(({ method }) => inTraining(`${method}`));
  const epochs = inTraining(A).map((_, epoch) => epoch);
  const begin = resnet.map(({ method }) => byWeights(`${method}`)[0]);

  const movement = rows('‖θₜ − θ₀‖ over methods');
  const drops = rows('Runs dropped at a threshold of 1');
  const then = (runs: RegExp) => column(pick(drops, { runs }), 'dropped after 6 epochs');
  const isDropped = (runs: RegExp) => `${then(runs)}` === `${column(pick(drops, { runs }), 'how many')}`;

  return [
    ['in eleven places', verdicts.length === 11],
    ['half of them move the level', Math.round((10 * orders) / verdicts.length) === 5],
    ["GraSP's sign, batch norm's mode in the gradients of SNIP and GraSP, the published start", orders === 5],
    ['(640 and 480 steps)', steps[1], steps[0]],
    ['counts: 5.60 for 5.59', published[0], plain[0]],
    ['begins four powers of ten lower', Math.round(plain[0] - plain[1]) === 4],
    ['lower, at 1.72; there the biases make 1.88 of it', plain[1], published[1]],
    ['takes nearly eight powers of ten away', Math.round(published[2] - training[2]) === 8],
    ['more than eleven powers of ten apart', span(column(hundredths, 'He, weights')) > 11],
    ['lie between 1.00 and 1.07', ...range(column(hundredths, 'PyTorch, as-published'))],
    [
      'which has no path left',
      cell(hundredths, { method: 'grasp' }, 'PyTorch, weights') === Number.NEGATIVE_INFINITY,
    ],
    ['10 they lie between 1.03 and 1.26', 10, ...range(column(tenths, 'PyTorch, as-published'))],
    ['keeps less of the trace at every density', right.every((log, i) => wrong[i] < log)],
    ['a thirteenth of what', isTimes(at(ours, BOTH[0], START), 13, at(ours, BOTH[1], START))],
    ['(2.70 and 1.59 in powers', ...BOTH.map((method) => at(ours, method, START))],
    ['at 0.62 and 0.71 (two seeds) in training mode and at 0.19 and 0.25', ...inModes('grasp', 6).flat()],
    ['SNIP at 0.67 and 0.67 against 0.59 and 0.62', ...inModes('snip', 6).flat()],
    ['nearly all of it is made up for with GraSP', madeUp[0] > 0.9 && madeUp[0] < 1],
    ['almost half with SNIP', madeUp[1] > 0.4 && madeUp[1] < 0.5],
    ['0.76 and 0.78 against 0.68 and 0.78 for GraSP', ...inModes('grasp', 30).flat()],
    ['0.79 and 0.80 against 0.74 and 0.78 for SNIP', ...inModes('snip', 30).flat()],
    [
      'the right one is ahead after six epochs',
      accuracy('training', BOTH[0], 6) > accuracy('training', BOTH[1], 6),
    ],
    ['the wrong one after 30: 0.81 and 0.82', 30, ...wrongAtEnd],
    ['the highest of the six', wrongAtEnd[0] > Math.max(...others.flat(2))],
    ['they end level (0.731 and 0.729)', ...BOTH.map((method) => accuracy('inference', method, 30))],
    ['(0.729 against 0.770)', accuracy('inference', BOTH[1], 30), accuracy('training', BOTH[0], 30)],
    ['at 0.789, the right one at 0.755', at(ours, BOTH[1], TEST), at(ours, BOTH[0], TEST)],
    ['are within a quarter of each other', 10 ** variants(ours, START) < 1.25],
    ['b begins with a third of a', isTimes(at(pytorch, A, START), 3, at(pytorch, B, START))],
    [
      'c begins with a third of what a and b begin with',
      [A, B].every((other) => isTimes(byWeights(other)[0], 3, byWeights(C)[0])),
    ],
    [
      'has four fifths of it after 30 epochs',
      [A, B].every((other) => isTimes(byWeights(C)[30] + Math.log10(5), 4, byWeights(other)[30])),
    ],
    ['lie within 1.3 points of each other', 100 * variants(ours, TEST)],
    ["within 4.6 from PyTorch's start", 100 * variants(pytorch, TEST)],
    ['within 2.4 in ResNet-20', 100 * variants(resnet, TEST)],
    ['two large convolutions of stage3/block1', `${crosses}` === 'stage3/block1/conv1,stage3/block1/conv2'],
    ['a nearly so', crosses.every((layer) => yAt(flat, layer) < 0.005)],
    [
      'the same numbers to the last digit',
      isSame(ours) && `${byWeights(SAME[0])}` === `${byWeights(SAME[1])}`,
    ],
    [
      'begin less than 0.01 powers of ten apart',
      span(SAME.map((method) => at(pytorch, method, START))) < 0.01 && !isSame(pytorch),
    ],
    ['a ends above SynFlow', at(pytorch, A, END) > at(pytorch, SAME[0], END)],
    ['SynFlow, c below it)', at(pytorch, C, END) < at(pytorch, SAME[0], END)],
    ['adds a few in a hundred', inOurs(/^synflow/).every((part) => part < 0.05)],
    ["a tenth to GraSP's, at", inOurs('grasp').every((part) => Math.round(10 * part) === 1)],
    ['it adds half at the beginning', Math.round(10 * inOurs(BOTH[1])[0]) === 5],
    ['less than a tenth at the end', inOurs(BOTH[1])[1] < 0.1],
    ['The order of the methods is the same', Math.min(...agreement(/100, fashion-mnist, 40/)) === 1],
    ['the trace is made of biases', Math.min(...added('pytorch', /./, 'start')) > 9],
    ['a quarter to a doubling', Math.round(4 * least) === 1 && Math.round(4 * most) === 4],
    ['the order agrees by 0.80 and 0.88', ...agreement(/pytorch/)],
    ['it agrees by no more than 0.38', Math.max(...agreement(/resnet20/))],
    ['the traces begin 4.7 powers of ten apart', span(begin)],
    ['rises fiftyfold', Math.round(10 ** (byWeights(SAME[0])[30] - byWeights(SAME[0])[0] - 1)) === 5],
    [
      'all lie within a factor of 3.2',
      10 ** Math.max(...epochs.map((epoch) => span(curves.map((log) => log[epoch])))),
    ],
    ['rises by a third', Math.round(3 * 10 ** (inTraining(SAME[0])[30] - inTraining(SAME[0])[0])) === 4],
    ['SNIP stands above all', curves.every((curve) => curve.every((log, i) => log <= inTraining('snip')[i]))],
    ['GraSP above SynFlow', inTraining('grasp').every((log, i) => log > inTraining(SAME[0])[i])],
    ['takes a few per cent off', Math.max(...printed(/from θ₁ runs move (\d+) to (\d+) % less far/)) < 10],
    ['hardly changes: 0.92 or more', Math.min(...column(movement, 'from θ₁ for θ₀'))],
    ['does change it', Math.max(...column(movement, 'and over ‖θ₁‖')) < 0.8],
    ['those for 64 test images', numbersIn(outputMean.meaning)[0]],
    ['the same by 0.95 or more', Math.min(...column(rows('after the last epoch'), 'norm of the outputs'))],
    ['After all epochs no run is dropped', Math.max(...column(drops, 'dropped after all')) === 0],
    ['12 of the 117 would be', sum(then(/./)), printed(/plateau in \d+ of (\d+) runs/)[2]],
    ['all those of random masks in FC-100', isDropped(/^random, fc-100/)],
    ['with 40 % of', 100 * cell(drops, { runs: /^random, fc-100/ }, 'accuracy then')],
    ['all of GraSP as published in FC-100', isDropped(/^grasp\/as-published, fc-100/)],
    ['In ResNet-20 none is', Math.max(...then(/resnet20/)) === 0],
    ['is at 32 % there', 100 * cell(drops, { runs: /^grasp\/as-published, resnet20/ }, 'accuracy then')],
    ['as many are kept', rows('Weights kept of').every((row) => row.exact === row['as published'])],
    ['none of the trainings but one', sum(printed(/plateau in (\d+) of/)) === 1],
    ['At a density of 0.8', ...settings(code, /const options = \{ density: ([\d.]+)/)],
  ];
});

testClaims('solutions/10-as-published', ({ rows, series, printed, code }) => {
  const all = storedNotebook('10-as-published');
  const passed = series('Runs that pass the filter');
  const thresholds = passed[0].x.filter((_, i) => passed.every(({ y }) => y[i] === 1)).map(Number);
  const atTwo = Object.fromEntries(passed.map((line) => [line.name, 1 - yAt(line, 2)]));
  const dropped = Object.values(atTwo);
  const layers = rows('Density of each layer');
  const [proper, other] = BOTH.map((method) => column(layers, method));
  const [first, last] = [0, layers.length - 1];
  const hundredths = pick(all.rows(/^log₁₀ Tr Π$/), { compression: 100 });

  return [
    ['None of the 117 runs', all.printed(/plateau in \d+ of (\d+) runs/)[2]],
    ['is dropped at a threshold of 1', thresholds.includes(1)],
    ['and 40 at', ...printed(/^(\d+)$/m)],
    ['All pass up to 1.4', Math.max(...thresholds)],
    [
      'a third of the runs of six of the twelve methods',
      dropped.filter((part) => Math.abs(part - 1 / 3) < 1e-9).length === 6 && dropped.length === 12,
    ],
    ['half of those of GraSP as published', atTwo['grasp/as-published'] === 1 / 2],
    ["two thirds of random's", Math.abs(atTwo.random - 2 / 3) < 1e-9],
    ["fewest of GraSP's", Math.min(...dropped) === atTwo.grasp],
    ['At a density of 0.8', ...settings(code, /const options = \{ density: ([\d.]+)/)],
    [
      'both keep most in the last layer and least in the first',
      [proper, other].every((kept) => `${range(kept)}` === `${[kept[first], kept[last]]}`),
    ],
    ['half as much again', Math.round((10 * proper[last]) / other[last]) === 15],
    ['(0.418 against 0.277)', proper[last], other[last]],
    ['They share no weight at a tenth', printed(/at a tenth they share ([\d.]+) of/)[0] === 0],
    ['every method is close to that floor', Math.max(...column(hundredths, 'PyTorch, as-published')) < 1.1],
  ];
});

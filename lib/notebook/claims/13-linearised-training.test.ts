import { rankCorrelation } from '../../base/rankCorrelation';
import { settings } from './settings';
import { cell, column, pick, range, type Series, storedNotebook } from './storedNotebook';
import { testClaims } from './testClaims';

/** The largest difference of two series, as a part of the second. */
function apart(one: readonly number[], other: readonly number[]): number {
  return range(one.map((value, i) => Math.abs(value / other[i] - 1)))[1];
}

function isFalling(values: readonly number[]): boolean {
  return values.slice(1).every((value, i) => value < values[i]);
}

testClaims(
  '13-linearised-training',
  ({ rows, series, code }) => {
    const losses = rows('Mean loss');
    const curves = series('Loss of networks, of their linearisations');
    const curve = (training: string, source: string) => pick(curves, { name: `${training}, ${source}` })[0];
    /** How far a network is from its linearisation, up to a step. */
    const leaves = (training: string, last: number) => {
      const [network, linearised] = ['network', 'linearised'].map((source) =>
        curve(training, source).y.filter((_, i) => Number(curve(training, source).x[i]) <= last),
      );
      return apart(network, linearised);
    };
    const trainings = ['dense', 'compression 10', 'compression 100'];
    const solved = trainings.map((training) =>
      apart(curve(training, 'linearised').y, curve(training, 'closed form').y),
    );
    const late = curve('dense', 'network').x.map((step) => Number(step) > 50);

    const paces = rows('Steps to a tenth of the first loss');
    const directions = (training: string) => cell(paces, { training }, 'λ above 1e-6 λ₁');
    const gaps = ['outputs', 'kernel', 'weights'].map(
      (name) => pick(series('How far training leads'), { name })[0],
    );
    const [outputs] = gaps;

    const [losing, right] = ['Training loss', 'Test accuracy'].map((title) =>
      series(`${title} on the signs of eigenfunctions`),
    );
    const order = ({ x, y }: Series) => rankCorrelation(x.map(Number), y);
    /** By how much the linearisation does better, a number a task. */
    const better = ['dense', 'compression 10'].flatMap((training) => {
      const [network, linearised] = ['network', 'linearised'].map(
        (source) => pick(right, { name: `${training}, ${source}` })[0].y,
      );
      return linearised.map((accuracy, i) => accuracy - network[i]);
    });
    const isBetter = better.filter((difference) => difference > 0).length;

    const alignments = rows('Alignment of the labels over the mean eigenvalue');
    const [before, after, accuracies] = ['before', 'after', 'test accuracy'].map((name) =>
      column(alignments, name),
    );
    const of = (method: string) => cell(alignments, { method }, 'before');
    const few = settings(code, /more = .*laptop: \{ train: (\d+), test: (\d+)/);

    return [
      [
        'agree in all digits shown',
        `${column(losses, 'closed form')}` === `${column(losses, 'linearised')}` && solved[0] < 1e-5,
      ],
      ['within ten per cent for fifty steps', leaves('dense', 50) < 0.1],
      [
        'and then learns more slowly than its linearisation',
        curve('dense', 'network').y.every((loss, i) => !late[i] || loss > curve('dense', 'linearised').y[i]),
      ],
      ['run through the circles', Math.max(...solved) < 1e-5],
      ['stay close to them for some fifty steps', leaves('dense', 50) < 0.1 && leaves('dense', 200) > 0.1],
      [
        'at compression 10 for some thirty',
        leaves('compression 10', 30) < 0.1 && leaves('compression 10', 50) > 0.1,
      ],
      ['and at 100 throughout', leaves('compression 100', 200) < 0.1],
      ['Pruning lowers all eigenvalues', isFalling(column(paces, 'λ₁'))],
      ['and spreads them', isFalling(column(paces, 'λ₁ / median λ').map((spread) => -spread))],
      [
        'At compression 100 six in ten of the outputs',
        Math.round(10 * (1 - directions('compression 100') / directions('dense'))) === 6,
      ],
      ['moves by a smaller part of itself the wider', gaps.every(({ y }) => isFalling(y))],
      [
        'At a width of 30 the outputs end off by a third',
        outputs.x[0] === 30 && Math.round(1 / outputs.y[0]) === 3,
      ],
      ['at 1000 by three hundredths', outputs.x[3] === 1000 && Math.round(100 * outputs.y[3]) === 3],
      [
        'the later the eigenfunction, the harder the task',
        losing.every((own) => order(own) > 0.9) && right.every((own) => order(own) < -0.9),
      ],
      ['on 15 of the 18 trainings', isBetter, better.length],
      ['and worse on one', better.filter((difference) => difference < 0).length === 1],
      ['Training turns every kernel toward the labels', after.every((own, i) => own > before[i])],
      ['suits the labels better than the dense one', Math.min(of('snip'), of('grasp')) > of('dense')],
      ['pruning at random one that suits them less', of('random') < of('dense')],
      ['does not order the accuracies after it', Math.abs(rankCorrelation(before, accuracies)) < 0.5],
      ['here it is 500 images of Fashion-MNIST', few[0] + few[1]],
      ['images of Fashion-MNIST and thirty epochs', settings(code, /rounds = .*laptop: (\d+)/)[0] === 30],
      ['agree with the trainer to single precision', Math.max(...solved) < 1e-5],
      ['and closer the wider it is', isFalling(outputs.y)],
      ['generalises better than the network', isBetter > better.length / 2],
    ];
  },
  { '60,000 images and three architectures': 'the size of CIFAR-10' },
);

testClaims('solutions/13-linearised-training', ({ series, code }) => {
  const rates = settings(code, /rates = \[([\d.]+), (\d+)\]/);
  const losses = (source: string) =>
    rates.map((rate) => pick(series('Rates above the limit'), { name: `${rate} n/λ₁, ${source}` })[0].y);
  /** By what the error is multiplied in the last step: the loss by its square. */
  const [first, second] = losses('closed form').map((own) => Math.sqrt(own[19] / own[18]));
  const usual = cell(storedNotebook('13-linearised-training').rows('Mean loss'), { step: 20 }, 'network');
  const [twenty, fifty, , twoHundred, fourHundred] = [20, 50, 100, 200, 400].map(
    (landmarks) => pick(series('Eigenvalues from landmarks'), { name: `${landmarks} landmarks` })[0].y,
  );
  const off = (values: readonly number[]) => range(values.map((value) => Math.abs(value - 1)))[1];
  const [dense, pruned] = ['dense', 'compression 10'].map(
    (name) => pick(series('Alignment of the tasks'), { name })[0].y,
  );
  const exchanges = dense.flatMap((own, i) =>
    dense.filter((other, j) => j > i && Math.sign(own - other) !== Math.sign(pruned[i] - pruned[j])),
  );

  return [
    ['At 2.2 the first factor', rates[0]],
    ['first eigenvector grows by a fifth a step', Math.round(5 * (first - 1)) === 1],
    ['at 4 it triples', Math.round(10 * second) === 30],
    ['at both rates its loss falls from the first step on', losses('network').every(isFalling)],
    ['after twenty steps it is lower than', losses('network').every((own) => own[19] < usual)],
    ['Twenty give the first eigenvalue to nine per cent', Math.round(100 * (twenty[0] - 1)) === 9],
    ['fifty only to sixteen', Math.round(100 * (fifty[0] - 1)) === 16],
    ['too large by up to a factor of three', Math.round(Math.max(...twenty, ...fifty)) === 3],
    ['the ten are within about a fifth', Math.round(10 * off(twoHundred)) === 2],
    ['with four hundred within about five per cent', Math.round(100 * off(fourHundred)) === 5],
    ['with one exchange of two', exchanges.length === 1],
    ['in the dense kernel, and faster', pruned.every((own, i) => i === 0 || own < dense[i])],
  ];
});

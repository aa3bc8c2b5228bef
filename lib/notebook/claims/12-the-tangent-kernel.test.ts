import { mean, sum } from 'd3-array';
import { fc, resnet20 } from '../../network';
import { countPaths } from '../../path';
import { settings, stepsOf } from './settings';
import { cell, column, pick, type Row, range } from './storedNotebook';
import { testClaims } from './testClaims';

const IMAGES = { input: [28, 28, 1], classes: 10 };

testClaims(
  '12-the-tangent-kernel',
  ({ rows, series, printed, code }) => {
    const [images, outputs, seconds] = printed(/is \[(\d+), (\d+), \d+, \d+\]: ([\d.]+) s/);
    const kernels = resnet20(IMAGES).parameters.filter(({ role }) => role === 'kernel');
    const weights = sum(kernels, ({ shape }) => shape.reduce((product, length) => product * length, 1));

    const [{ x: shown, z: kernel }] = series('between 20 images');
    /** How much a step on each image moves the others that match, on the mean. */
    const moved = (others: RegExp) =>
      kernel.map((row, i) => Number(mean(row.filter((_, j) => j !== i && others.test(`${shown[j]}`)))));
    const alike = /Coat|Dress|T-shirt|Pullover 10/;
    const [inside, outside] = [true, false].map((isInside) =>
      range(moved(alike).filter((_, i) => alike.test(`${shown[i]}`) === isInside)),
    );
    const classes = Array.from(new Set(shown.map((image) => `${image}`.replace(/ \d+$/, ''))));
    const byClass = classes.map((name) => {
      const toOthers = moved(new RegExp(`^(?!${name})`));
      return sum(toOthers.filter((_, i) => `${shown[i]}`.startsWith(name)));
    });

    const unnamed = rows(/^$/);
    const [all, centred] = column(pick(unnamed, { target: /labels/ }), 'α(y)');
    const power = (row: Row, name: string) => Number(`${row[name]}`.replace('10^', ''));
    const [resnet] = pick(unnamed, { network: /^resnet20/ });
    const most = pick(unnamed, { network: /(snip|synflow|synflow-l2) to/ });
    const leastTrace = range(most.map((row) => power(row, 'Tr Π')))[0];

    const bounds = series('and its bound (dotted)');
    const methods = ['random', 'magnitude', 'snip', 'synflow', 'synflow-l2'];
    const traces = methods.map((name) => pick(bounds, { name })[0].y);
    /** By how many powers of ten the bound is above, from the dense network on. */
    const gaps = methods.map((name, method) =>
      pick(bounds, { name: `${name}, bound` })[0].y.map((bound, i) => bound - traces[method][i]),
    );
    const [ofRandom, ...ofOthers] = gaps;

    const after = rows('The kernel after pruning');
    const overlap = 'overlap of 5 eigenvectors';
    const [snip, synflow, synflowL2, random] = ['snip', 'synflow', 'synflow-l2', 'random'].map((method) => ({
      overlap: cell(after, { method }, overlap),
      alignment: cell(after, { method }, 'α over dense'),
      largest: pick(series('fc-100 at 10 %'), { name: method })[0].y[0],
    }));
    const dense = pick(series('fc-100 at 10 %'), { name: 'dense' })[0].y[0];
    const distances = range(column(pick(after, { method: /^(?!random)/ }), 'kernel distance'));
    const [turned, changed] = printed(/1 − cosine ([\d.]+), ‖change‖ \/ ‖Θ‖ ([\d.]+)/);
    const [[trained], [width], [epochs]] = [
      /counts = \{ train: (\d+)/,
      /width = (\d+)/,
      /epochs = .*laptop: (\d+)/,
    ].map((pattern) => settings(code, pattern));

    return [
      ['it is off by tens of powers of ten', power(resnet, 'tightness') < -20],
      ['Coats, dresses, T-shirts and one of the two pullovers move each other', inside[0] > outside[1]],
      ['steps on the two shirts move others least', classes[byClass.indexOf(range(byClass)[0])] === 'Shirt'],
      ['The kernel of 60 images and 10 outputs', images, outputs],
      ['600 rows of 271,000 numbers', images * outputs, 1000 * Math.round(weights / 1000)],
      ['Most of it belongs to what all classes have in common', (1 - 1 / outputs) * centred < all / 2],
      ['pass what single precision holds', 10 ** power(resnet, '‖J_v‖²') > 3.5e38],
      ['The bound holds for every mask', range(gaps.flat())[0] >= 0],
      ['is fourteen powers of ten below it', Math.round(ofRandom[0]) === 14],
      ['and that of ResNet-20 forty-seven', Math.round(power(resnet, 'tightness')) === -47],
      ['paths and more, of either sign', countPaths(fc({ ...IMAGES, width })).count >= 10n ** 13n],
      ['Pruning tightens it', gaps.every(([unpruned, ...pruned]) => range(pruned)[1] < unpruned)],
      ['random pruning most', ofOthers.every((own) => own.slice(1).every((gap, i) => gap > ofRandom[i + 1]))],
      [
        'Magnitude has no path left at the lowest density',
        traces.every(({ length }, i) => length === (methods[i] === 'magnitude' ? 3 : 4)),
      ],
      ['SNIP keeps the largest', traces.every((trace) => trace[2] <= traces[2][2])],
      [
        'of the three that keep most',
        power(pick(most, { network: /snip/ })[0], 'Tr Π') === leastTrace &&
          traces
            .slice(0, 2)
            .every((trace) => trace[2] < Math.min(...traces.slice(2).map((other) => other[2]))),
      ],
      ['keeps more of the kernel than the others', snip.overlap === range(column(after, overlap))[1]],
      ['a fifth of its largest eigenvalue', Math.round(dense / snip.largest) === 5],
      ['(overlap 0.69)', snip.overlap],
      ['an eighth of the alignment with the labels', Math.round(1 / snip.alignment) === 8],
      [
        'keep one to three hundredths of it',
        `${range([synflow, synflowL2].map(({ alignment }) => Math.round(100 * alignment)))}` === '1,3',
      ],
      ['scales everything down by a million', Math.round(Math.log10(random.alignment)) === -6],
      ['In three epochs (96 steps)', stepsOf(trained, epochs)],
      ['changes by more than its own size', changed > 1],
      ['by all methods but random', turned >= distances[0] && turned <= distances[1]],
      ['tangent kernel of 60 images and 10 outputs', images, outputs],
      ['of a ResNet-20 takes seconds', seconds < 60],
    ];
  },
  { 'intervals of 95 %': 'the confidence level of `tangentSpectrum`' },
);

testClaims('solutions/12-the-tangent-kernel', ({ rows, series, printed }) => {
  const [{ y: tightness }] = series('How tight the bound is');
  const falls = tightness.slice(1).map((log, i) => tightness[i] - log);
  const [fall, width] = printed(
    /a layer loosens it by ([\d.]+) powers of ten; log₁₀ of the width is ([\d.]+)/,
  );
  const shares = rows(/^$/);
  const ofBiases = column(pick(shares, { parameter: /bias/ }), 'share of Tr Θ');

  return [
    ['A straight line', falls.every((own) => Math.abs(own - fall) < 0.1)],
    ['each layer loosens it by the logarithm of its width', fall === width],
    ['Biases have about a thousandth each', ofBiases.every((share) => Math.round(1000 * share) === 1)],
    [
      'Three quarters of the trace belong to the first layer',
      Math.round(4 * sum(column(pick(shares, { parameter: /^dense1/ }), 'share of Tr Θ'))) === 3,
    ],
    ['to the last digits of single precision', printed(/largest difference (\S+) of/)[0] < 1e-5],
  ];
});

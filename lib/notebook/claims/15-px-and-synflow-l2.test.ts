import { settings, stepsOf } from './settings';
import { cell, column, numbersIn, pick, range, storedNotebook } from './storedNotebook';
import { testClaims } from './testClaims';

const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

testClaims('15-px-and-synflow-l2', ({ rows, series, code }) => {
  const tables = rows('');
  const [whole, cut] = ['whole', 'a weight cut'].map((masked) =>
    column(pick(tables, { masked }), 'c of pxParts'),
  );
  const paths = pick(tables, { form: 'paths' });
  const signs = pick(tables, { form: /last layer/ }).map(({ positive }) => numbersIn(`${positive}`));
  const isEqual = column(paths, 'relative spread').every((spread) => spread < Number.EPSILON);
  const [once, iterated] = [/one cut/, /\d+ cuts/].map((name) =>
    pick(series('overlap of their masks'), { name }).map(({ y }) => y),
  );
  const isSameMask = once.flat().every((jaccard) => jaccard === 1);
  const images = rows('Jaccard index at density');
  const [other, none] = ['images, noise', 'images, SynFlow-L2'].map((name) => column(images, name));
  const trained = rows('Test accuracy of fc-100');
  const [low, high] = range(column(trained, 'mean, %'));
  const isWithinSpread = high - low < range(column(trained, 'largest less smallest'))[0];
  const [epochs] = settings(code, /epochs = .*laptop: (\d+)/);
  const [count] = settings(code, /laptop: \{ train: (\d+)/);
  const largest = (network: string, method: string) =>
    Number(pick(tables, { network, method })[0]['largest score']);
  const published = ['px/as-published', 'px/widetopo'];
  const toy = storedNotebook('01-paths-and-the-tangent-kernel').rows('');
  const deep = pick(storedNotebook('12-the-tangent-kernel').rows(''), { network: /^resnet20/, bound: /\d/ });

  return [
    ['this number is the same for every class, whatever the images', isEqual],
    ['PX in one cut is SynFlow-L2', isSameMask],
    ['by less than a training at this scale can tell', isWithinSpread],
    ['In the whole network both classes have one number', whole[0] === whole[1]],
    ['Here it does not: no path through the weight', cut.every((c, k) => c === whole[k])],
    ['the classes are equal to the last digit of float64', isEqual],
    [
      'Float32 does not hold the number itself in ResNet-20',
      cell(paths, { network: 'resnet20' }, 'mean c') > LARGEST_FLOAT32,
    ],
    ['have both signs', signs.every(([positive, all]) => positive > 0 && positive < all)],
    ['One cut: 1 everywhere', range(once.flat())[0]],
    ['most where the fewest weights are left', iterated.every((y) => y[0] === range(y)[0] && y[0] < 1)],
    [
      'where nothing on the way to that class has a score any more',
      cell(rows('under the masks of PX'), { network: 'fc-100', density: 0.01 }, 'largest / smallest') ===
        Number.POSITIVE_INFINITY,
    ],
    [
      'Other images change the masks less than leaving the $c_k$ out does',
      other.every((jaccard, i) => jaccard > none[i]),
    ],
    [
      'Each trains for 20 epochs of 2,000 images (640 steps)',
      numbersIn(`${trained[0].caption}`)[2],
      count,
      stepsOf(count, epochs),
    ],
    ['that the two masks are equally good here', isWithinSpread],
    [
      'The largest score of ResNet-20 is a last digit of float64',
      published.every((method) => largest('resnet20', method) < 16 * Number.EPSILON),
    ],
    [
      'the scores are those of `px`, but for biases',
      published.every((method) => largest('fc-100', method) === largest('fc-100', 'px')),
    ],
    [
      '0.06 of it is reached on the toy of [notebook 01]',
      column(pick(toy, { 'Tr Θ / bound': /\d/ }), 'Tr Θ / bound')[0],
    ],
    ['10⁻⁴⁷ on a ResNet-20', Math.round(numbersIn(`${deep[0].tightness}`)[1]) === -47],
    ['so one cut makes the same mask with any images or none', isSameMask && isEqual],
    ['mostly below a density of a few per cent', iterated.every((y) => 1 - y[0] > 2 * (1 - y[2]))],
  ];
});

testClaims('solutions/15-px-and-synflow-l2', ({ rows, series }) => {
  const tables = rows('');
  const [all, kept] = ['all layers', 'last layer kept'].map((pruned) => pick(tables, { pruned }));
  const isOne = column(kept, 'jaccard').every((jaccard) => jaccard === 1);
  const isEqual = column(kept, 'relative spread of c').every((spread) => spread < Number.EPSILON);
  const [whole, pruned] = ['whole', 'pruned'].map((network) => {
    const [row] = pick(tables, { network });
    return Object.keys(row).flatMap((name) => (/^c\d/.test(name) ? column([row], name) : []));
  });
  const [[, ofDraws, ofPx], , [, , , ofBoth], , ofRandom] = series('Overlap of masks')[0].z;
  const methods = rows('By chance');
  const [chance] = numbersIn(`${methods[0].caption}`);
  const [layers, again] = pick(methods, { method: /ntk-sap/ }).map((row) =>
    numbersIn(`${row['kept in each layer']}`),
  );

  return [
    ['stay equal but for rounding, and so the masks stay one', isEqual && isOne],
    [
      'All of the difference between the two methods lies in the last layer',
      isOne && column(all, 'jaccard').every((jaccard) => jaccard < 1),
    ],
    ['Before pruning all ten are equal', whole.length === 10 && whole.every((c) => c === 1)],
    ['Afterwards they differ', new Set(pruned).size === pruned.length],
    [
      'overlap by about $d/(2-d)$',
      ofRandom.slice(0, -1).every((jaccard) => Math.abs(jaccard / chance - 1) < 0.1),
    ],
    ['agree on little more than that, and so do NTK-SAP and PX', Math.max(ofDraws, ofPx) < chance + 0.05],
    ['is how many weights each layer keeps', layers.every((n, i) => Math.abs(again[i] / n - 1) < 0.05)],
    ['at this density at the same ones', ofBoth > 0.95],
  ];
});

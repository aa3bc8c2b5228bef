import { settings, stepsOf } from './settings';
import { cell, column, pick, range, type StoredNotebook, storedNotebook } from './storedNotebook';
import { testClaims } from './testClaims';

const MAIN = '19-smaller-networks';
const CLASSES = 10; // of Fashion-MNIST
const LAST = 'stage3/block1/conv2';
const share = (values: readonly boolean[]) => values.filter((value) => value).length / values.length;

/** Epochs, images and images a step of the training. */
function training({ code }: StoredNotebook): [number, number, number] {
  const [images] = settings(code, /laptop: \{ train: (\d+)/);
  const [epochs] = settings(code, /epochs = .*laptop: (\d+)/);
  const [batch] = settings(code, /epochs, batch: (\d+)/);
  return [images, epochs, batch];
}

/** The exact total variation of each filter, in the classes where it is least apart. */
const variations = ({ series }: StoredNotebook) =>
  pick(series('Bounds of the total variation'), { name: /from above/ })[0].x.map(Number);

testClaims(
  MAIN,
  (stored) => {
    const { rows, series, printed } = stored;
    const tables = rows('');
    const toy = pick(tables, { coupling: 'first' });
    const byHand = column(toy, 'by hand');
    const [difference] = printed(/largest difference of the outputs: (\S+)/);
    const couplings = pick(tables, { producers: /\d/ });
    const drawn = ['kept', 'removed'].flatMap((name) => {
      const { x, y } = pick(series('DFPC: saliencies'), { name })[0];
      return y.map((saliency, i) => ({ isGone: name === 'removed', isLast: x[i] === LAST, saliency }));
    });
    const saliencies = (isLast: boolean) =>
      range(drawn.filter((channel) => channel.isLast === isLast).map(({ saliency }) => saliency));
    const [left, all] = printed(/dfpc keeps (\d+) of the (\d+) weights/);

    const curves = series('Accuracy without training');
    const steps = curves.flatMap(({ name, x, y }) =>
      x.map((removed, i) => ({ method: name, removed: Number(removed), right: y[i] })),
    );
    const own = steps.filter(({ method }) => method === 'dfpc');
    const third = own[3];
    const near = steps.filter(
      ({ method, removed }) => method !== 'dfpc' && Math.abs(removed - third.removed) < 0.04,
    );
    const at = (method: string, removed: number) =>
      cell(rows('Test accuracy, %, at the first step'), { method }, `${removed} % removed`);
    const byImages = ['tvs-gauss', 'tvs-witness', 'class-mean-gap'];
    const others = [...byImages, 'class-mean-gap/as-published', 'channels-l1', 'channels-random'];
    const isBest =
      others.every((method) => at('dfpc', 10) > at(method, 10)) &&
      steps.every(({ method, removed, right }) => method === 'dfpc' || removed < 0.2 || right < own[2].right);
    const published = (removed: number) => at('class-mean-gap/as-published', removed);
    const chance = (removed: number) => at('channels-random', removed);
    const isAsChance = byImages.every((method) => at(method, 10) < chance(10) && at(method, 20) > chance(20));
    const isTurned = at('dfpc', 10) - published(10) < 1 && published(20) < chance(20);
    const ends = curves.map(({ name, x }) => ({ name, end: Number(x[x.length - 1]) }));
    const longest = ends.reduce((most, one) => (one.end > most.end ? one : most));

    const sizes = rows('What is left, as a share');
    const methods = ['dfpc', 'channels-random', 'channels-l1'];
    const [ofDfpc, ofRandom, ofNorm] = methods.map((method) => pick(sizes, { method }));
    const isFalling = (name: string) => {
      const [most, middle, least] = [ofDfpc, ofRandom, ofNorm].map((own) => column(own, name));
      return most.every((value, i) => value > middle[i] && middle[i] > least[i]);
    };
    const work = (own: typeof ofDfpc) => column(own, 'multiplications')[1];
    const isMemory = work(ofDfpc) > 0.8 && column(ofDfpc, 'weights')[1] < 0.51;

    const ranks = (bound: string) => cell(tables, { bound }, 'rank correlation with the exact value');
    const exact = variations(stored);
    const [plain, asPublished] = pick(tables, { 'weights after compaction': /\d/ });
    const isSmaller =
      Number(asPublished['weights after compaction']) / all > Number(asPublished.density) + 0.01;
    const [images, epochs, batch] = training(stored);

    return [
      ['better than by their norm or by chance', isBest],
      ['are not those that cost the multiplications', isMemory],
      ['one training of 188 steps', stepsOf(images, epochs, batch)],
      ['stands the sum by hand', column(toy, 'saliency').every((sum, i) => sum === byHand[i])],
      ['and the outputs stay what they are under the mask', difference === 0],
      ['one for each stage, whose shortcuts tie all that is added up', couplings.length === 3 + 3],
      ['has saliencies a hundred times below all others', saliencies(false)[0] > 100 * saliencies(true)[1]],
      [
        'All of half the weights comes out of that one coupling',
        drawn.every(({ isGone, isLast }) => isLast || !isGone) && Math.abs(left / all - 0.5) < 0.01,
      ],
      [
        'With a fifth of the weights DFPC takes about five points of accuracy',
        Math.round(own[0].right - at('dfpc', 20)) === 5,
      ],
      ['The L1 norm does worse than chance', at('channels-l1', 10) < chance(10)],
      ['no better than chance at a tenth of the weights, and better than it at two tenths', isAsChance],
      ['beside DFPC at a tenth, below chance at two', isTurned],
      ['With 29 % gone DFPC has 68 % right', 100 * third.removed, third.right],
      [
        'those of the others that get so far have 62 at most, at their steps from 26 to 31 %',
        range(near.map(({ right }) => right))[1],
        ...range(near.map(({ removed }) => 100 * removed)),
      ],
      [
        'where four tenths are gone, no network has half of the images right',
        steps.every(({ removed, right }) => removed < 0.4 || right < 50),
      ],
      ['and goes on for longer, below that', longest.name === 'dfpc/single'],
      ['to the rounding of float32', range(column(sizes, 'difference'))[1] < 1e-5],
      ['four fifths of the multiplications are left', Math.round(5 * work(ofDfpc)) === 4],
      ['where maps are large, and leaves a fifth', Math.round(5 * work(ofNorm)) === 1],
      [
        'The time goes by the multiplications rather than by the weights',
        isFalling('time') && isFalling('multiplications'),
      ],
      ['most of the exact values lie below 0.2', share(exact.map((value) => value < 0.2)) > 0.9],
      ['in nearly the order of the exact value', Math.min(ranks('lower'), ranks('upper')) > 0.99],
      ['the bound that holds for any distributions knows', ranks('witness') < ranks('lower')],
      ['of the 45 pairs of ten classes', (CLASSES * (CLASSES - 1)) / 2],
      [
        'At a tenth of the weights the published form holds better',
        Number(asPublished['accuracy, %']) > Number(plain['accuracy, %']),
      ],
      ['At two tenths it has fallen below', published(20) < at('class-mean-gap', 20)],
      ['the network gets smaller by less than the mask says', isSmaller],
      ['down to seven tenths of the weights', isBest && near.every(({ right }) => right < third.right)],
      ['What they find is memory, in the wide and late layers, more than time', isMemory],
    ];
  },
  { 'a batch of 128 images': 'what nets.compareSizes takes by default' },
);

testClaims(`solutions/${MAIN}`, (stored) => {
  const { rows, series } = stored;
  const main = storedNotebook(MAIN);
  const norm = pick(main.rows('What is left, as a share'), { method: 'channels-l1' });
  const weights = column(norm, 'weights');
  const [asTheyAre, even] = rows('');
  const trained = ['dfpc', 'channels-random'].map(
    (name) => pick(series('Half of the weights in whole channels'), { name }).slice(-1)[0].y,
  );
  const [images, epochs, batch] = training(stored);

  return [
    ['Fewer than weights', column(norm, 'multiplications').every((work, i) => work < weights[i])],
    ['the multiplications fall with the weights, to less than a half', Number(even.multiplications) < 0.5],
    [
      'neither network is of use without training',
      Math.max(...column([asTheyAre, even], 'accuracy, %')) < 25,
    ],
    ['the evened one is less bad', Number(even['accuracy, %']) > Number(asTheyAre['accuracy, %'])],
    [
      'after 48 steps 22 % against 66 % in the mean',
      stepsOf(Math.ceil(images / 2), Math.ceil(epochs / 2), batch),
      ...trained.map((right) => right[right.length - 1]),
    ],
    ['In the picture of the bounds no filter is', range(variations(main))[1] < 1 / 2],
  ];
});

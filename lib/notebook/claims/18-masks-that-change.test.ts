import { rigl } from '../../train/sparse/rigl';
import { rises } from './compare';
import { settings, stepsOf } from './settings';
import { cell, column, pick, range, type StoredNotebook, storedNotebook } from './storedNotebook';
import { testClaims } from './testClaims';

const MAIN = '18-masks-that-change';
const last = <T>(values: readonly T[]) => values[values.length - 1];

/** Of the trainings: images that are trained on, and steps of an epoch and in all. */
function lengthsOf({ code }: StoredNotebook) {
  const [images] = settings(code, /laptop: \{ train: (\d+)/);
  const [epochs, batch] = settings(code, /\[epochs, batch\] = .*laptop: \[(\d+), (\d+)\]/);
  const [heldOut] = settings(code, /validation: ([\d.]+)/);
  const used = images * (1 - heldOut);
  return { used, epoch: stepsOf(used, 1, batch), steps: stepsOf(used, epochs, batch) };
}

testClaims(MAIN, (stored) => {
  const { rows, series, code } = stored;
  const { used, epoch, steps } = lengthsOf(stored);
  const drawn = (title: string, name: string) => pick(series(title), { name })[0];
  const gain = (name: string, density: number, end = 'mean') =>
    cell(rows('Gain in test accuracy'), { density, 'minus the mask that stays': name }, end);
  const points = (name: string, density: number) => Math.round(100 * gain(name, density));
  const isTold = (name: string, density: number) =>
    gain(name, density, 'low') > 0 || gain(name, density, 'high') < 0;
  const [isSameAtTenth, isMoreAtHundredth] = [
    !isTold('rigl', 0.1) && !isTold('granet', 0.1),
    isTold('rigl', 0.01) && points('rigl', 0.01) === 15,
  ];
  const isLessAtHundredth = isTold('granet', 0.01) && points('granet', 0.01) === -11;
  const isLessBetween = isTold('rigl', 0.03) && points('rigl', 0.03) === -3;

  const [after] = pick(rows(''), { name: 'kept after' });
  const [script, scriptEpoch] = settings(code, /script = \{ steps: (\d+), epoch: (\d+)/);
  const [every, end] = settings(code, /policy\(\{ every: (\d+), begin: 0, end: ([\d.]+)/);
  const schedule = rows('The schedule of the paper');
  const [plain, published] = ['granet', 'granet/as-published'].map((method) => pick(schedule, { method }));
  const prunes = column(published, 'of which prune')[0];
  const replaced = drawn('that an update of GraNet replaces', 'granet/as-published');

  const [set, grown] = ['set', 'rigl'].map((way) => drawn('Weights grown by', way));
  const paths = (way: string) => drawn('Paths left while', way).y;
  const factor = (way: string, than: string, at: number) => 10 ** (paths(way)[at] - paths(than)[at]);
  const [low, high] = range(paths('set').map((log, i) => log - paths('stays')[i]));
  const ways = ['stays', 'set', 'rigl', 'granet', 'gmp'];
  const [stays, bySet, byRigl, ...pruned] = ways.map((way) => drawn('Trace while', way).y);
  const whole = Number(last(drawn('Density over', 'granet').x)) / epoch;
  const isFalling = pruned.every((trace) => rises(trace.slice(0, whole + 1).reverse()));
  const fastest = [1, 2, 3].every((at) => byRigl[at] > Math.max(stays[at], bySet[at]));
  const right = (name: string) => last(pick(series('when it is pruned'), { name })).y;
  const [dense, cut, recovered] = ['dense, no pruning', 'right after pruning', 'pruned and trained on'].map(
    right,
  );
  const seen = drawn('Masks that change and one that stays', 'granet');

  const { fraction = Number.NaN } = rigl.options;
  return [
    ['nothing at a tenth of the weights', isSameAtTenth],
    ['at a hundredth RigL gains fifteen points', isMoreAtHundredth],
    ['GraNet loses eleven', isLessAtHundredth],
    ['ten epochs of 1,800 images (290 steps)', used, steps],
    ['is dropped and grown at once: it keeps its value', after.θ2 === 1 && after.θ5 === 1 && after.θ7 === 0],
    ['160 epochs of 352 steps, an update every 1000', script / scriptEpoch, scriptEpoch, every],
    ['the global prune stops one update early', prunes === Math.floor((end * script) / every) - 1],
    ['so the tenth is not quite reached', column(published, 'after the last')[0] > 0.1],
    ['weights are replaced until training ends', Number(last(replaced.x)) + every > script],
    ['the paper has both end together', plain[0]['mask updates'] === plain[0]['of which prune']],
    ['`granet` reaches its density exactly', plain[0]['after the last'] === 0.1],
    [
      'SET replaces three tenths of each layer at every update to the end',
      set.y.every((share) => Math.round(10 * share) === 3) && last(set.x.map(Number)) > steps - 20,
    ],
    ['What RigL grows is less than the fraction it drops', grown.y.every((share) => share < fraction)],
    ['and falls to nothing', last(grown.y) < 0.01],
    ['SET changes a mask and leaves its paths as many as they were', Math.max(-low, high) < Math.log10(1.06)],
    ['it has seven times as many paths', Math.round(factor('rigl', 'stays', 3)) === 7],
    ['GraNet ends with 28 times the paths of gradual pruning', factor('granet', 'gmp', 10)],
    [
      'The trace falls while weights are pruned and rises for all otherwise',
      isFalling && [stays, bySet, byRigl, ...pruned.map((trace) => trace.slice(whole))].every(rises),
    ],
    ["RigL's rises fastest at first", fastest],
    ['and ends beside that of the mask that stays', Math.abs(last(byRigl) - last(stays)) < 0.05],
    ['At a tenth the three cannot be told apart', isSameAtTenth],
    [
      'At three in a hundred RigL is worse, by three points, and GraNet not told apart',
      isLessBetween && !isTold('granet', 0.03),
    ],
    [
      'at one in a hundred RigL is better by fifteen points and GraNet worse by eleven',
      isMoreAtHundredth && isLessAtHundredth,
    ],
    ['one seed of GraNet has 0.1 right', range(seen.y.filter((_, i) => seen.x[i] === 0.01))[0]],
    ['Ten epochs of 29 steps are few', epoch],
    ['Pruned before training the network is guessing', cut[0] <= 0.1],
    [
      'two epochs bring it to 0.65; pruned after eight, to 0.76 of the 0.83 that',
      recovered[0],
      last(recovered),
      last(dense),
    ],
    ['Here it only rises', rises(recovered)],
    [
      'growth by gradient makes paths and growth by chance does not',
      factor('rigl', 'stays', 10) > 2 && high < Math.log10(1.06),
    ],
    [
      'gained fifteen points at one weight in a hundred, nothing at a tenth, and lost three in between',
      isMoreAtHundredth && !isTold('rigl', 0.1) && isLessBetween,
    ],
    ['A network recovers the better from a prune the later it comes', rises(recovered)],
  ];
});

testClaims(`solutions/${MAIN}`, (stored) => {
  const { rows, series } = stored;
  const main = storedNotebook(MAIN);
  const [script] = settings(main.code, /script = \{ steps: (\d+)/);
  const [every] = settings(main.code, /policy\(\{ every: (\d+)/);
  const drifting = rows('');
  const [sparse, density] = ['granet/as-published', 'granet'].map((method) =>
    cell(drifting, { method }, 'density'),
  );
  const grown = pick(series('Weights grown by'), { name: 'granet/as-published' })[0];
  const afterwards = grown.y.filter((_, i) => Number(grown.x[i]) > lengthsOf(stored).steps / 2);
  const updates = pick(main.series('Density over'), { name: 'rigl' })[0].x;
  const accuracies = [20, 2].map((gap) =>
    column(pick(drifting, { 'steps between updates': gap }), 'test accuracy'),
  );
  const [[often, oftenBeside], [seldom, seldomBeside]] = [accuracies[1], accuracies[0]];

  const { end = Number.NaN } = rigl.options;
  return [
    ['nothing to speak of with the 28 of the script', Math.floor(script / 2 / every)],
    ['a good part of a small density with few', sparse > 1.05 * density],
    ['it goes on to replace weights, ever fewer', rises(afterwards.reverse())],
    ['0.375 of all steps are lost', end / 2],
    ['With an update every twenty steps it hardly matters', Math.abs(seldom - seldomBeside) < 0.01],
    ['(ten of 290 steps)', lengthsOf(stored).steps],
    ['(ten of', updates.length === 10],
    ['the accuracy falls from 0.72 to 0.62', oftenBeside, often],
  ];
});

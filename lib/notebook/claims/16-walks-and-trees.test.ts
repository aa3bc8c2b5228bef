import { sum } from 'd3-array';
import { settings, stepsOf } from './settings';
import { cell, column, numbersIn, pick, range } from './storedNotebook';
import { testClaims } from './testClaims';

/** Weights of the trees of dense layers of these widths, and all weights. */
function treesOf(widths: readonly number[]): [number, number] {
  const layers = widths.slice(1).map((width, i) => [widths[i], width]);
  return [sum(layers, ([from, to]) => from + to - 1), sum(layers, ([from, to]) => from * to)];
}

testClaims('16-walks-and-trees', ({ rows, series, printed, code }) => {
  const networks = ['fc-100', 'resnet20'];
  const widths = (network: string, name: string) =>
    pick(series(`Channels left in ${network}`), { name }).slice(-1)[0];
  const wide = networks.map((network) => {
    const [walks, synflow] = ['phew', 'synflow-l2'].map((name) => widths(network, name).y);
    const wider = walks.filter((share, i) => share > 0.8 && share > synflow[i]);
    return wider.length / walks.length;
  });
  const pruned = rows('narrowest: smallest share');
  const walked = pick(pruned, { network: 'fc-100', method: 'phew' });
  const gaps = networks.map((network) => {
    const own = pick(pruned, { network });
    const trace = cell(own, { method: 'synflow-l2' }, 'log₁₀ Tr Π');
    return range(column(pick(own, { method: 'phew' }), 'log₁₀ Tr Π').map((walks) => trace - walks));
  });
  const resnet = widths('resnet20', 'synflow-l2');
  const skipped = resnet.x.filter((_, i) => resnet.y[i] === 0);
  const forests = rows('in all layers');
  const ofLayers = pick(forests, { graph: /kernel/ });
  const together = (name: string) => Number(pick(series('Components of'), { name })[0].x.slice(-1)[0]);
  const parts = rows('density 0.02');
  const joined = pick(parts, { method: /^mst(\/path-mass)?$/ });
  const isJoined = ['parts of dense1', 'dense2', 'dense3'].every((layer) =>
    column(joined, layer).every((count) => count === 1),
  );
  const traceOf = (method: string) => cell(parts, { method }, 'log₁₀ Tr Π');
  const least = rows('N / L');
  const [tree, same] = least;
  const channels = [tree, same].map((row) => numbersIn(`${row['channels left']}`));
  const trained = (method: string) => {
    const [row] = pick(rows('Test accuracy of fc-100'), { method });
    return range(column([row, row, row], 'mean, %').map((_, i) => Number(row[`start ${i + 1}, %`])));
  };
  const [epochs] = settings(code, /epochs = .*laptop: (\d+)/);
  const [images] = settings(code, /laptop: \{ train: (\d+)/);
  const [trees, weights] = treesOf([784, ...Array(5).fill(settings(code, /width = (\d+)/)[0]), 10]);
  const isHeavyBetter = trained('synflow-l2')[0] > trained('phew')[1];

  return [
    ['leave most layers wide, where SynFlow-L2 leaves them narrow', wide.every((share) => share > 0.5)],
    ['keeps every channel joined with the fewest weights', isJoined],
    [
      'Both give up Path-Kernel trace for it',
      gaps.every(([low]) => low > 0) && traceOf('mst') < traceOf('synflow-l2'),
    ],
    ['SynFlow-L2 has the higher trace', gaps.every(([low]) => low > 0)],
    [
      'In ResNet-20 whole layers are left to the shortcuts',
      skipped.length > 0 && !/shortcut/.test(`${skipped}`),
    ],
    [
      'keep four of five channels and more of the fully connected network at each seed',
      range(column(walked, 'narrowest'))[0] >= 4 / 5,
    ],
    [
      'of the fully connected network it leaves next to nothing on paths',
      cell(pruned, { network: 'fc-100', method: 'random' }, 'on paths') < 0.01,
    ],
    [
      'For a dense layer a tree has inputs + outputs',
      ofLayers.every((row) => Number(row['weights of the forest']) === Number(row.nodes) - 1),
    ],
    [
      '1,591 weights of 266,200 keep every layer in one piece, 1,193 the network',
      ...printed(/the spanning forests are (\d+) of (\d+)/),
      cell(forests, { graph: 'network' }, 'weights of the forest'),
    ],
    ['with the weights above about half of its largest', Math.abs(together('dense1/kernel') - 1 / 2) < 0.03],
    ['the last at about a fifth', Math.abs(together('dense3/kernel') - 1 / 5) < 0.03],
    [
      'leave each in one piece and so every weight of the trees on a path',
      isJoined && column(joined, 'on paths').every((share) => share === 1),
    ],
    [
      'not all of it is on paths',
      cell(forests, { graph: 'network' }, 'components') === 1 &&
        cell(parts, { method: 'mst/network' }, 'on paths') < 1,
    ],
    [
      'far earlier, and lose no channel',
      Number(tree.compression) < numbersIn(`${tree.caption}`)[0] / 100 && `${channels[0]}` === '300,100,10',
    ],
    [
      'At the same density SynFlow keeps more of',
      tree.kept === same.kept && Number(same['log₁₀ Σ |v|']) > Number(tree['log₁₀ Σ |v|']),
    ],
    [
      'in fewer channels',
      channels[1].every((count, i) => count <= channels[0][i]) && channels[1][0] < channels[0][0],
    ],
    ['The trees of this network alone are more than a hundredth of it', trees > weights / 100],
    ['as this (10 epochs, 320 steps)', epochs, stepsOf(images, epochs)],
    ['have learned far more than the wide ones of walks', isHeavyBetter],
    ['is lower by almost four powers of ten', gaps[0][0] > 3.5 && gaps[0][1] < 4],
    ['where training is short heavy is better', isHeavyBetter],
  ];
});

testClaims('solutions/16-walks-and-trees', ({ rows, series }) => {
  const walks = rows('');
  const trace = (method: string) => cell(walks, { method }, 'log₁₀ Tr Π');
  const rising = ['phew/inverse', 'phew/uniform', 'phew', 'phew2'].map(trace);
  const hidden = pick(walks, { method: /phew/ }).flatMap((row) =>
    numbersIn(`${row['channels on paths']}`).slice(0, -1),
  );
  const [low, high] = range(hidden);
  const [found, expected] = ['found', 'expected'].map(
    (name) => pick(series('Different weights on walks'), { name })[0],
  );
  const perWalk = found.y.map((weights, i) => weights / Number(found.x[i]));
  const [trees, weights] = treesOf([784, 300, 100, 10]);
  const [top, forest] = ['top', 'forest'].map((select) => column(pick(walks, { select }), 'log₁₀ Σ |v|'));
  const lost = top.map((mass, i) => mass - forest[i]);

  return [
    [
      'The more a walk is drawn to heavy weights the higher the trace',
      rising.every((own, i) => i === 0 || own > rising[i - 1]),
    ],
    ['The widths hardly differ', high - low < 0.15 * high],
    [
      'is smaller than that on to SynFlow-L2',
      trace('phew2') - trace('phew') < trace('synflow-l2') - trace('phew2'),
    ],
    ['Six weights a walk at first, fewer', perWalk[0] === 6 && perWalk.slice(-1)[0] < 6],
    ['One run lies close to the mean', expected.y.every((mean, i) => Math.abs(found.y[i] / mean - 1) < 0.02)],
    ['that of the trees, 0.006', trees / weights],
    [
      'the more of the weights they take from the heavy paths',
      lost.every((own, i) => i === 0 || own > lost[i - 1]),
    ],
  ];
});

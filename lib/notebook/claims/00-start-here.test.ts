import { sum } from 'd3-array';
import { cell, column, numbersIn, pick, range, storedNotebook } from './storedNotebook';
import { testClaims } from './testClaims';

testClaims('00-start-here', ({ rows, series, printed }) => {
  const [images] = pick(rows(''), { name: 'fashion-mnist' });
  const guess = 1 / Number(images.classes);
  const [kept, size] = printed(/synflow keeps (\d+) of the (\d+) weights/);
  const [resnet, fc] = ['resnet20', 'fc-100'].map((network) => pick(rows(network), { network }));
  const layers = pick(rows('fc-100'), { op: 'dense' });
  const weightsOfFc = sum(column(layers, 'prunable'));
  const keptOfFc = cell(fc, { method: 'synflow' }, 'kept');
  const treesOfFc = sum(layers, ({ prunable, output }) => +prunable / +output + +output - 1);
  const [tracesOfResnet, tracesOfFc] = ['resnet20', 'fc-100'].map((network) =>
    series(`Path-Kernel trace, ${network}`)
      .filter(({ name }) => name !== 'dense')
      .map(({ name, x }) => ({ name, log: Number(x[0]) }))
      .sort((a, b) => b.log - a.log),
  );
  const [family, others] = [true, false].map((isFamily) =>
    tracesOfFc.filter(({ name }) => name.startsWith('synflow') === isFamily).map(({ log }) => log),
  );
  const densities = (network: string, name: string) =>
    pick(series(`Density of each layer, ${network}`), { name })[0].y;
  const emptied = (network: string, name: string) =>
    pick(series(`Density of each layer, ${network}`), { name })
      .slice(1)
      .flatMap(({ x }) => x);
  const accuracies = series('Test accuracy over training');
  const traceAtStart = new Map(
    series('Path-Kernel trace over training not').map(({ name, y }) => [name, y[0]]),
  );
  const learned = [...accuracies]
    .sort((a, b) => (traceAtStart.get(a.name) ?? -Infinity) - (traceAtStart.get(b.name) ?? -Infinity))
    .map(({ y }) => y[y.length - 1]);

  return [
    [
      'Ninety-nine of a hundred weights',
      [kept / size, keptOfFc / weightsOfFc].every((density) => Math.round(100 * (1 - density)) === 99),
    ],
    [
      'decides whether anything is left to train',
      [resnet, fc].every((table) => range(column(table, 'on a path'))[0] === 0) &&
        range(column(fc, 'on a path'))[1] >= keptOfFc,
    ],
    [
      'layers of very different thickness',
      densities('fc-100', 'synflow')[0] > 10 * densities('fc-100', 'snip')[0],
    ],
    [
      'traces that are orders of magnitude apart',
      [tracesOfResnet, tracesOfFc].every((all) => all[0].log - all[all.length - 1].log > 2),
    ],
    ['28 × 28 pixels', ...numbersIn(`${images.shape}`).slice(0, 2)],
    ['in ten classes', images.classes === 10],
    ['a fully connected network of six layers', layers.length === 6],
    [
      'a hundred times over. It looks at no image.',
      cell(rows(''), { method: 'synflow', 'looks at': 'nothing' }, 'iterations') === 100,
    ],
    ['one weight in a hundred is left:', Math.round(size / kept) === 100],
    ['more than a hundredth of the weights of the second network', treesOfFc > weightsOfFc / 100],
    [
      'the block beside it lives on',
      /^([^,]+\/shortcut\/conv,?)+$/.test(`${emptied('resnet20', 'synflow')}`),
    ],
    [
      'random pruning takes about the same part of every layer',
      ['resnet20', 'fc-100'].every((network) => {
        const [low, high] = range(densities(network, 'random'));
        return high < 4 * low;
      }),
    ],
    ['that is the first layer, and it goes entirely', `${emptied('fc-100', 'magnitude')}` === 'dense1'],
    [
      'gives whole blocks up for the sake of dense ones at the start',
      [1, 2].every((i) => emptied('resnet20', 'synflow-l2').includes(`stage3/block2/conv${i}`)) &&
        densities('resnet20', 'synflow-l2')[1] > densities('resnet20', 'synflow')[1],
    ],
    ['the network stays connected', cell(resnet, { method: 'synflow-l2' }, 'on a path') > 0],
    [
      'it stays near one in ten, which is guessing',
      range(pick(accuracies, { name: 'magnitude' })[0].y).every((one) => Math.abs(one - guess) < 0.005),
    ],
    [
      'With one weight in ten a ResNet-20 still learns in so few steps',
      cell(rows('2000 images'), { network: '1 in 10' }, 'test accuracy') > 5 * guess,
    ],
    [
      '(but for `phew/as-published`, which keeps whole walks)',
      pick(fc, { kept: keptOfFc }).length === fc.length - pick(fc, { method: 'phew/as-published' }).length &&
        cell(fc, { method: 'phew/as-published' }, 'kept') > keptOfFc,
    ],
    [
      'random and magnitude pruning cut the fully connected network in two',
      Math.max(...column(pick(fc, { method: /^(random|magnitude)$/ }), 'on a path')) === 0,
    ],
    [
      'keeps nearly every weight of it on a complete path',
      Math.min(...column(pick(fc, { method: /^synflow/ }), 'on a path')) > 0.99 * keptOfFc,
    ],
    ['and the largest traces', Math.min(...family) > Math.max(...others)],
    [
      'in the ResNet only SynFlow-L2 and its near kin do',
      tracesOfResnet.slice(0, 5).every(({ name }) => name.startsWith('synflow-l2')) &&
        tracesOfResnet.findIndex(({ name }) => /^synflow(-dist)?$/.test(name)) > 10,
    ],
    [
      'the networks with the larger traces have learned more',
      learned.every((accuracy, i) => i === 0 || accuracy > learned[i - 1]),
    ],
  ];
});

testClaims('solutions/00-start-here', ({ printed }) => {
  const [everywhere, inLayers] = printed(/([\d.]+) over all layers, ([\d.]+) layer by layer/);
  const [dense, pruned] = printed(/([\d.]+) % dense, ([\d.]+) % pruned/);
  const { rows, series } = storedNotebook('07-accuracy-and-collapse');
  const accuracies = pick(rows('mean and range over seeds'), { compression: 100 })[0];
  const [, lowest, highest] = numbersIn(`${accuracies.random}`);
  const magnitude = pick(series(/^Accuracy against density/), { name: 'magnitude' })
    .flatMap(({ hover }) => hover)
    .filter((label) => label.includes('(100×)'));

  return [
    [
      'random pruning leaves a path in some of three seeds',
      cell(rows('In all seeds'), { method: 'random' }, 'no path at') === 100 && highest > lowest,
    ],
    ['magnitude in none', magnitude.length > 0 && magnitude.every((label) => label.includes('in 3 of 3'))],
    ['the same share everywhere leaves too few in the small layers', everywhere > inLayers],
    ['so their share grows as weights go', pruned > dense],
  ];
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as pathkernel from '.';

const isNamespace = (name: string) => namespaces.includes(name);
const namespaces = [
  'datasets',
  'display',
  'experiments',
  'figures',
  'base',
  'linalg',
  'nets',
  'ntk',
  'paths',
  'pruning',
  'tensors',
  'training',
];

test('the names at the top are these: a new one belongs in the namespace of its room unless most notebooks use it', () => {
  assert.deepEqual(
    Object.keys(pathkernel)
      .filter((name) => !isNamespace(name))
      .sort(),
    [
      'adam',
      'applyMask',
      'atScale',
      'buildNetwork',
      'cifar10',
      'cifar100',
      'conv',
      'countPaths',
      'createRandom',
      'createTrainer',
      'effective',
      'enumeratePaths',
      'fashionMnist',
      'fc',
      'forward',
      'frame',
      'graphBuilder',
      'initialise',
      'invalid',
      'kernelsOf',
      'l1PathNorm',
      'l2PathNorm',
      'liveChart',
      'loadDataset',
      'loadParams',
      'loadSweep',
      'methods',
      'mnist',
      'pathKernelTrace',
      'progress',
      'prune',
      'queryRuns',
      'registerMethod',
      'resnet18',
      'resnet20',
      'run',
      'runSweep',
      'saveParams',
      'scale',
      'sgd',
      'show',
      'subset',
      'summary',
      'synthetic',
      'table',
      'testMetrics',
      'tf',
      'tinyImagenet',
      'train',
      'vgg16',
      'vgg16Bn',
      'withProgress',
    ],
  );
});

test('a name stands in one namespace only, and all that is at the top stands in one of them', () => {
  const all = pathkernel as unknown as Record<string, object>;
  const places = new Map<string, string[]>();
  for (const namespace of namespaces)
    for (const name of Object.keys(all[namespace]))
      places.set(name, [...(places.get(name) ?? []), namespace]);
  const twice = [...places].filter(([, found]) => found.length > 1);
  assert.deepEqual(twice, []);
  for (const name of Object.keys(pathkernel))
    if (!isNamespace(name)) assert.ok(places.has(name), `${name} is in no namespace`);
});

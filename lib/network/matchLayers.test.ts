import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resnet20 } from './architectures';
import { matchLayers } from './matchLayers';

const network = resnet20({ input: [8, 8, 3], classes: 10 });
const layers = [...new Set(network.parameters.map(({ layer }) => layer))];

test('a name means one layer, a pattern those it fits from end to end, several their union', () => {
  const [first] = layers;
  const last = layers[layers.length - 1];
  assert.deepEqual([...matchLayers(network, first, 'only')], [first]);
  assert.deepEqual([...matchLayers(network, '*', 'only')], layers);
  const convolutions = layers.filter((layer) => layer.includes('conv'));
  assert.deepEqual([...matchLayers(network, '*conv*', 'only')], convolutions);
  assert.deepEqual([...matchLayers(network, ['*conv*', last, last], 'only')], [...convolutions, last]);
  assert.deepEqual(
    [...matchLayers(network, 'stage1/*', 'only')],
    layers.filter((layer) => layer.startsWith('stage1/')),
  );
});

test('what no layer is called is refused, with the nearest, and so is a pattern of none', () => {
  assert.throws(
    () => matchLayers(network, 'stage1/block1/convv', 'except'),
    /^InvalidError: invalid except; .*stage1/,
  );
  assert.throws(() => matchLayers(network, 'stage9/*', 'except'), {
    message: 'invalid except; a pattern of no layer: stage9/*',
  });
  assert.throws(() => matchLayers(network, 'fc.*', 'except'), /a pattern of no layer/);
});

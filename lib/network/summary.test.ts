import assert from 'node:assert/strict';
import { tf } from '../tensor';
import { test } from '../testing';
import { architectures, buildNetwork, fc } from './architectures';
import { graphBuilder } from './builder';
import { summary } from './summary';

test('a summary lists each layer with its output shape and counts, and the total last', () => {
  const g = graphBuilder([4, 4, 1]);
  const x = g.batchNorm('bn', g.conv2d('conv', g.input, { filters: 2, bias: true }));
  g.dense('fc', g.flatten('flatten', x), { units: 3 });
  assert.deepEqual(summary(g.build('small')), [
    { layer: 'input', op: 'input', output: '4×4×1', parameters: 0, prunable: 0 },
    { layer: 'conv', op: 'conv2d', output: '4×4×2', parameters: 20, prunable: 18 },
    { layer: 'bn', op: 'batchNorm', output: '4×4×2', parameters: 4, prunable: 0 },
    { layer: 'flatten', op: 'flatten', output: '32', parameters: 0, prunable: 0 },
    { layer: 'fc', op: 'dense', output: '3', parameters: 99, prunable: 96 },
    { layer: 'total', op: '', output: '', parameters: 123, prunable: 114 },
  ]);
});

test('the total counts what the paper counts for ResNet-20 and FC-5000', () => {
  const published = { resnet20: [272474, 270896], 'fc-5000': [103995010, 103970000] };
  for (const [name, [parameters, prunable]] of Object.entries(published)) {
    const total = summary(buildNetwork(name)).at(-1);
    assert.deepEqual([total?.parameters, total?.prunable], [parameters, prunable]);
  }
});

test('every architecture has a summary of one line a node and one for the total', () => {
  for (const architecture of Object.values(architectures)) {
    const network = architecture();
    assert.equal(summary(network).length, network.nodes.length + 1);
  }
});

test('with a mask it says how many weights are kept, by layer and in all', () => {
  const network = fc({ width: 2, depth: 2, input: [3], classes: 2 });
  const mask = {
    'dense1/kernel': tf.tensor2d([1, 0, 0, 0, 1, 0], [3, 2]),
    'dense2/kernel': tf.ones([2, 2]),
  };
  const rows = summary(network, { mask });
  assert.deepEqual(
    rows.map(({ layer, kept, density }) => [layer, kept, density]),
    [
      ['input', 0, undefined],
      ['dense1', 2, 2 / 6],
      ['relu1', 0, undefined],
      ['dense2', 4, 1],
      ['total', 6, 0.6],
    ],
  );
  tf.dispose(mask);
});

test('a mask of another network is refused, naming the tensor', () => {
  const network = fc({ width: 2, depth: 2, input: [3], classes: 2 });
  const attempt = (mask: Record<string, tf.Tensor>, message: RegExp) => {
    assert.throws(() => summary(network, { mask }), message);
    tf.dispose(mask);
  };
  attempt({}, /invalid mask; no tensor dense1\/kernel, expected one of shape: \[3, 2\]/);
  attempt(
    { 'dense1/kernel': tf.ones([2, 3]), 'dense2/kernel': tf.ones([2, 2]) },
    /invalid mask; dense1\/kernel needs shape \[3, 2\], has: \[2, 3\]/,
  );
  attempt(
    { 'dense1/kernel': tf.ones([3, 2]), 'dense2/kernel': tf.ones([2, 2]), 'dense3/kernel': tf.ones([2, 2]) },
    /invalid mask; the network has no such tensor, the nearest are .*: dense3\/kernel/,
  );
  attempt(
    { 'dense1/kernel': tf.fill([3, 2], Number.NaN), 'dense2/kernel': tf.ones([2, 2]) },
    /invalid mask; entries other than 0 and 1: dense1\/kernel/,
  );
});

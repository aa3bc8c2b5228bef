import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type GraphBuilder, graphBuilder } from './builder';
import { defineNetwork } from './defineNetwork';
import type { ConvOptions, Node } from './ops';

const input: Node = { id: 'input', op: 'input', inputs: [], shape: [3] };
const relu = (id: string, ...inputs: string[]): Node => ({ id, op: 'relu', inputs });
const dense = (id: string, x: string, kernel = `${id}/kernel`): Node => ({
  id,
  op: 'dense',
  inputs: [x],
  units: 2,
  kernel,
});

test('a network knows its shapes, classes and parameters', () => {
  const g = graphBuilder([6, 5, 2]);
  const x = g.conv2d('conv', g.input, {
    filters: 4,
    size: [3, 2],
    stride: 2,
    padding: [1, 0, 2, 1],
    bias: true,
  });
  const y = g.channelScale('scale', g.batchNorm('bn', g.maxPool('pool', x, { size: 2, stride: 1 })));
  g.dense('fc', g.flatten('flatten', y), { units: 3, bias: false });
  const network = g.build('small');
  assert.equal(network.classes, 3);
  assert.deepEqual(network.shapes, {
    input: [6, 5, 2],
    conv: [3, 4, 4], // ⌊(6 + 1 − 3) / 2⌋ + 1, ⌊(5 + 3 − 2) / 2⌋ + 1
    pool: [2, 3, 4],
    bn: [2, 3, 4],
    scale: [2, 3, 4],
    flatten: [24],
    fc: [3],
  });
  assert.deepEqual(
    network.parameters.map(({ name, shape, role, layer, fanIn }) => [name, shape, role, layer, fanIn]),
    [
      ['conv/kernel', [3, 2, 2, 4], 'kernel', 'conv', 12],
      ['conv/bias', [4], 'bias', 'conv', undefined],
      ['bn/gamma', [4], 'gamma', 'bn', undefined],
      ['bn/beta', [4], 'beta', 'bn', undefined],
      ['bn/mean', [4], 'mean', 'bn', undefined],
      ['bn/variance', [4], 'variance', 'bn', undefined],
      ['scale/scale', [4], 'scale', 'scale', undefined],
      ['fc/kernel', [24, 3], 'kernel', 'fc', 24],
    ],
  );
});

test('a convolution has an output for every position its window takes', () => {
  const extent = fc.integer({ min: 1, max: 12 });
  const side = fc.integer({ min: 0, max: 3 });
  fc.assert(
    fc.property(
      extent,
      extent,
      fc.integer({ min: 1, max: 4 }),
      side,
      side,
      (height, size, stride, top, bottom) => {
        fc.pre(height + top + bottom >= size);
        let positions = 0;
        for (let at = -top; at + size <= height + bottom; at += stride) positions++;
        const g = graphBuilder([height, 1, 1]);
        const padding: ConvOptions['padding'] = [top, bottom, 0, 0];
        g.flatten('flatten', g.conv2d('conv', g.input, { filters: 1, size: [size, 1], stride, padding }));
        assert.equal(g.build('window').classes, positions);
      },
    ),
  );
});

test('by default an odd convolution keeps the extents of its map', () => {
  for (const size of [1, 3, 5, 7]) {
    const g = graphBuilder([8, 9, 1]);
    g.globalAvgPool('pool', g.conv2d('conv', g.input, { filters: 1, size }));
    assert.deepEqual(g.build('same').shapes.conv, [8, 9, 1]);
  }
});

test('a graph that is none is refused, naming the node', () => {
  const refuse = (nodes: Node[], message: RegExp) => assert.throws(() => defineNetwork('n', nodes), message);
  refuse([], /needs an input node: n/);
  refuse([relu('a')], /the input node comes first, once: a/);
  refuse([input, { ...input, id: 'second' }], /the input node comes first, once: second/);
  refuse([input, relu('input', 'input')], /id used twice: input/);
  refuse([input, relu('a', 'b')], /a reads a node not defined before it: b/);
  refuse([input, relu('a', 'a')], /a reads a node not defined before it: a/);
  refuse([input, relu('a', 'toString')], /a reads a node not defined before it: toString/);
  refuse([input, relu('a', 'input', 'input')], /wrong number of inputs to relu a: 2/);
  refuse([input, { id: 'sum', op: 'add', inputs: ['input'] }], /wrong number of inputs to add sum: 1/);
  refuse([input, dense('a', 'input'), dense('b', 'a', 'a/kernel')], /parameter name used twice: a\/kernel/);
  refuse(
    [input, dense('a', 'input'), { id: 'sum', op: 'add', inputs: ['a', 'input'] }],
    /add sum needs equal shapes, has 2: \[3\]/,
  );
});

test('layers that do not fit their input, and sizes that are none, are refused', () => {
  const refuse = (build: (g: GraphBuilder) => void, message: RegExp) => {
    const g = graphBuilder([4, 4, 2]);
    build(g);
    assert.throws(() => g.build('n'), message);
  };
  refuse((g) => g.relu('a', g.input), /the output must be a vector, a has shape: \[4, 4, 2\]/);
  refuse((g) => g.dense('a', g.input, { units: 1 }), /dense a needs a vector, flatten first: \[4, 4, 2\]/);
  refuse((g) => g.globalAvgPool('b', g.flatten('a', g.input)), /b needs \[height, width, channels\]: \[32\]/);
  refuse(
    (g) => g.maxPool('a', g.input, { size: 5 }),
    /window 5×5 with stride 5 does not fit at a: \[4, 4, 2\]/,
  );
  refuse(
    (g) => g.avgPool('a', g.input, { size: 0 }),
    /size and stride of a must be positive whole numbers: \[0, 0, 0\]/,
  );
  for (const stride of [0, -1, 1.5, Number.NaN])
    refuse((g) => g.conv2d('a', g.input, { filters: 1, stride }), /size and stride of a must be positive/);
  for (const padding of [-1, 0.5, Number.NaN])
    refuse((g) => g.conv2d('a', g.input, { filters: 1, padding }), /padding of a not whole or negative/);
  for (const filters of [0, 2.5, Number.NaN])
    refuse((g) => g.conv2d('a', g.input, { filters }), /filters of a not a positive whole number/);
  for (const units of [0, 2.5, Number.NaN])
    refuse((g) => g.dense('b', g.flatten('a', g.input), { units }), /units of b not a positive whole number/);
  assert.throws(
    () => graphBuilder([4, 0, 1]).build('n'),
    /input shape needs positive whole extents: \[4, 0, 1\]/,
  );
  assert.throws(() => graphBuilder([]).build('n'), /input shape needs positive whole extents/);
});

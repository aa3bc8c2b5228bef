import assert from 'node:assert/strict';
import fc from 'fast-check';
import { product } from '../base';
import { createRandom, mapRecord, type TensorRecord, tf } from '../tensor';
import { test } from '../testing';
import { conv, resnet20, vgg } from './architectures';
import { graphBuilder } from './builder';
import type { Network, Shape } from './graph';
import { forward } from './passes';
import { fromPytorch, pytorchShapes, toPytorch } from './pytorchLayout';

function draw(shapes: Record<string, Shape>): TensorRecord {
  const random = createRandom(1);
  return mapRecord(shapes, (shape) => {
    const length = product(shape);
    return tf.tensor(
      Float32Array.from({ length }, () => random.normal()),
      [...shape],
    );
  });
}

/** Conv, relu, flatten, batch norm, relu, dense. */
function flattening(): Network {
  const g = graphBuilder([4, 3, 2]);
  const x = g.relu('relu', g.conv2d('conv', g.input, { filters: 3, stride: 2, bias: true })); // [2, 2, 3]
  const y = g.batchNorm('bn', g.flatten('flatten', x)); // [12]
  g.dense('fc', g.relu('relu2', y), { units: 5 });
  return g.build('flattening');
}

/** The outputs of {@link flattening} by sums over PyTorch's own indices, for one image `[channel, row, column]`. */
function byPytorchIndices(record: TensorRecord, image: number[][][]): number[] {
  const get = (name: string) => record[name].arraySync();
  const kernel = get('conv/kernel') as number[][][][];
  const bias = get('conv/bias') as number[];
  const map: number[] = []; // channel-major
  for (let filter = 0; filter < 3; filter++)
    for (let row = 0; row < 2; row++)
      for (let column = 0; column < 2; column++) {
        let sum = bias[filter];
        kernel[filter].forEach((plane, channel) => {
          plane.forEach((line, i) => {
            line.forEach((weight, j) => {
              sum += weight * (image[channel][2 * row + i - 1]?.[2 * column + j - 1] ?? 0);
            });
          });
        });
        map.push(Math.max(sum, 0));
      }
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map(
    (name) => get(`bn/${name}`) as number[],
  );
  const hidden = map.map((value, i) =>
    Math.max((gamma[i] * (value - mean[i])) / Math.sqrt(variance[i] + 1e-5) + beta[i], 0),
  );
  const rows = get('fc/kernel') as number[][];
  return rows.map((row, k) =>
    row.reduce((sum, weight, i) => sum + weight * hidden[i], (get('fc/bias') as number[])[k]),
  );
}

test('a network with parameters from PyTorch gives the outputs that PyTorch indices give', () => {
  const network = flattening();
  const record = draw(pytorchShapes(network));
  const variance = record['bn/variance'].abs();
  record['bn/variance'].dispose();
  record['bn/variance'] = variance;
  const image = draw({ x: [2, 4, 3] }).x;
  const params = fromPytorch(network, record);
  const x = tf.tidy(() => image.transpose([1, 2, 0]).expandDims(0)); // [1, 4, 3, 2]
  const outputs = forward(network, params, x);
  const expected = byPytorchIndices(record, image.arraySync() as number[][][]);
  outputs.dataSync().forEach((value, k) => {
    assert.ok(
      Math.abs(value - expected[k]) < 1e-4 * Math.max(1, Math.abs(expected[k])),
      `${value} ${expected[k]}`,
    );
  });
  tf.dispose([record, params, image, x, outputs]);
});

test('shapes are those of PyTorch', () => {
  const shapes = pytorchShapes(conv());
  assert.deepEqual(shapes['conv2/kernel'], [32, 32, 3, 3]);
  assert.deepEqual(shapes['fc/kernel'], [10, 25088]);
});

test('there and back gives the same numbers, on nets with and without flattened maps', () => {
  const networks = [
    flattening(),
    conv({ input: [6, 5, 2] }),
    resnet20({ input: [8, 8, 3], identityWeights: true }),
  ];
  for (const network of networks) {
    const params = draw(Object.fromEntries(network.parameters.map(({ name, shape }) => [name, shape])));
    const there = toPytorch(network, params);
    const back = fromPytorch(network, there);
    for (const [name, tensor] of Object.entries(params)) {
      assert.deepEqual(there[name].shape, pytorchShapes(network)[name]);
      assert.deepEqual(back[name].shape, tensor.shape);
      assert.deepEqual(back[name].dataSync(), tensor.dataSync());
    }
    tf.dispose([params, there, back]);
  }
});

test('entry [k, (c · height + i) · width + j] of PyTorch is ours at [(i · width + j) · channels + c, k]', () => {
  const extent = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(extent, extent, extent, extent, (height, width, channels, units) => {
      const g = graphBuilder([height, width, channels]);
      g.dense('fc', g.flatten('flatten', g.input), { units });
      const network = g.build('one layer');
      const params = draw(Object.fromEntries(network.parameters.map(({ name, shape }) => [name, shape])));
      const there = toPytorch(network, params);
      const ours = params['fc/kernel'].arraySync() as number[][];
      const theirs = there['fc/kernel'].arraySync() as number[][];
      for (let k = 0; k < units; k++)
        for (let c = 0; c < channels; c++)
          for (let i = 0; i < height; i++)
            for (let j = 0; j < width; j++)
              assert.equal(theirs[k][(c * height + i) * width + j], ours[(i * width + j) * channels + c][k]);
      tf.dispose([params, there]);
    }),
    { numRuns: 30 },
  );
});

test('a record of kernels alone, such as a mask, converts too', () => {
  const network = conv({ input: [4, 4, 1] });
  const mask = { 'fc/kernel': tf.zeros([512, 10]) };
  const there = toPytorch(network, mask);
  assert.deepEqual(
    mapRecord(there, ({ shape }) => shape),
    { 'fc/kernel': [10, 512] },
  );
  tf.dispose([mask, there]);
});

test('the result outlives what it was made of', () => {
  const network = conv({ input: [4, 4, 1] });
  const record = { 'fc/bias': tf.ones([10]) };
  const there = toPytorch(network, record);
  tf.dispose(record);
  assert.equal(there['fc/bias'].dataSync()[0], 1);
  tf.dispose(there);
});

test('a tensor that is not the network’s is named', () => {
  const network = vgg({ depth: 11 });
  const record = { 'fc/kernel': tf.zeros([10, 512]), 'fc/bas': tf.zeros([10]) };
  assert.throws(
    () => toPytorch(network, record),
    /invalid tensors; fc\/kernel needs shape \[512, 10\], has: \[10, 512\]/,
  );
  assert.throws(() => fromPytorch(network, record), /the nearest are fc\/bias, .*: fc\/bas/);
  tf.dispose(record);
});

test('a sum of a flattened map and a dense layer has no PyTorch counterpart', () => {
  const g = graphBuilder([2, 2, 2]);
  const x = g.flatten('flatten', g.input);
  g.add('add', x, g.dense('fc', x, { units: 8 }));
  assert.throws(
    () => pytorchShapes(g.build('mixed')),
    /invalid network; add adds values that PyTorch orders differently/,
  );
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { tf } from '../tensor';
import { test } from '../testing';
import { buildNetwork, fc, fcOrthogonal, resnet20 } from './architectures';
import { graphBuilder } from './builder';
import type { Initialiser } from './graph';
import { type InitialiseOptions, initialise } from './initialise';
import { checkParams, type Params } from './params';

function hash(params: Params): string {
  const digest = createHash('sha256');
  for (const [name, tensor] of Object.entries(params)) digest.update(name).update(tensor.dataSync());
  return digest.digest('hex').slice(0, 16);
}

function hashOf(options: InitialiseOptions): string {
  const params = initialise(resnet20({ input: [8, 8, 3] }), options);
  const result = hash(params);
  tf.dispose(params);
  return result;
}

test('a seed gives the same bits on every platform, today and tomorrow', () => {
  assert.equal(hashOf({ seed: 1 }), '97f44c0e3301d596');
  assert.equal(hashOf({ seed: 1, initialiser: 'kaimingUniform' }), 'e17d65a9c695fd0a');
  assert.equal(hashOf({ seed: 1, initialiser: 'orthogonal' }), '81d513ea4f486b77');
  assert.notEqual(hashOf({ seed: 2 }), hashOf({ seed: 1 }));
});

test('every parameter of the network gets a tensor of its shape', () => {
  for (const name of ['fc-100', 'conv', 'resnet56', 'conv-orth']) {
    const network = buildNetwork(name, {
      input: [8, 8, 1],
      identityWeights: name.includes('resnet') || undefined,
    });
    const params = initialise(network, { seed: 1 });
    checkParams(network, params);
    assert.equal(Object.keys(params).length, network.parameters.length);
    tf.dispose(params);
  }
});

test('kernels have variance 2 / fan-in, the rest starts at the identity', () => {
  const network = resnet20({ identityWeights: true });
  const params = initialise(network, { seed: 3 });
  const constants = { bias: 0, beta: 0, mean: 0, gamma: 1, variance: 1, scale: 1, slope: 0.25 };
  for (const { name, role, fanIn = 0 } of network.parameters) {
    const values = params[name].dataSync<'float32'>();
    if (role !== 'kernel') {
      assert.ok(
        values.every((value) => value === constants[role]),
        name,
      );
      continue;
    }
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    const error = Math.sqrt(2 / values.length); // relative standard error of a normal's variance
    assert.ok(Math.abs((variance * fanIn) / 2 - 1) < 4 * error, `${name} ${variance}`);
  }
  tf.dispose(params);
});

const convolution = { inputs: 9 * 16, outputs: 9 * 32 };
const dense = { inputs: 32 * 8 * 8, outputs: 40 };
/** The deviation of a kernel and the bound of its layer's biases, by initialiser, as the sources have them. */
const deviations: Record<
  Initialiser,
  (fan: typeof dense, isDense: boolean) => [kernel: number, bias: number]
> = {
  kaimingNormal: ({ inputs }) => [Math.sqrt(2 / inputs), 0],
  kaimingUniform: ({ inputs }) => [Math.sqrt(2 / inputs), 0],
  orthogonal: ({ inputs, outputs }, isDense) => [1 / Math.sqrt(Math.max(inputs, isDense ? outputs : 32)), 0],
  // kaiming_uniform_ with a = √5: gain √(2 / (1 + 5)), bound gain · √(3 / fan-in).
  pytorch: ({ inputs }) => [Math.sqrt(1 / (3 * inputs)), 1 / Math.sqrt(inputs)],
  torchvisionVgg: ({ outputs }, isDense) => [isDense ? 0.01 : Math.sqrt(2 / outputs), 0],
  torchvisionResnet: ({ inputs, outputs }, isDense) => [
    Math.sqrt(isDense ? 1 / (3 * inputs) : 2 / outputs),
    1 / Math.sqrt(inputs),
  ],
};

for (const [initialiser, expected] of Object.entries(deviations))
  test(`${initialiser} draws kernels with their deviation and biases within their bound`, () => {
    const g = graphBuilder([8, 8, 16]);
    const x = g.conv2d('conv', g.input, { filters: 32, bias: true });
    g.dense('dense', g.flatten('flatten', x), { units: 40 });
    const network = g.build('conv and dense');
    const params = initialise(network, { seed: 5, initialiser: initialiser as Initialiser });
    for (const [layer, fan] of Object.entries({ conv: convolution, dense })) {
      const [deviation, bound] = expected(fan, layer === 'dense');
      const kernel = params[`${layer}/kernel`].dataSync<'float32'>();
      const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length;
      const error = Math.sqrt(2 / kernel.length); // relative standard error of a normal's variance
      assert.ok(Math.abs(variance / deviation ** 2 - 1) < 4 * error, `${layer} ${variance}`);
      const bias = params[`${layer}/bias`].dataSync<'float32'>().map(Math.abs);
      const largest = bias.reduce((most, value) => Math.max(most, value), 0);
      assert.ok(largest <= bound && largest >= 0.8 * bound, `${layer} ${largest} of ${bound}`);
    }
    tf.dispose(params);
  });

test('adding a layer leaves the other layers’ weights as they were, and no two layers share theirs', () => {
  const build = (layers: readonly string[]) => {
    const g = graphBuilder([4]);
    let x = g.input;
    for (const id of layers) x = g.dense(id, x, { units: 4 });
    return g.build('layers');
  };
  const before = initialise(build(['a', 'c']), { seed: 1 });
  const after = initialise(build(['a', 'b', 'c']), { seed: 1 });
  for (const name of ['a/kernel', 'c/kernel'])
    assert.deepEqual(after[name].dataSync(), before[name].dataSync());
  assert.notDeepEqual(after['b/kernel'].dataSync(), after['a/kernel'].dataSync());
  tf.dispose([before, after]);
});

test('an orthogonal network starts orthogonal unless told otherwise', () => {
  const options = { width: 4, depth: 2, input: [6], classes: 3 };
  const found = initialise(fcOrthogonal(options), { seed: 1 });
  const asked = initialise(fc(options), { seed: 1, initialiser: 'orthogonal' });
  const other = initialise(fcOrthogonal(options), { seed: 1, initialiser: 'kaimingNormal' });
  assert.equal(hash(found), hash(asked));
  assert.notEqual(hash(found), hash(other));
  tf.dispose([found, asked, other]);
});

test('a seed that is no number and an unknown initialiser are refused', () => {
  const network = fc({ width: 1, depth: 1, input: [1], classes: 1 });
  assert.throws(() => initialise(network, { seed: Number.NaN }), /invalid seed; not a finite number: NaN/);
  assert.throws(
    () => initialise(network, { seed: 1, initialiser: 'kaiming' as 'kaimingNormal' }),
    /invalid initialiser; unknown, did you mean kaimingNormal, .*: kaiming/,
  );
});

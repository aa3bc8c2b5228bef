import assert from 'node:assert/strict';
import {
  graphBuilder,
  initialise,
  kernelsOf,
  type LinearPolicy,
  linearPass,
  type Network,
  type Params,
  resnet20,
} from '../network';
import { tf, valueAndAllGradients } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { l1PathNorm, lift, pathGradient, pathKernelTrace, pathNorm } from '.';
import { randomMask } from './testNetworks';

/** Every kind of layer, a strided residual block, a max pool and both average pools. */
function everyLayer(): Network {
  const g = graphBuilder([8, 8, 2]);
  const first = g.batchNorm('first', g.input);
  const stem = g.batchNorm('norm0', g.conv2d('stem', first, { filters: 3, bias: true }));
  const pooled = g.maxPool('pool', g.relu('relu0', stem));
  const branch = g.batchNorm('norm1', g.conv2d('branch', pooled, { filters: 4, stride: 2 }));
  const shortcut = g.channelScale('scale', g.conv2d('shortcut', pooled, { filters: 4, size: 1, stride: 2 }));
  const block = g.relu('relu1', g.add('add', branch, shortcut, branch));
  const wide = g.conv2d('wide', block, { filters: 5, padding: [2, 1, 0, 2] });
  const features = g.flatten('flat', g.avgPool('average', wide));
  g.dense('out', g.relu('relu2', g.dense('hidden', features, { units: 6 })), { units: 3 });
  return g.build('every layer');
}

function globalPool(): Network {
  const g = graphBuilder([4, 4, 1]);
  const map = g.relu('relu', g.conv2d('conv', g.input, { filters: 3 }));
  g.dense('out', g.globalAvgPool('average', map), { units: 2, bias: false });
  return g.build('global pool');
}

/** Positive parameters, so that no rounding is magnified by differences. */
function positiveParams(network: Network): Params {
  return Object.fromEntries(
    network.parameters.map(({ name, shape }, i) => [name, normalTensor(shape, i, 0.3).abs().add(0.03)]),
  );
}

const policies: LinearPolicy[] = [
  {},
  { batchNorm: 'skip' },
  { constants: 'power' },
  { maxPool: 'sum' },
  { biases: true },
  { biases: true, relu: 'apply' },
];

for (const power of [1, 2] as const)
  for (const policy of policies)
    test(`the gradient in double precision is that of the pass in float32 at θ^${power} under ${JSON.stringify(policy)}`, () => {
      tf.tidy(() => {
        for (const network of [everyLayer(), globalPool()]) {
          const params = positiveParams(network);
          const input = normalTensor([2, ...network.input], 9).abs();
          const mask = randomMask(network, 0.8);
          const options = { policy, input, mask, statistics: 'lift' } as const;
          const { norm, gradients } = pathGradient(network, params, power, options);
          const s = lift(network, params, power, { mask, statistics: 'lift' });
          const kernels = Object.fromEntries(kernelsOf(network).map(({ name }) => [name, s[name]]));
          const single = valueAndAllGradients(
            (at) => linearPass(network, { ...s, ...at }, input, power, policy).sum(),
            kernels,
          );
          assertClose([norm.value], single.value.dataSync(), 1e-5);
          assertClose([pathNorm(network, params, power, options).value], [norm.value], 1e-15);
          assert.deepEqual(Object.keys(gradients), Object.keys(kernels));
          for (const name of Object.keys(kernels))
            assertClose(gradients[name], single.gradients[name].dataSync(), 1e-5);
          for (const weight of [1, 2] as const) {
            const scored = pathGradient(network, params, power, { ...options, weight }).gradients;
            const sizes =
              kernels['conv/kernel'] && lift(network, params, 1, { mask })['conv/kernel'].dataSync();
            if (sizes)
              assertClose(
                scored['conv/kernel'],
                Array.from(gradients['conv/kernel'], (g, i) => g * sizes[i] ** weight),
                1e-14,
              );
          }
        }
      });
    });

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  const size = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let i = 0; i < found.length; i++)
    assert.ok(Math.abs(found[i] - expected[i]) <= tolerance * size, `${found[i]} for ${expected[i]}`);
}

test('R is linear in each weight, with the gradient as its slope to twelve digits', () => {
  tf.tidy(() => {
    const network = resnet20({ input: [8, 8, 1], classes: 3 });
    const params = initialise(network, { seed: 1 });
    const { norm, gradients } = pathGradient(network, params, 1);
    for (const { name, shape } of kernelsOf(network).slice(0, 6)) {
      const values = params[name].dataSync().slice();
      values[3] = values[3] < 0 ? values[3] - 1 : values[3] + 1; // |θ| grows by 1, up to float32's rounding
      const grown = Math.abs(values[3]) - Math.abs(params[name].dataSync()[3]);
      const moved = l1PathNorm(network, { ...params, [name]: tf.tensor(values, [...shape]) });
      assertClose(
        [(moved.value - norm.value) / grown],
        [gradients[name][3]],
        1e-12 * (norm.value / gradients[name][3]),
      );
    }
  });
});

/** As many layers of 4 units as given, all weights equal: one path norm is (4 weight)^layers. */
function deep(layers: number, weight: number): { network: Network; params: Params } {
  const g = graphBuilder([4]);
  let h = g.input;
  for (let i = 1; i < layers; i++) h = g.relu(`relu${i}`, g.dense(`layer${i}`, h, { units: 4, bias: false }));
  g.dense('out', h, { units: 1, bias: false });
  const network = g.build('deep');
  const params = network.parameters.map(({ name, shape }) => [name, tf.fill([...shape], weight)]);
  return { network, params: Object.fromEntries(params) };
}

test('sums over the paths of deep nets are exact where float64 holds them', () => {
  tf.tidy(() => {
    for (const weight of [32, 1 / 1024]) {
      const { network, params } = deep(61, weight);
      assertClose([l1PathNorm(network, params).log], [61 * Math.log(4 * weight)], 1e-15);
      const squared = deep(45, weight);
      assertClose(
        [pathNorm(squared.network, squared.params, 2).log],
        [45 * Math.log(4 * weight ** 2)],
        1e-15,
      );
    }
  });
});

test('sums beyond float64 are an error, in both directions, and no path at all is 0', () => {
  tf.tidy(() => {
    for (const [weight, layers] of [
      [32, 160],
      [1 / 1024, 140],
    ]) {
      const { network, params } = deep(layers, weight);
      for (const f of [l1PathNorm, pathKernelTrace])
        assert.throws(
          () => f(network, params),
          /invalid (path norm|trace); leaves float64, .*, at layer\d+: (0|Infinity)$/,
        );
      assert.throws(
        () => pathGradient(network, params, 1),
        /invalid path norm; leaves float64, .*, at layer\d+: (0|Infinity)$/,
      );
      const nan = { ...params, 'layer3/kernel': tf.fill([4, 4], Number.NaN) };
      for (const f of [l1PathNorm, pathKernelTrace])
        assert.throws(() => f(network, nan), {
          message: 'invalid params; NaN or infinite numbers in: layer3/kernel',
        });
    }
    const { network, params } = deep(140, 1 / 1024);
    const zeros = { ...params, 'layer3/kernel': tf.zeros([4, 4]) };
    assert.deepEqual(l1PathNorm(network, zeros), { log: Number.NEGATIVE_INFINITY, value: 0 });
    assert.equal(pathKernelTrace(network, { ...zeros, 'layer5/kernel': tf.zeros([4, 4]) }).value, 0);
  });
});

test('an input keeps its sign, and a gradient by a parameter that is on no path is 0', () => {
  tf.tidy(() => {
    const network = globalPool();
    const params = positiveParams(network);
    const input = tf.fill([1, 4, 4, 1], -1);
    const [plus, minus] = [{}, { input }].map((options) => pathNorm(network, params, 1, options).value);
    assert.equal(minus, -plus);
    const names = ['conv/bias', 'conv/kernel'].filter((name) => Object.hasOwn(params, name));
    const { gradients } = pathGradient(network, params, 1, { names });
    for (const name of names)
      assert.equal(
        gradients[name].every((g) => g === 0),
        name.endsWith('bias'),
      );
  });
});

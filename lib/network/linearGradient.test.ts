import assert from 'node:assert/strict';
import { mapRecord, tf, valueAndGradients } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import {
  buildNetwork,
  evaluateLinear,
  graphBuilder,
  initialise,
  kernelsOf,
  linearGradient,
  type Network,
  type Params,
  type PathPolicy,
} from '.';

/** Every kind of layer, a strided residual block, a max pool and both average pools. */
function everyLayer(): Network {
  const g = graphBuilder([8, 8, 2]);
  const stem = g.batchNorm(
    'norm0',
    g.conv2d('stem', g.batchNorm('first', g.input), { filters: 3, bias: true }),
  );
  const pooled = g.maxPool('pool', g.relu('relu0', stem));
  const branch = g.batchNorm('norm1', g.conv2d('branch', pooled, { filters: 4, stride: 2 }));
  const shortcut = g.channelScale('scale', g.conv2d('shortcut', pooled, { filters: 4, size: 1, stride: 2 }));
  const block = g.relu('relu1', g.add('add', branch, shortcut, branch));
  const wide = g.conv2d('wide', block, { filters: 5, padding: [2, 1, 0, 2] });
  const features = g.flatten('flat', g.avgPool('average', wide));
  const vector = g.dense('hidden', features, { units: 6 });
  const again = g.relu('relu2', vector);
  g.dense('out', again, { units: 3 });
  return g.build('every layer');
}

function globalPool(): Network {
  const g = graphBuilder([4, 4, 1]);
  const map = g.relu('relu', g.conv2d('conv', g.input, { filters: 3 }));
  g.dense('out', g.globalAvgPool('average', map), { units: 2, bias: false });
  return g.build('global pool');
}

function positiveParams(network: Network, scale: number): Params {
  return Object.fromEntries(
    network.parameters.map(({ name, shape }, i) => [
      name,
      tf.tidy(() =>
        normalTensor(shape, i, scale)
          .abs()
          .add(0.1 * scale),
      ),
    ]),
  );
}

/** Asserts that value and gradients are those that tfjs's tape finds in `evaluateLinear`. */
function assertAgrees(network: Network, s: Params, x: tf.Tensor, power: 1 | 2, policy?: PathPolicy): void {
  tf.tidy(() => {
    const names = kernelsOf(network).map(({ name }) => name);
    let scale = 0;
    const taped = valueAndGradients(
      (at) => {
        const { outputs, logScale } = evaluateLinear(network, { ...s, ...at }, x, power, policy);
        scale = logScale;
        return tf.sum(outputs);
      },
      Object.fromEntries(names.map((name) => [name, s[name]])),
    );
    const { value, gradients, logScale } = linearGradient(network, s, x, power, policy);
    assert.ok(Math.abs(logScale - scale) < 1e-9);
    const expected = taped.value.dataSync()[0];
    assert.ok(Math.abs(value - expected) <= 1e-5 * Math.abs(expected));
    assert.deepEqual(Object.keys(gradients).sort(), [...names].sort());
    for (const name of names) {
      const size = taped.gradients[name].abs().max().dataSync()[0];
      const difference = gradients[name].sub(taped.gradients[name]).abs().max().dataSync()[0];
      assert.ok(difference <= 1e-5 * size, `${name} differs by ${difference} of ${size}`);
    }
  });
}

for (const power of [1, 2] as const)
  for (const policy of [
    {},
    { batchNorm: 'skip' },
    { constants: 'power' },
    { maxPool: 'sum' },
  ] as const satisfies PathPolicy[])
    for (const scale of [0.3, 300, 1e-4])
      test(`the pass back agrees with the tape at θ^${power} of size ${scale} under ${JSON.stringify(policy)}`, () => {
        for (const network of [everyLayer(), globalPool()]) {
          const s = positiveParams(network, scale);
          const x = tf.tidy(() => normalTensor([2, ...network.input], 9).abs());
          assertAgrees(network, s, x, power, policy);
          tf.dispose([s, x]);
        }
      });

test('the pass back agrees with the tape on a ResNet-20 and a VGG-11', () => {
  for (const name of ['resnet20', 'vgg11-bn']) {
    const network = buildNetwork(name, { input: [32, 32, 3], classes: 10 });
    const params = initialise(network, { seed: 1 });
    const s = mapRecord(params, (tensor) => tensor.abs());
    const x = tf.ones([1, 32, 32, 3]);
    assertAgrees(network, s, x, 1);
    tf.dispose([params, s, x]);
  }
});

test('a signed input keeps its sign', () => {
  const network = globalPool();
  const s = positiveParams(network, 1);
  const x = normalTensor([1, 4, 4, 1], 3);
  assertAgrees(network, s, x, 1);
  tf.dispose([s, x]);
});

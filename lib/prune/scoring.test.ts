import assert from 'node:assert/strict';
import { buildNetwork, initialise, kernelsOf, type Network, type Params } from '../network';
import { createRandom, tf } from '../tensor';
import { test } from '../testing';
import { tinyNetwork } from '../testing/tinyTraining';
import { type PruneOptions, prune } from '.';

/** The network of a residual block with batch norm, and one of dense layers. */
const networks: [string, () => Network][] = [
  ['blocks', tinyNetwork],
  ['resnet20', () => buildNetwork('resnet20', { input: [8, 8, 3], classes: 10 })],
  ['fc-100', () => buildNetwork('fc-100', { input: [8, 8, 1], classes: 10 })],
];

function batchOf({ input, classes }: Network) {
  const random = createRandom(1);
  const size = 20;
  const pixels = Float32Array.from({ length: size * input.reduce((a, b) => a * b) }, () => random.normal());
  return {
    images: tf.tensor(pixels, [size, ...input]),
    labels: tf.tensor1d(
      Int32Array.from({ length: size }, (_, i) => i % classes),
      'int32',
    ),
  };
}

async function bitsOf(
  network: Network,
  params: Params,
  options: PruneOptions,
): Promise<Record<string, string>> {
  const { mask } = await prune(network, params, options);
  const bits = Object.fromEntries(
    kernelsOf(network).map(({ name }) => [name, [...mask[name].dataSync()].join('')]),
  );
  tf.dispose(mask);
  return bits;
}

for (const method of ['synflow', 'synflow-l2', 'synflow-dist', 'snip', 'grasp'] as const)
  test(`${method} keeps the same weights whether a smaller network is scored or the whole one`, async () => {
    for (const [name, build] of networks) {
      const network = build();
      const params = initialise(network, { seed: 1 });
      const batch = batchOf(network);
      const needsBatch = ['snip', 'grasp', 'synflow-dist'].includes(method);
      const options: PruneOptions = {
        method,
        compression: 30,
        iterations: 12,
        ...(needsBatch && { batch }),
      };
      const whole = await bitsOf(network, params, { ...options, compact: false });
      const small = await bitsOf(network, params, { ...options, compact: true });
      assert.deepEqual(small, whole, name);
      tf.dispose([params, batch]);
    }
  });

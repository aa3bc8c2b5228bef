import assert from 'node:assert/strict';
import { max } from 'd3-array';
import {
  applyMask,
  buildNetwork,
  compact,
  initialise,
  kernelsOf,
  type Network,
  type Params,
} from '../network';
import { widened } from '../network/compact/testCompact';
import { createRandom, mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { tinyNetwork } from '../testing/tinyTraining';
import { type PruneOptions, prune, type ScoreArray } from '.';
import { grasp } from './scores/grasp';
import { snip } from './scores/snip';

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

for (const method of ['synflow', 'synflow-l2', 'synflow-dist'] as const)
  test(`${method} keeps the same weights whether a smaller network is scored or the whole one`, async () => {
    for (const [name, build] of networks) {
      const network = build();
      const params = initialise(network, { seed: 1 });
      const batch = batchOf(network);
      const options: PruneOptions = {
        method,
        compression: 30,
        iterations: 12,
        ...(method === 'synflow-dist' && { batch }),
      };
      const whole = await bitsOf(network, params, { ...options, compact: false });
      const small = await bitsOf(network, params, { ...options, compact: true });
      assert.deepEqual(small, whole, name);
      tf.dispose([params, batch]);
    }
  });

// In single precision: from step to step rounding comes to decide which weights stay, so one step is compared.
for (const method of [snip, grasp])
  test(`${method.description} scores weights of a smaller network as those of the whole one`, async () => {
    for (const [name, build] of networks) {
      const network = build();
      const start = initialise(network, { seed: 1 });
      const { mask } = await prune(network, start, { method: 'synflow', compression: 10, iterations: 12 });
      const params = applyMask(network, start, mask);
      const small = compact(network, params, mask, { mode: method.compacts });
      const batch = batchOf(network);
      const context = { random: createRandom(1), batch };
      const [whole, own] = [
        await method.score(network, params, { ...context, mask }),
        await method.score(small.network, small.params, { ...context, mask: small.mask }),
      ].map((scores) => mapRecord(scores, numbersOf));
      const largest = max(
        Object.values(whole).flatMap((values) => max(values, Math.abs) as number),
      ) as number;
      assert.ok(largest > 0);
      for (const [kernel, values] of Object.entries(whole)) {
        const kept = mask[kernel].dataSync();
        const found = widened(small, Float64Array.from(own[kernel]), kernel, values.length);
        values.forEach((value, i) => {
          const gap = kept[i] === 0 ? 0 : Math.abs(value - found[i]);
          assert.ok(gap <= 1e-4 * largest, `${name}, ${kernel} ${i}: ${value}, ${found[i]} of ${largest}`);
        });
      }
      tf.dispose([start, params, mask, small.params, small.mask, batch]);
    }
  });

/** The numbers of a kernel's scores; a tensor is disposed of. */
function numbersOf(scores: tf.Tensor | ScoreArray): ScoreArray {
  if (!(scores instanceof tf.Tensor)) return scores;
  const values = scores.dataSync() as ScoreArray;
  scores.dispose();
  return values;
}

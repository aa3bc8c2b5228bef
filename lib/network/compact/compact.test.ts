import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pathGradient } from '../../path';
import { networksOf } from '../../path/testRandomNetwork';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { compact } from '..';
import { ops } from '../ops';
import { assertClose, draw, pass, widened } from './testCompact';

const networks = networksOf(24, 200);
const seen = new Map<string, number>();
const note = (word: string, count: number) => seen.set(word, (seen.get(word) ?? 0) + count);

test('in inference the smaller network has the same outputs', () => {
  fc.assert(
    fc.property(networks, fc.nat(10_000), (network, seed) => {
      tf.tidy(() => {
        const { params, mask } = draw(network, seed);
        const small = compact(network, params, mask);
        const x = tf.randomNormal([3, ...network.input], 0, 1, 'float32', seed);
        const expected = pass(network, params, mask, x, 'inference');
        const found = pass(small.network, small.params, small.mask, x, 'inference');
        // Biases that carry constants on are float32.
        assertClose(found.outputs, expected.outputs, 'outputs', { tolerance: 1e-6 });
        for (const { op } of small.network.nodes) note(op, 1);
        const total = small.report.at(-1);
        for (const [word, count] of Object.entries(total ?? {})) note(word, Number(count) || 0);
      });
    }),
    { numRuns: 400, seed: 1, includeErrorInReport: true },
  );
  assert.deepEqual(
    Object.keys(ops).filter((op) => !seen.has(op)),
    [],
  );
});

test('in training outputs, gradients and statistics are the same', () => {
  fc.assert(
    fc.property(networks, fc.nat(10_000), (network, seed) => {
      tf.tidy(() => {
        const { params, mask } = draw(network, seed);
        const small = compact(network, params, mask, { mode: 'training' });
        const x = tf.randomNormal([3, ...network.input], 0, 1, 'float32', seed);
        const dropSeed = tf.tensor1d([seed, 1], 'int32');
        const expected = pass(network, params, mask, x, 'training', dropSeed);
        const found = pass(small.network, small.params, small.mask, x, 'training', dropSeed);
        assertClose(found.outputs, expected.outputs, 'outputs');
        const largest = Object.values(expected.gradients).reduce(
          (most, values) => Math.max(most, ...values.map(Math.abs)),
          0,
        );
        for (const [name, values] of Object.entries(expected.gradients)) {
          const gradients = widened(small, found.gradients[name], name, values.length);
          const kept = mask[name]?.dataSync();
          if (kept) for (let i = 0; i < kept.length; i++) if (kept[i] === 0) values[i] = gradients[i] = 0;
          assertClose(gradients, values, `gradient of ${name}`, { least: largest });
        }
        // Of channels that nothing reads the smaller network does not know the statistics.
        for (const node of network.nodes)
          if (node.op === 'batchNorm')
            for (const name of [node.mean, node.variance]) {
              const values = expected.statistics[name];
              const own = widened(small, found.statistics[name], name, values.length);
              const isRead = expected.gradients[node.beta].map((slope) => (slope === 0 ? 0 : 1));
              assertClose(
                own.map((value, i) => value * isRead[i]),
                values.map((value, i) => value * isRead[i]),
                name,
              );
            }
        note('training', small.report.at(-1)!.channels - small.report.at(-1)!.left);
        note('trained', small.report.at(-1)!.trained);
      });
    }),
    { numRuns: 400, seed: 1, includeErrorInReport: true },
  );
});

test('along paths the sum and its gradient are the same', () => {
  fc.assert(
    fc.property(networks, fc.nat(10_000), (network, seed) => {
      tf.tidy(() => {
        const { params, mask } = draw(network, seed);
        const small = compact(network, params, mask, { mode: 'paths' });
        for (const power of [1, 2] as const) {
          const expected = pathGradient(network, params, power, { mask });
          const found = pathGradient(small.network, small.params, power, { mask: small.mask });
          assert.ok(Math.abs(found.norm.value - expected.norm.value) <= 1e-12 * expected.norm.value);
          for (const [name, values] of Object.entries(expected.gradients)) {
            const kept = mask[name].dataSync();
            const whole = new Float64Array(values.length);
            found.gradients[name].forEach((value, i) => {
              whole[small.origin[name]?.[i] ?? i] = value;
            });
            const weights = params[name].dataSync();
            const largest = values.reduce((a, b) => Math.max(a, b), 0);
            values.forEach((value, i) => {
              if (kept[i] === 0 || weights[i] === 0) return;
              assert.ok(Math.abs(value - whole[i]) <= 1e-12 * largest, `${name}: ${value}, ${whole[i]}`);
            });
          }
        }
        note('paths', small.report.at(-1)!.channels - small.report.at(-1)!.left);
      });
    }),
    { numRuns: 100, seed: 1 },
  );
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { product } from '../../base';
import { pathGradient } from '../../path';
import { networksOf } from '../../path/testRandomNetwork';
import {
  compiled,
  createRandom,
  mapRecord,
  readDoubles,
  type TensorRecord,
  tf,
  valueAndGradients,
} from '../../tensor';
import { test } from '../../testing';
import {
  type Compacted,
  compact,
  type ForwardOptions,
  forward,
  kernelsOf,
  type Mask,
  type Network,
  type Params,
} from '..';
import { isTrained } from '../isTrained';
import { ops } from '../ops';

/** Parameters of which many are 0, and a mask without many of the channels. */
function draw(network: Network, seed: number): { params: Params; mask: Mask } {
  const random = createRandom(seed);
  const density = [0.1, 0.3, 0.6, 0.9][random.integer(4)];
  const kernels = new Set(kernelsOf(network).map(({ name }) => name));
  const params: Params = {};
  const mask: Mask = {};
  for (const { name, shape, role } of network.parameters) {
    const isRest = ['bias', 'beta', 'mean'].includes(role);
    const values = Float32Array.from({ length: product(shape) }, () => {
      if (isRest && random.uniform() < 0.6) return 0;
      if (role === 'variance') return 0.5 + random.uniform();
      return random.normal();
    });
    params[name] = tf.tensor(values, [...shape]);
    if (!kernels.has(name)) continue;
    const outputs = shape[shape.length - 1];
    const inputs = shape[shape.length - 2];
    const cut = [outputs, inputs].map((n) => Array.from({ length: n }, () => random.uniform() < 0.3));
    const bits = Float32Array.from(values, (_, i) => {
      const isCut = cut[0][i % outputs] || cut[1][Math.floor(i / outputs) % inputs];
      return !isCut && random.uniform() < density ? 1 : 0;
    });
    mask[name] = tf.tensor(bits, [...shape]);
  }
  return { params, mask };
}

function masked(params: Params, mask: Mask): Params {
  return mapRecord(params, (tensor, name) => (mask[name] ? tensor.mul(mask[name]) : tensor));
}

/** Whether numbers are equal to a part of the largest. */
function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  { least = 1e-2, tolerance = 1e-9 } = {},
): void {
  assert.equal(found.length, expected.length, what);
  let [error, size] = [0, least];
  for (let i = 0; i < expected.length; i++) {
    error = Math.max(error, Math.abs(expected[i] - found[i]));
    size = Math.max(size, Math.abs(expected[i]));
  }
  assert.ok(error <= tolerance * size, `${what} differs by ${error} of ${size}`);
}

/** Outputs, gradients of a function of them, and statistics in double precision. */
function pass(
  network: Network,
  params: Params,
  mask: Mask,
  x: tf.Tensor,
  mode: 'inference' | 'training',
  seed?: tf.Tensor1D,
) {
  const names = network.parameters.filter(isTrained).map(({ name }) => name);
  const run = compiled(
    (inputs: { params: Params; mask: Mask; x: tf.Tensor; seed?: tf.Tensor1D }) => {
      const seen: TensorRecord = {};
      const onStatistics: ForwardOptions['onStatistics'] = (node, mean, variance) => {
        seen[node.mean] = tf.keep(mean.clone()); // out of the pass's own tidy
        seen[node.variance] = tf.keep(variance.clone());
      };
      const outputsOf = (at: Params, others: ForwardOptions = {}) =>
        forward(network, masked({ ...inputs.params, ...at }, inputs.mask), inputs.x, {
          mode,
          seed: inputs.seed,
          ...others,
        });
      const outputs = outputsOf({}, mode === 'training' ? { onStatistics } : {});
      const statistics = mapRecord(seen, (tensor) => tensor.clone());
      tf.dispose(seen);
      const at = Object.fromEntries(names.map((name) => [name, inputs.params[name]]));
      const { gradients } = valueAndGradients((moved) => outputsOf(moved).sin().sum() as tf.Scalar, at);
      return { outputs, gradients, statistics };
    },
    { precision: 'double' },
  );
  const { outputs, gradients, statistics } = run({ params, mask, x, ...(seed && { seed }) });
  run.dispose();
  return {
    outputs: readDoubles(outputs),
    gradients: mapRecord(gradients, readDoubles),
    statistics: mapRecord(statistics, readDoubles),
  };
}

/** Numbers put back in their places, 0 elsewhere. */
function widened({ origin }: Compacted, values: Float64Array, name: string, size: number): Float64Array {
  const whole = new Float64Array(size);
  values.forEach((value, i) => {
    whole[origin[name]?.[i] ?? i] = value;
  });
  return whole;
}

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

import assert from 'node:assert/strict';
import { product } from '../../base';
import {
  compiled,
  createRandom,
  mapRecord,
  readDoubles,
  type TensorRecord,
  tf,
  valueAndGradients,
} from '../../tensor';
import {
  type Compacted,
  type ForwardOptions,
  forward,
  kernelsOf,
  type Mask,
  type Network,
  type Params,
} from '..';
import { isTrained } from '../isTrained';

/** Parameters of which many are 0, and a mask without many of the channels. */
export function draw(network: Network, seed: number): { params: Params; mask: Mask } {
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

export function masked(params: Params, mask: Mask): Params {
  return mapRecord(params, (tensor, name) => (mask[name] ? tensor.mul(mask[name]) : tensor));
}

/** Whether numbers are equal to a part of the largest. */
export function assertClose(
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
export function pass(
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
export function widened(
  { origin }: Compacted,
  values: Float64Array,
  name: string,
  size: number,
): Float64Array {
  const whole = new Float64Array(size);
  values.forEach((value, i) => {
    whole[origin[name]?.[i] ?? i] = value;
  });
  return whole;
}

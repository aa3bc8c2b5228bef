import { type LinearPolicy, type Network, type Params, toPytorch } from '../../network';
import { pathGradient, pathKernelTrace, pathNorm } from '../../path';
import { mapRecord, tf } from '../../tensor';
import { type Comparison, relativeError, relativeErrorOf, worst } from '../comparison';
import { type Fields, fieldsOf, isFields } from '../jsonFields';

/** How batch norm enters, as files call it; pools once. */
export const POLICIES: Readonly<Record<string, LinearPolicy>> = {
  skip: { batchNorm: 'skip' },
  fold: { batchNorm: 'fold' },
  published: { batchNorm: 'apply' },
};

/** |θ|^weight ∂R/∂s at s = |θ|^power. */
const SCORES = {
  a: { power: 2, weight: 2 },
  b: { power: 2, weight: 1 },
  c: { power: 1, weight: 2 },
  d: { power: 2, weight: 0 },
  e: { power: 1, weight: 1 },
} as const;

export type ScoreName = keyof typeof SCORES;

/** Numbers by weight tensor, in PyTorch's order. */
export type ByTensor = Readonly<Record<string, ArrayLike<number>>>;

/** One of the scores over weights, by tensor. */
export function scoresOf(
  network: Network,
  params: Params,
  name: ScoreName,
  policy: LinearPolicy = {},
): ByTensor {
  const { power, weight } = SCORES[name];
  const { gradients } = pathGradient(network, params, power, { weight, policy });
  return inTheirOrder(
    network,
    mapRecord(gradients, (values, tensor) => tf.tensor(Float32Array.from(values), params[tensor].shape)),
  );
}

/** Tensors as numbers in PyTorch's order; disposes of them. */
export function inTheirOrder(network: Network, tensors: Params): ByTensor {
  const theirs = toPytorch(network, tensors);
  const found = mapRecord(theirs, (tensor) => tensor.dataSync());
  tf.dispose([tensors, theirs]);
  return found;
}

/** Compares numbers by tensor with those of a field. */
export function compareTensors(
  quantity: string,
  found: ByTensor,
  expected: unknown,
  tolerance: number,
): Comparison {
  const error =
    isFields(expected) && Object.keys(expected).every((name) => Object.hasOwn(found, name))
      ? worst(Object.entries(expected), ([name, values]) => relativeError(found[name], values))
      : Number.POSITIVE_INFINITY;
  return { quantity, error, tolerance, measure: 'relative' };
}

/** Compares a number with that of a field, its error relative to `scale` at least. */
export function compareNumber(
  quantity: string,
  found: number,
  expected: unknown,
  tolerance: number,
  scale = 0,
): Comparison {
  return { quantity, error: relativeErrorOf(found, expected, scale), tolerance, measure: 'relative' };
}

/** Compares R(1; |θ|), R(1; θ²), the trace, whole and by tensor, and the scores that the fields of one object name. */
export function comparePaths(
  prefix: string,
  network: Network,
  params: Params,
  fields: Fields,
  policy: LinearPolicy,
  tolerance: number,
): Comparison[] {
  const trace = pathKernelTrace(network, params, { policy });
  const parts = trace.perLayer.map(({ name, log }) => [name, [Math.exp(log)]]);
  const compared: Comparison[] = [];
  const norm = (power: 1 | 2) => pathNorm(network, params, power, { policy }).value;
  const numbers: Readonly<Record<string, () => number>> = {
    F_abs: () => norm(1),
    F_abs_theta: () => norm(1),
    F_squared: () => norm(2),
    F_theta_squared: () => norm(2),
    trace: () => trace.value,
  };
  for (const [name, find] of Object.entries(numbers))
    if (fields[name] !== undefined)
      compared.push(compareNumber(prefix + name, find(), fields[name], tolerance));
  const { trace_by_tensor: byTensor } = fields;
  if (isFields(byTensor)) {
    const listed = mapRecord(byTensor, (value) => [value]);
    compared.push(compareTensors(`${prefix}trace_by_tensor`, Object.fromEntries(parts), listed, tolerance));
  }
  const scores = fields.scores === undefined ? {} : fieldsOf('file', fields).object('scores');
  for (const name of Object.keys(SCORES) as ScoreName[]) {
    for (const [quantity, expected] of [
      [`${prefix}scores.${name}`, scores[name]],
      [`${prefix}scores_${name}`, fields[`scores_${name}`]],
    ] as const)
      if (expected !== undefined)
        compared.push(compareTensors(quantity, scoresOf(network, params, name, policy), expected, tolerance));
  }
  if (fields.scores !== undefined && Object.keys(scores).length === 0)
    compared.push({ quantity: `${prefix}scores`, error: 0, tolerance: 0, measure: 'entries' });
  return compared;
}

import { symmetricEigen } from '../../linalg';
import { empiricalNtk } from '../../ntk';
import { type Comparison, relativeError, relativeErrorOf } from '../comparison';
import { type Fields, isFields } from '../jsonFields';
import type { Check } from './check';

/** Of numbers in double precision throughout: of eigenvalues and sums relative to the largest of their list. */
export const DOUBLE = 1e-9;

/** One of the lists of a file, relative to its largest entry. */
export function compareList(
  quantity: string,
  found: ArrayLike<number>,
  expected: unknown,
  tolerance = DOUBLE,
): Comparison {
  return { quantity, error: relativeError(found, expected, 1), tolerance, measure: 'relative' };
}

/** One of its numbers. */
export function compareNumber(
  quantity: string,
  found: number,
  expected: unknown,
  tolerance = DOUBLE,
): Comparison {
  return { quantity, error: relativeErrorOf(found, expected), tolerance, measure: 'relative' };
}

/** Σ_k Θ[n, k, m, k] of a full kernel of n images with themselves. */
export function overOutputs(values: Float64Array, images: number, outputs: number): Float64Array {
  const size = images * outputs;
  return Float64Array.from({ length: images ** 2 }, (_, i) => {
    const [n, m] = [Math.floor(i / images), i % images];
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += values[(n * outputs + k) * size + m * outputs + k];
    return sum;
  });
}

/** The tangent kernel on the file's inputs, by weights and by all parameters. */
export const checkTangentKernels: Check = async function* check({ network, params, data }, file) {
  if (file.ntk === undefined || data === undefined) return;
  const kernelOf = async (parameters: 'weights' | 'all') =>
    (await empiricalNtk(network, params, data.inputs, null, { parameters, precision: 'double' })).values;
  if (!isFields(file.ntk)) {
    const values = await kernelOf('weights');
    const { values: eigenvalues } = symmetricEigen(values);
    const trace = eigenvalues.reduce((sum, value) => sum + value, 0);
    yield compareList('ntk', values, file.ntk);
    yield compareList('ntk_eigenvalues', eigenvalues, file.ntk_eigenvalues);
    if (file.ntk_trace !== undefined) yield compareNumber('ntk_trace', trace, file.ntk_trace);
    return;
  }
  const fields: Fields = file.ntk;
  const [images] = data.inputs.shape;
  yield compareNumber('ntk.n', images, fields.n, 0);
  yield compareNumber('ntk.outputs', network.classes, fields.outputs, 0);
  for (const parameters of ['weights', 'all'] as const) {
    const values = await kernelOf(parameters);
    yield compareList(`ntk.${parameters}`, values, fields[parameters]);
    const name = `trace_over_outputs_${parameters}`;
    yield compareList(`ntk.${name}`, overOutputs(values, images, network.classes), fields[name]);
    const own = `eigenvalues_${parameters}`;
    yield compareList(`ntk.${own}`, symmetricEigen(values).values, fields[own]);
  }
};

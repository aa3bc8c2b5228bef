import { invalid, product } from '../base';
import type { Network } from '../network';
import { tf } from '../tensor';
import { hashInputs } from './hashFormula';
import { type Fields, fieldsOf, isNumbers } from './jsonFields';
import { isFormula } from './readParameters';

/** Samples in PyTorch's order, row-major `[sample, channel, row, column]` or `[sample, feature]`. */
export interface Samples {
  readonly count: number;
  readonly values: Float32Array;
}

/**
 * The inputs of a reference file, as listed or made by its formula; undefined where it has none.
 *
 * @param size numbers in one sample
 * @param field name of the list, `inputs` by default
 */
export function readInputs(file: Fields, size: number, field = 'inputs'): Samples | undefined {
  const values = listedOrMade(file, size, field);
  if (values === undefined) return undefined;
  const count = values.length / size;
  if (!(Number.isInteger(count) && count > 0))
    throw invalid('reference file', `${field} must hold samples of ${size} numbers, has`, values.length);
  return { count, values };
}

/** Class of each sample: as listed, otherwise the sample's number modulo the classes. */
export function readTargets(file: Fields, count: number, classes: number): number[] {
  const targets = isNumbers(file.targets)
    ? file.targets
    : Array.from({ length: count }, (_, n) => n % classes);
  if (targets.length !== count || !targets.every((target) => target >= 0 && target < classes))
    throw invalid('reference file', `targets must be ${count} classes below ${classes}`, targets);
  return targets;
}

/** The mean over samples, summed in float64 and rounded to float32. */
export function meanSample({ count, values }: Samples): Float32Array {
  const size = values.length / count;
  const sums = new Float64Array(size);
  values.forEach((value, i) => {
    sums[i % size] += value;
  });
  return Float32Array.from(sums, (sum) => sum / count);
}

/** Samples as a tensor `[sample, ...network.input]`, in the layout of this library. */
export function sampleTensor(network: Network, values: Float32Array): tf.Tensor {
  const { input } = network;
  const count = values.length / product(input);
  if (input.length !== 3) return tf.tensor(values, [count, ...input]);
  const [height, width, channels] = input;
  return tf.tidy(() => tf.tensor4d(values, [count, channels, height, width]).transpose([0, 2, 3, 1]));
}

function listedOrMade(file: Fields, size: number, field: string): Float32Array | undefined {
  if (file[field] !== undefined) return Float32Array.from(fieldsOf('file', file).numbers(field));
  if (field !== 'inputs' || !isFormula(file) || file.data_seed === undefined) return undefined;
  const { number } = fieldsOf('file', file);
  // Without a number of samples it is those whose outputs are listed.
  const samples = file.samples === undefined && file.outputs_first2 !== undefined ? 2 : number('samples');
  return hashInputs(samples * size, number('data_seed'));
}

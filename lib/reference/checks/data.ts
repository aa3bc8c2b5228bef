import { type Comparison, relativeError, relativeErrorOf, worst } from '../comparison';
import { isFields } from '../jsonFields';
import type { Check } from './check';

/** Whether parameters and data were made as the file's generator made them: first entries, sums and norms. */
export const checkData: Check = ({ listed, data }, file) => {
  const samples = data?.samples;
  const mean = data?.meanValues;
  const compared: Comparison[] = [];
  const add = (quantity: string, error: number) =>
    compared.push({ quantity, error, tolerance: 1e-6, measure: 'relative' });
  const params = Array.isArray(file.params) ? file.params.filter(isFields) : [];
  const summarised = listed.flatMap(({ values }, i) => summaryErrors(values, params[i]));
  if (summarised.length > 0)
    add(
      'params',
      worst(summarised, (error) => error),
    );
  for (const name of ['input', 'inputs']) {
    const [first, total] = [`${name}_first5`, `${name}_sum`];
    if (samples && file[first] !== undefined)
      add(first, relativeError(samples.values.subarray(0, 5), file[first]));
    if (samples && file[total] !== undefined) add(total, relativeErrorOf(sum(samples.values), file[total]));
  }
  if (mean && file.mean_input !== undefined) add('mean_input', relativeError(mean, file.mean_input));
  if (mean && file.mean_input_first5 !== undefined)
    add('mean_input_first5', relativeError(mean.subarray(0, 5), file.mean_input_first5));
  return compared;
};

function summaryErrors(values: Float32Array, summary: Readonly<Record<string, unknown>>): number[] {
  const errors: number[] = [];
  const l2 = Math.sqrt(sum(Float64Array.from(values, (value) => value * value)));
  if (summary.first5 !== undefined) errors.push(relativeError(values.subarray(0, 5), summary.first5));
  if (summary.sum !== undefined) errors.push(relativeErrorOf(sum(values), summary.sum, l2));
  if (summary.l2 !== undefined) errors.push(relativeErrorOf(l2, summary.l2));
  return errors;
}

function sum(values: Float32Array | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

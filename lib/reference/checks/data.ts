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
  if (samples && file.input_first5 !== undefined)
    add('input_first5', relativeError(samples.values.subarray(0, 5), file.input_first5));
  if (samples && file.input_sum !== undefined)
    add('input_sum', relativeErrorOf(sum(samples.values), file.input_sum));
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

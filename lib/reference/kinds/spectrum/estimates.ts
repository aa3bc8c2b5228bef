import type { PathKernelSpectrum } from '../../../path';
import { type Comparison, relativeErrorOf } from '../../comparison';
import { type Fields, isFields, isNumbers } from '../../jsonFields';
import { relative } from './limits';

/** Estimates: within twice their own interval, about four standard errors, and the interval of the file's own estimate. */
export function* compareEstimates(
  prefix: string,
  fields: Fields,
  found: PathKernelSpectrum,
): Generator<Comparison> {
  const { frobenius, participationRatio, spectralNorm } = found;
  if (!frobenius || !participationRatio) return;
  const half = (frobenius.high - frobenius.low) / 2 / frobenius.estimate;
  const values = {
    frobenius: frobenius.estimate,
    participation_ratio: participationRatio.estimate,
    stable_rank_of_G: (frobenius.estimate / spectralNorm) ** 2,
  };
  for (const [name, value] of Object.entries(values)) {
    const interval = fields[`${name}_interval`];
    const estimate = fields[`${name}_estimate`];
    const [field, expected, own] = isNumbers(interval)
      ? [`${name}_interval`, (interval[0] + interval[1]) / 2, (interval[1] - interval[0]) / 2]
      : isFields(estimate)
        ? [`${name}_estimate`, Number(estimate.value), (Number(estimate.high) - Number(estimate.low)) / 2]
        : [name, fields[name] as number | undefined, 0];
    if (expected === undefined) continue;
    const power = name === 'frobenius' ? 1 : 2; // the others are its squares
    yield relative(`${prefix}${field}`, relativeErrorOf(value, expected), 2 * power * half + own / expected);
  }
}

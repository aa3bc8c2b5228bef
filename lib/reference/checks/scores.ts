import { type Comparison, relativeError, relativeErrorOf, worst } from '../comparison';
import { type Fields, isFields, isNumbers } from '../jsonFields';
import { METHODS } from '../methods';
import { type FoundScores, scoreSubject } from '../scoreSubject';
import type { Subject } from '../subject';
import { FLIPPED, tolerancesOf } from '../tolerances';
import type { Check } from './check';

/** The scores of every pruning method, in full or by sums and samples, and the divisors that go with them. */
export const checkScores: Check = async function* (subject, file) {
  const listed = isFields(file.scores) ? file.scores : {};
  const values = isFields(file.values) ? file.values : {};
  const { value } = tolerancesOf(subject);
  const ofLoss = value + FLIPPED * (subject.relus?.flips ?? 0);
  for (const [name, expected] of Object.entries(listed)) {
    const method = METHODS[name];
    if (method === undefined || (method.needsData && subject.data === undefined)) continue;
    const found = await scoreSubject(subject, method);
    const tolerance = method.method.needs === 'batch' ? ofLoss : value;
    const comparison = (quantity: string, error: number): Comparison => ({
      quantity,
      error,
      tolerance,
      measure: 'relative',
    });
    yield comparison(`scores.${name}`, scoreError(subject, found, expected, method.floor));
    const divisor = DIVISORS[name];
    if (divisor !== undefined && values[divisor] !== undefined)
      yield comparison(`values.${divisor}`, relativeErrorOf(found.divisor, values[divisor]));
  }
};

/** The field that says what a method's scores were divided by. */
const DIVISORS: Readonly<Record<string, string>> = { snip: 'snip_norm', grasp_fork: 'grasp_norm' };

/** The error of scores by tensor, each in full or summarised; or in full as one list over all tensors. */
export function scoreError(
  { prunable }: Subject,
  { scores }: Pick<FoundScores, 'scores'>,
  expected: unknown,
  floor: number,
): number {
  if (isNumbers(expected))
    return relativeError(
      prunable.flatMap((name) => [...scores[name]]),
      expected,
      floor,
    );
  if (!isFields(expected) || Object.keys(expected).some((name) => !prunable.includes(name)))
    return Number.POSITIVE_INFINITY;
  return worst(Object.entries(expected), ([name, value]) =>
    isFields(value) ? summaryError(scores[name], value, floor) : relativeError(scores[name], value, floor),
  );
}

/** Errors of a sampled tensor: extremes and samples relative to the largest, the sum to the sum of magnitudes. */
function summaryError(found: Float64Array, expected: Fields, floor: number): number {
  let sum = 0;
  let magnitudes = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of found) {
    sum += value;
    magnitudes += Math.abs(value);
    squares += value * value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const largest = Math.max(Math.abs(min), Math.abs(max));
  const errors: Readonly<Record<string, (value: unknown) => number>> = {
    sum: (value) => relativeErrorOf(sum, value, magnitudes),
    l2: (value) => relativeErrorOf(Math.sqrt(squares), value),
    min: (value) => relativeErrorOf(min, value, largest * floor),
    max: (value) => relativeErrorOf(max, value, largest * floor),
    at: (value) => sampleError(found, value, largest * floor),
  };
  return worst(Object.entries(expected), ([name, value]) => errors[name]?.(value) ?? 0);
}

/** The samples are spread evenly: entry ⌊j n / m⌋ of n for sample j of m. */
export function sampleIndices(size: number, samples: number): number[] {
  return Array.from({ length: samples }, (_, j) => Math.floor((j * size) / samples));
}

function sampleError(found: Float64Array, expected: unknown, scale: number): number {
  if (!isNumbers(expected)) return Number.POSITIVE_INFINITY;
  const indices = sampleIndices(found.length, expected.length);
  return worst(expected, (value, j) => relativeErrorOf(found[indices[j]], value, scale));
}

import { invalid } from '../../base';
import type { ScoreArray } from '../method';

/** A score, and how many of the weights with that very score are kept. */
export interface Threshold {
  value: number;
  ties: number;
}

/** So few scores are sorted; of more, about as many are looked at to guess between which two the threshold lies. */
export const SAMPLE = 2048;

/**
 * The count-th highest score, and how many of those with that very score are among the highest.
 *
 * By Floyd and Rivest's SELECT (1975, Communications of the ACM 18, algorithm 489): a sample gives two scores that the
 * threshold very likely lies between, and one pass counts those above and gathers the few between, of which it is found in the
 * same way.
 *
 * @param scores without NaN
 * @param count 0 for one above all scores
 */
export function findThreshold(scores: readonly ScoreArray[], count: number): Threshold {
  if (count < 1) return { value: Number.POSITIVE_INFINITY, ties: 0 };
  const size = scores.reduce((sum, { length }) => sum + length, 0);
  if (count > size) return { value: Number.NEGATIVE_INFINITY, ties: count };
  const step = Math.ceil(size / SAMPLE);
  const sample = every(scores, size, step).sort();
  if (step === 1) {
    const value = sample[size - count];
    let above = 0;
    while (sample[size - 1 - above] > value) above++;
    return { value, ties: count - above };
  }
  const { low, high } = bracket(sample, count / size);
  const { above, atHigh, between, atLow } = divide(scores, size, low, high);
  if (count <= above) return findThreshold([every(scores, size, 1).filter((score) => score > high)], count);
  if (count <= above + atHigh) return { value: high, ties: count - above };
  const left = count - above - atHigh;
  if (left <= between.length) return findThreshold([between], left);
  if (left <= between.length + atLow) return { value: low, ties: left - between.length };
  const below = every(scores, size, 1).filter((score) => score < low);
  return findThreshold([below], left - between.length - atLow);
}

export function notANumber(weight: number, kernel: number): Error {
  return invalid('scores', `weight ${weight} of kernel ${kernel} has the score`, Number.NaN);
}

/** Two of a sample's scores between which the lowest of the given fraction of all lies but once in ten thousand times. */
export function bracket(sorted: Float64Array, fraction: number): { low: number; high: number } {
  const { length } = sorted;
  const reach = 4 * Math.sqrt(fraction * (1 - fraction) * length) + 2; // four standard deviations of a sample's quantile
  const at = (place: number) => sorted[Math.round(Math.min(Math.max(place, 0), length - 1))];
  return { low: at((1 - fraction) * length - reach), high: at((1 - fraction) * length + reach) };
}

// Plain loops below: what a closure counts in is an object of its own, several times as slow.

/** How many scores lie above and at two of them, and those between. */
function divide(scores: readonly ScoreArray[], size: number, low: number, high: number) {
  let [above, atHigh, atLow, found] = [0, 0, 0, 0];
  let between: Float64Array = new Float64Array(size >> 3);
  for (const values of scores)
    for (let i = 0; i < values.length; i++) {
      const score = values[i];
      if (score > high) above++;
      else if (score < low) continue;
      else if (score === high) atHigh++;
      else if (score === low) atLow++;
      else {
        if (found === between.length) between = grown(between);
        between[found++] = score;
      }
    }
  return { above, atHigh, atLow, between: between.subarray(0, found) };
}

function grown(list: Float64Array): Float64Array {
  const longer = new Float64Array(2 * list.length);
  longer.set(list);
  return longer;
}

/** Every step-th score. */
function every(scores: readonly ScoreArray[], size: number, step: number): Float64Array {
  const found = new Float64Array(Math.ceil(size / step));
  let count = 0;
  let next = 0;
  for (const values of scores) {
    for (; next < values.length; next += step) found[count++] = values[next];
    next -= values.length;
  }
  return found;
}

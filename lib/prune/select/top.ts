import type { Random } from '../../tensor';
import type { ScoreArray } from '../method';
import type { Choice } from './select';
import { countOf, type Survivors } from './survivors';
import { bracket, findThreshold, notANumber, SAMPLE, type Threshold } from './threshold';
import { noteTies } from './ties';

/**
 * Exactly `count` of the highest scores, or all candidates where they are fewer. Which of equal ones are kept is drawn, each as likely: in
 * their order the first layers would keep all of theirs and the last none, of which the scores say nothing. Without a stream of random
 * numbers they are taken in their order.
 *
 * What few candidates a large kernel has lie far apart in memory, so each is looked at once: a sample of them says between
 * which two scores the threshold very likely lies.
 *
 * @throws `invalid scores; …` where one is NaN
 */
export function top({
  scores,
  candidates,
  count,
  random,
}: Pick<Choice, 'scores' | 'candidates' | 'count'> & Partial<Pick<Choice, 'random'>>): Survivors {
  const ties = random?.fork('ties');
  const size = countOf(candidates);
  const wanted = Math.min(count, size);
  if (wanted === size) return all(scores, candidates);
  const { low, high } = bracket(sampleOf(scores, candidates, size), wanted / size);
  const sift = (from: number, to: number) =>
    scores.map((values, k) => siftKernel(values, candidates[k], k, from, to));
  const found = keepHighest(sift(low, high), wanted, ties);
  return found ?? keepHighest(sift(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), wanted, ties)!;
}

/** All candidates. */
function all(scores: readonly ScoreArray[], candidates: Survivors): Survivors {
  candidates.forEach((indices, k) => {
    for (let j = 0; j < indices.length; j++)
      if (Number.isNaN(scores[k][indices[j]])) throw notANumber(indices[j], k);
  });
  return candidates;
}

/** Of a kernel's candidates, those not below a range of scores, and where among them those within it are. */
interface Sifted {
  indices: Uint32Array;
  places: number[];
  near: Float64Array;
}

// Plain loops below: what a closure counts in is an object of its own, several times as slow.

function siftKernel(
  values: ScoreArray,
  candidates: Uint32Array,
  kernel: number,
  low: number,
  high: number,
): Sifted {
  const indices = new Uint32Array(candidates.length);
  const places: number[] = [];
  const near: number[] = [];
  let count = 0;
  for (let j = 0; j < candidates.length; j++) {
    const i = candidates[j];
    const score = values[i];
    if (!(score > high)) {
      if (score < low) continue;
      if (Number.isNaN(score)) throw notANumber(i, kernel);
      places.push(count);
      near.push(score);
    }
    indices[count++] = i;
  }
  return { indices: indices.subarray(0, count), places, near: Float64Array.from(near) };
}

/** The `count` highest of what was sifted; undefined where the threshold is not within the range. */
function keepHighest(
  sifted: readonly Sifted[],
  count: number,
  random: Random | undefined,
): Survivors | undefined {
  const total = sifted.reduce((sum, { indices }) => sum + indices.length, 0);
  const above = sifted.reduce((left, { near }) => left - near.length, total);
  if (above > count || total < count) return undefined;
  const threshold = findThreshold(
    sifted.map(({ near }) => near),
    count - above,
  );
  return takeOut(sifted, threshold, random);
}

/** What is left without those near that are below the threshold or are too many at it, in the place of what was sifted. */
function takeOut(
  sifted: readonly Sifted[],
  { value, ties }: Threshold,
  random: Random | undefined,
): Survivors {
  const survivors: Uint32Array[] = [];
  let tied = 0;
  for (const { near } of sifted) for (let n = 0; n < near.length; n++) if (near[n] === value) tied++;
  const isChoice = tied > ties;
  let left = ties;
  for (const { indices, places, near } of sifted) {
    let [count, next, equal, cut] = [0, 0, 0, 0];
    const chosen = new Uint32Array(isChoice ? near.length : 0);
    for (let j = 0; j < indices.length; j++) {
      if (next < places.length && j === places[next]) {
        const score = near[next++];
        if (!(score > value)) {
          if (score < value) continue;
          if (isChoice) {
            // Knuth's algorithm S: each of those still to come is as likely.
            const isKept = random ? random.uniform() * tied-- < left : left > 0;
            if (!isKept) {
              cut++;
              continue;
            }
            left--;
            chosen[equal++] = indices[j];
          }
        }
      }
      indices[count++] = indices[j];
    }
    const isMost = count > indices.buffer.byteLength / indices.BYTES_PER_ELEMENT / 2;
    const own = isMost ? indices.subarray(0, count) : indices.slice(0, count);
    if (isChoice) noteTies(own, { kept: chosen.slice(0, equal), cut });
    survivors.push(own);
  }
  return survivors;
}

/** About as many of the candidates' scores as a sample has, evenly apart, sorted. */
function sampleOf(scores: readonly ScoreArray[], candidates: Survivors, size: number): Float64Array {
  const step = Math.ceil(size / SAMPLE);
  const found: number[] = [];
  let next = 0;
  scores.forEach((values, k) => {
    for (; next < candidates[k].length; next += step) found.push(values[candidates[k][next]]);
    next -= candidates[k].length;
  });
  return Float64Array.from(found).sort();
}

import { invalid } from '../../base';
import type { ScoreArray } from '../method';
import type { Survivors } from './survivors';

/** A score, and how many of the weights with that very score are kept. */
export interface Threshold {
  value: number;
  ties: number;
}

/**
 * The count-th highest score, and how many weights with that very score are among the highest.
 *
 * Two histograms over the halves of the scores' leading 32 bits find it, which for 15 million weights takes a small part of
 * the time of a sort. For float32 those are all bits; of float64 the few scores that agree in them are sorted.
 *
 * @param scores all of float32 or all of float64
 * @param survivors which scores to look at; all where absent
 * @param count 0 for one above all scores
 * @throws `invalid scores; …` where one is NaN
 */
export function findThreshold(
  scores: readonly ScoreArray[],
  survivors: Survivors | undefined,
  count: number,
): Threshold {
  const high = new Int32Array(1 << 16);
  const low = new Int32Array(1 << 16);
  scores.forEach((array, k) => {
    countHighHalves(leadingBits(array), survivors?.[k], high);
  });
  checkNoNaN(scores, survivors, high);
  if (count < 1) return { value: Number.POSITIVE_INFINITY, ties: 0 };
  if (high.reduce((sum, found) => sum + found, 0) < count)
    return { value: Number.NEGATIVE_INFINITY, ties: count };
  const upper = nthFromTop(high, count);
  const half = upper.bin - 32768;
  scores.forEach((array, k) => {
    countLowHalves(leadingBits(array), survivors?.[k], half, low);
  });
  const { bin, rank } = nthFromTop(low, upper.rank);
  const key = (half << 16) | bin;
  if (scores[0] instanceof Float32Array) return { value: floatOf(key), ties: rank };
  const agreeing = withKey(scores, survivors, key, low[bin]).sort();
  const value = agreeing[agreeing.length - rank];
  let above = 0;
  while (agreeing[agreeing.length - 1 - above] > value) above++;
  return { value, ties: rank - above };
}

/** Those of the candidates scored above the threshold, and the first of those at it. */
export function keepAbove(
  scores: readonly ScoreArray[],
  candidates: Survivors,
  { value: threshold, ties }: Threshold,
): Survivors {
  let left = ties;
  return scores.map((values, k) => {
    const indices = candidates[k];
    const kept = new Uint32Array(indices.length);
    let count = 0;
    for (let j = 0; j < indices.length; j++) {
      const i = indices[j];
      const score = values[i];
      if (score > threshold || (score === threshold && left > 0)) {
        kept[count++] = i;
        if (score === threshold) left--;
      }
    }
    return kept.slice(0, count);
  });
}

// In this file with the loops that call them: across files a call is a getter of the module too, four times as slow.

/** The leading 32 bits of a list's numbers: `words[i * stride + first]`, without a copy. */
interface LeadingBits {
  words: Int32Array;
  stride: number;
  first: number;
  length: number;
}

function leadingBits(array: ScoreArray): LeadingBits {
  const stride = array.BYTES_PER_ELEMENT / 4;
  const words = new Int32Array(array.buffer, array.byteOffset, array.length * stride);
  return { words, stride, first: stride - 1, length: array.length };
}

/** From a number's leading bits, an integer that orders as numbers do; both zeros alike. */
function orderedKey(bits: number): number {
  return bits >= 0 ? bits : (-2147483648 - bits) | 0;
}

/** The float32 number of a key. */
function floatOf(key: number): number {
  return new Float32Array(Int32Array.of(orderedKey(key)).buffer)[0]; // the map is its own inverse
}

function countHighHalves(
  { words, stride, first, length }: LeadingBits,
  indices: Uint32Array | undefined,
  histogram: Int32Array,
): void {
  if (indices === undefined)
    for (let i = 0; i < length; i++) histogram[(orderedKey(words[i * stride + first]) >> 16) + 32768]++;
  else
    for (let j = 0; j < indices.length; j++)
      histogram[(orderedKey(words[indices[j] * stride + first]) >> 16) + 32768]++;
}

function countLowHalves(
  { words, stride, first, length }: LeadingBits,
  indices: Uint32Array | undefined,
  half: number,
  histogram: Int32Array,
): void {
  const count = indices?.length ?? length;
  for (let j = 0; j < count; j++) {
    const key = orderedKey(words[(indices === undefined ? j : indices[j]) * stride + first]);
    if (key >> 16 === half) histogram[key & 0xffff]++;
  }
}

/** The scores with these leading bits, of float64. */
function withKey(
  scores: readonly ScoreArray[],
  survivors: Survivors | undefined,
  key: number,
  count: number,
): Float64Array {
  const found = new Float64Array(count);
  let at = 0;
  scores.forEach((array, k) => {
    const { words, stride, first } = leadingBits(array);
    const indices = survivors?.[k];
    const looked = indices?.length ?? array.length;
    for (let j = 0; j < looked && at < count; j++) {
      const i = indices === undefined ? j : indices[j];
      if (orderedKey(words[i * stride + first]) !== key) continue;
      found[at++] = array[i];
    }
  });
  return found;
}

/** The bin holding the rank-th entry from the top, and that entry's rank within the bin. */
function nthFromTop(histogram: Int32Array, rank: number): { bin: number; rank: number } {
  let left = rank;
  for (let bin = histogram.length - 1; bin > 0; bin--) {
    if (left <= histogram[bin]) return { bin, rank: left };
    left -= histogram[bin];
  }
  return { bin: 0, rank: left };
}

/** In the order of bits a NaN lies beyond ±Infinity or shares its place; only where something does are NaNs looked for. */
function checkNoNaN(scores: readonly ScoreArray[], survivors: Survivors | undefined, high: Int32Array): void {
  const infinity = scores.some(({ BYTES_PER_ELEMENT }) => BYTES_PER_ELEMENT === 8) ? 0x7ff0 : 0x7f80;
  const isBeyond = (half: number) => half >= infinity || half <= -infinity;
  if (!high.some((found, bin) => found > 0 && isBeyond(bin - 32768))) return;
  scores.forEach((array, k) => {
    const looked = survivors?.[k] ?? array.keys();
    for (const i of looked)
      if (Number.isNaN(array[i]))
        throw invalid('scores', `weight ${i} of kernel ${k} has the score`, array[i]);
  });
}

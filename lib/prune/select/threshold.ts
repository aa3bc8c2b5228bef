import { invalid } from '../base';
import type { Survivors } from './survivors';

/** A score as an integer in the order of scores, and how many of the weights with that very score are kept. */
export interface Threshold {
  key: number;
  ties: number;
}

/**
 * The key of the count-th highest score, and how many weights with that very key are among the highest.
 *
 * Two histograms over the halves of the scores' bit patterns find it, which for 15 million weights takes a small part of
 * the time of a sort.
 *
 * @param survivors which scores to look at; all where absent
 * @throws `invalid scores; …` where one is NaN
 */
export function findThreshold(
  scores: readonly Float32Array[],
  survivors: Survivors | undefined,
  count: number,
): Threshold {
  const high = new Int32Array(1 << 16);
  const low = new Int32Array(1 << 16);
  scores.forEach((array, k) => {
    countHighHalves(orderedBits(array), survivors?.[k], high);
  });
  checkNoNaN(scores, survivors, high);
  const upper = nthFromTop(high, count);
  const half = upper.bin - 32768;
  scores.forEach((array, k) => {
    countLowHalves(orderedBits(array), survivors?.[k], half, low);
  });
  const lower = nthFromTop(low, upper.rank);
  return { key: (half << 16) | lower.bin, ties: lower.rank };
}

/**
 * Narrows the survivors to those scored above the threshold, and the first of those at it.
 *
 * @param survivors changed in place
 * @param weights where given, the entries of weights that go are set to 0
 */
export function keepAbove(
  scores: readonly Float32Array[],
  survivors: Survivors,
  { key: threshold, ties }: Threshold,
  weights?: readonly Float32Array[],
): void {
  let left = ties;
  scores.map(orderedBits).forEach((bits, k) => {
    const indices = survivors[k];
    const zeroed = weights?.[k];
    let kept = 0;
    for (let j = 0; j < indices.length; j++) {
      const i = indices[j];
      const key = orderedKey(bits[i]);
      if (key > threshold || (key === threshold && left > 0)) {
        indices[kept++] = i;
        if (key === threshold) left--;
      } else if (zeroed !== undefined) zeroed[i] = 0;
    }
    survivors[k] = indices.subarray(0, kept);
  });
}

// In this file with the loops that call them: across files a call is a getter of the module too, four times as slow.

/** The bits of float32 numbers as integers, without a copy. */
function orderedBits(array: Float32Array): Int32Array {
  return new Int32Array(array.buffer, array.byteOffset, array.length);
}

/** From a float's bits, an integer that orders as floats do; both zeros alike. */
function orderedKey(bits: number): number {
  return bits >= 0 ? bits : (-2147483648 - bits) | 0;
}

function countHighHalves(bits: Int32Array, indices: Uint32Array | undefined, histogram: Int32Array): void {
  if (indices === undefined)
    for (let i = 0; i < bits.length; i++) histogram[(orderedKey(bits[i]) >> 16) + 32768]++;
  else for (let j = 0; j < indices.length; j++) histogram[(orderedKey(bits[indices[j]]) >> 16) + 32768]++;
}

function countLowHalves(
  bits: Int32Array,
  indices: Uint32Array | undefined,
  half: number,
  histogram: Int32Array,
): void {
  const count = indices?.length ?? bits.length;
  for (let j = 0; j < count; j++) {
    const key = orderedKey(bits[indices === undefined ? j : indices[j]]);
    if (key >> 16 === half) histogram[key & 0xffff]++;
  }
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

/** In the order of bits a NaN lies beyond ±Infinity; only where something does are NaNs looked for one by one. */
function checkNoNaN(
  scores: readonly Float32Array[],
  survivors: Survivors | undefined,
  high: Int32Array,
): void {
  const infinity = 0x7f80;
  const isBeyond = (half: number) => half >= infinity || half < -infinity;
  if (!high.some((found, bin) => found > 0 && isBeyond(bin - 32768))) return;
  scores.forEach((array, k) => {
    const looked = survivors?.[k] ?? array.keys();
    for (const i of looked)
      if (Number.isNaN(array[i]))
        throw invalid('scores', `weight ${i} of kernel ${k} has the score`, array[i]);
  });
}

import { invalid } from '../base';

/**
 * Narrows masks to the `count` highest-scored of the weights they keep; equal scores go to the earlier array, then the
 * lower index.
 *
 * @param scores one array for each kernel, in order of the layers
 * @param kept 1 for each weight still kept, changed in place
 * @param count 0 or more; where fewer are kept already nothing changes
 * @throws `invalid scores; …` where one is NaN
 */
export function keepHighest(
  scores: readonly Float32Array[],
  kept: readonly Uint8Array[],
  count: number,
): void {
  const { threshold, ties } = findThreshold(scores, kept, count);
  let left = ties;
  scores.map(orderedBits).forEach((bits, k) => {
    const mask = kept[k];
    for (let i = 0; i < bits.length; i++) {
      if (mask[i] === 0) continue;
      const key = orderedKey(bits[i]);
      if (key > threshold) continue;
      if (key === threshold && left > 0) left--;
      else mask[i] = 0;
    }
  });
}

/**
 * The key of the count-th highest score, and how many weights with that very key are among the highest.
 *
 * Two histograms over the halves of the scores' bit patterns find it, which for 15 million weights takes a small part of
 * the time of a sort.
 *
 * @param kept which scores to look at; all where absent
 */
export function findThreshold(
  scores: readonly Float32Array[],
  kept: readonly Uint8Array[] | undefined,
  count: number,
): { threshold: number; ties: number } {
  const high = new Int32Array(1 << 16);
  const low = new Int32Array(1 << 16);
  scores.forEach((array, k) => {
    countHighHalves(orderedBits(array), kept?.[k], high);
  });
  checkNoNaN(scores, kept, high);
  const upper = nthFromTop(high, count);
  const half = upper.bin - 32768;
  scores.forEach((array, k) => {
    countLowHalves(orderedBits(array), kept?.[k], half, low);
  });
  const lower = nthFromTop(low, upper.rank);
  return { threshold: (half << 16) | lower.bin, ties: lower.rank };
}

/** The bits of float32 numbers as integers, without a copy. */
export function orderedBits(array: Float32Array): Int32Array {
  return new Int32Array(array.buffer, array.byteOffset, array.length);
}

/** From a float's bits, an integer that orders as floats do; both zeros alike. */
export function orderedKey(bits: number): number {
  return bits >= 0 ? bits : -2147483648 - bits;
}

function countHighHalves(bits: Int32Array, mask: Uint8Array | undefined, histogram: Int32Array): void {
  for (let i = 0; i < bits.length; i++)
    if (mask === undefined || mask[i] !== 0) histogram[(orderedKey(bits[i]) >> 16) + 32768]++;
}

function countLowHalves(
  bits: Int32Array,
  mask: Uint8Array | undefined,
  half: number,
  histogram: Int32Array,
): void {
  for (let i = 0; i < bits.length; i++) {
    if (mask !== undefined && mask[i] === 0) continue;
    const key = orderedKey(bits[i]);
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
  kept: readonly Uint8Array[] | undefined,
  high: Int32Array,
): void {
  const infinity = 0x7f80;
  const isBeyond = (half: number) => half >= infinity || half < -infinity;
  if (!high.some((found, bin) => found > 0 && isBeyond(bin - 32768))) return;
  scores.forEach((array, k) => {
    array.forEach((score, i) => {
      if (Number.isNaN(score) && (kept === undefined || kept[k][i] !== 0))
        throw invalid('scores', `weight ${i} of kernel ${k} has the score`, score);
    });
  });
}

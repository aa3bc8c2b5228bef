import { type Pixels, pagesOf } from './pixels';

/**
 * Mean and standard deviation of each channel, of pixels scaled to [0, 1].
 *
 * Counts how often each of the 256 byte values occurs, so the sums are exact whole numbers for any set.
 *
 * @param pixels [count, height, width, channels], 0 to 255
 * @returns mean and population standard deviation, [channels] each
 */
export function channelStatistics(pixels: Pixels, channels: number): { mean: number[]; std: number[] } {
  const counts = new Float64Array(channels * 256); // [channels, 256]
  for (const page of pagesOf(pixels, channels)) {
    for (let i = 0; i < page.length; i += channels) {
      for (let c = 0; c < channels; c++) counts[c * 256 + page[i + c]]++;
    }
  }
  const total = pixels.length / channels;
  const mean: number[] = [];
  const std: number[] = [];
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    let sumOfSquares = 0;
    for (let value = 0; value < 256; value++) {
      const count = counts[c * 256 + value];
      sum += count * value;
      sumOfSquares += count * value * value;
    }
    mean.push(sum / total / 255);
    std.push(Math.sqrt(Math.max(0, sumOfSquares / total - (sum / total) ** 2)) / 255);
  }
  return { mean, std };
}

import type { Dataset } from './dataset';

/**
 * What each byte value of each channel becomes.
 *
 * @param normalise (x - mean) / std where true, x where false, with x the pixel in [0, 1]; a channel that never
 * varies is only shifted
 * @returns [channels, 256]
 */
export function pixelTable(dataset: Dataset, normalise: boolean): Float32Array {
  const { shape, mean, std } = dataset;
  const table = new Float32Array(shape[2] * 256); // [channels, 256]
  for (let c = 0; c < shape[2]; c++) {
    const shift = normalise ? mean[c] : 0;
    const scale = normalise ? std[c] || 1 : 1;
    for (let value = 0; value < 256; value++) table[c * 256 + value] = (value / 255 - shift) / scale;
  }
  return table;
}

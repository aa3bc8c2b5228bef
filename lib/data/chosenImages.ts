import type { Pixels } from './pixels';

/**
 * The pixels of some of the images, in the order given: a copy where they are in memory, else read where they lie.
 *
 * @param size bytes of an image
 */
export function chosenImages(pixels: Pixels, size: number, chosen: readonly number[]): Pixels {
  const length = chosen.length * size;
  const view: Pixels = {
    length,
    subarray(begin, end = length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, length) - begin));
      for (let done = 0; done < bytes.length; ) {
        const within = (begin + done) % size;
        const piece = Math.min(size - within, bytes.length - done);
        const from = chosen[Math.floor((begin + done) / size)] * size + within;
        bytes.set(pixels.subarray(from, from + piece), done);
        done += piece;
      }
      return bytes;
    },
    readAhead(begin, end) {
      const image = Math.floor(begin / size);
      const shift = (chosen[image] - image) * size;
      pixels.readAhead?.(begin + shift, end + shift);
    },
  };
  return pixels instanceof Uint8Array ? view.subarray(0) : view;
}

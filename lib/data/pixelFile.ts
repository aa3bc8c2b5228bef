import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { invalid } from '../base';
import { atHome } from '../base/atHome';
import { unreadable } from '../base/readWhole';
import type { Pixels } from './pixels';

/**
 * The bytes of a file as the pixels of a split, `[count, height, width, channels]` from 0 to 255, without a header. They stay on disk:
 * only what is asked for is read. The file stays open for as long as they are in use, so they are to be had even after it is deleted.
 *
 *     makeDataset({ name: 'large', shape: [64, 64, 3], classes: 200, train: { pixels: datasets.pixelFile('train.u8'), labels, count }, … })
 *
 * @throws `invalid pixel file; …: PATH` where it cannot be read; also when pixels are asked for, where it was cut off meanwhile
 */
export function pixelFile(path: string): Pixels {
  if (typeof path !== 'string' || path === '') throw invalid('pixel file', 'not a path', path);
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw unreadable('pixel file', path, error);
    }
  };
  const file = told(() => openSync(atHome(path), 'r'));
  const stats = told(() => fstatSync(file));
  if (stats.isDirectory()) {
    closeSync(file);
    throw invalid('pixel file', 'a folder, not a file', path);
  }
  const { size: length } = stats;
  let discarded = Buffer.alloc(0);
  const pixels: Pixels = {
    length,
    subarray(begin, end = length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, length) - begin));
      for (let done = 0; done < bytes.length; ) {
        const more = told(() => readSync(file, bytes, done, bytes.length - done, begin + done));
        if (more === 0)
          throw invalid('pixel file', `cut off at byte ${begin + done} of ${length} while in use`, path);
        done += more;
      }
      return bytes;
    },
    readAhead(begin, end) {
      // Into the system's cache: the bytes themselves are dropped, and an error is told when they are asked for.
      if (discarded.length < end - begin) discarded = Buffer.alloc(end - begin);
      read(file, discarded, 0, end - begin, begin, () => void pixels);
    },
  };
  openFiles.register(pixels, file);
  return pixels;
}

/** Closes the files of pixels that nobody holds any more. */
const openFiles = new FinalizationRegistry<number>((file) => closeSync(file));

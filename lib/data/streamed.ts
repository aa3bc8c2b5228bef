import { createHash } from 'node:crypto';
import { thisMachine } from '../base/machine';
import { memorySize, memoryText } from '../base/memorySize';
import type { Dataset, Images } from './dataset';
import { onDisk } from './pixelCache';

/** How much of a data set is kept in memory. */
export interface MemoryOption {
  /**
   * The most that the pixels of both splits may take, in bytes or as `'500MB'`, `'1GiB'`; those of a larger set are read from disk batch by
   * batch. By default a quarter of the memory that this process may use: of the machine's, a container's, a Slurm job's, or PATHKERNEL_MEMORY.
   */
  memory?: number | string;
}

/** The share of a process's memory that pixels take at most where nothing else is asked for. */
export const PIXEL_SHARE = 1 / 4;

/** Whether so many bytes of pixels are too many to be kept in memory; says so where they are. */
export function areTooMany(name: string, bytes: number, { memory }: MemoryOption): boolean {
  const most = memory === undefined ? thisMachine().total * PIXEL_SHARE : memorySize('memory', memory);
  if (bytes <= most) return false;
  console.warn(
    `${name} is read from disk batch by batch: its ${memoryText(bytes)} of pixels are more than the ${memoryText(most)} of memory for them`,
  );
  return true;
}

/**
 * The same data set with its pixels on disk, in the folder `.pixels` beside the downloaded sets: batches are read as they are wanted, each while the
 * one before it is at work, and are the same to the bit.
 *
 * @throws `cannot write PATH: …` where the disk does not take them
 */
export async function streamed(data: Dataset): Promise<Dataset> {
  const [train, test] = [await moved(data.train), await moved(data.test)];
  return { ...data, train, test };
}

/** A data set as it is, or {@link streamed} where it is larger than the memory for it. */
export async function withinMemory(data: Dataset, options: MemoryOption): Promise<Dataset> {
  const bytesOf = (images?: Images) => (images?.pixels instanceof Uint8Array ? images.pixels.length : 0);
  const bytes = bytesOf(data?.train) + bytesOf(data?.test); // a loader of one's own may have put together anything
  return areTooMany(data?.name, bytes, options) ? streamed(data) : data;
}

async function moved(images: Images): Promise<Images> {
  const { pixels } = images;
  if (!(pixels instanceof Uint8Array)) return images;
  const key = createHash('sha256').update(pixels).digest('hex');
  return { ...images, pixels: await onDisk(key, pixels.length, [pixels]) };
}

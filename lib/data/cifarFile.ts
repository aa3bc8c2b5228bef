import { type Images, labelArray } from './dataset';
import { badFile, readBytes } from './readBytes';

const side = 32;
const plane = side * side;
const channels = 3;

/** How the records of a CIFAR file look. */
export interface CifarRecord {
  /** Bytes of labels before the pixels: 1 in CIFAR-10, 2 (coarse, fine) in CIFAR-100; the last one counts. */
  labelBytes: number;
  classes: number;
  /** How many records the file must hold; any number by default. */
  count?: number;
}

/**
 * Reads files of CIFAR's binary format one after the other into one split.
 *
 * A record is its label bytes and then 3,072 pixels as three planes of 32×32 (red, green, blue); here they are
 * turned to [32, 32, 3].
 *
 * @throws `invalid data file; …: PATH` naming the byte of a cut-off record or of a label out of range
 */
export async function readCifar(paths: readonly string[], record: CifarRecord): Promise<Images> {
  const parts: Uint8Array[] = [];
  for (const path of paths) parts.push(checked(await readBytes(path), record, path));
  const size = record.labelBytes + channels * plane;
  const count = parts.reduce((sum, part) => sum + part.length / size, 0);
  const pixels = new Uint8Array(count * channels * plane); // [count, 32, 32, 3]
  const labels = labelArray(count, record.classes); // [count]
  let image = 0;
  for (const part of parts) {
    for (let start = 0; start < part.length; start += size, image++) {
      labels[image] = part[start + record.labelBytes - 1];
      interleave(part.subarray(start + record.labelBytes, start + size), pixels, image * channels * plane);
    }
  }
  return { pixels, labels, count };
}

/** Planes [3, 32, 32] into pixels [32, 32, 3] at an offset. */
function interleave(planes: Uint8Array, pixels: Uint8Array, offset: number): void {
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) pixels[offset + i * channels + c] = planes[c * plane + i];
  }
}

function checked(bytes: Uint8Array, record: CifarRecord, path: string): Uint8Array {
  const size = record.labelBytes + channels * plane;
  const { count = Math.max(1, Math.ceil(bytes.length / size)), classes, labelBytes } = record;
  if (bytes.length < count * size) {
    throw badFile(path, `cut off at byte ${bytes.length} of ${count * size} (${count} records of ${size})`);
  }
  if (bytes.length > count * size) {
    throw badFile(path, `goes on after byte ${count * size}, the end of its ${count} records of ${size}`);
  }
  for (let at = labelBytes - 1; at < bytes.length; at += size) {
    if (bytes[at] >= classes) throw badFile(path, `byte ${at} is label ${bytes[at]}, not below ${classes}`);
  }
  return bytes;
}

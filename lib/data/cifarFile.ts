import { type Images, labelArray } from './dataset';
import { badFile, readBytes } from './readBytes';

const side = 32;
const plane = side * side;
const channels = 3;
/** Bytes of the pixels of one image. */
export const pixelBytes = channels * plane;

/** How the records of a CIFAR file look. */
export interface CifarRecord {
  /** Bytes of labels before the pixels: 1 in CIFAR-10, 2 (coarse, fine) in CIFAR-100; the last one counts. */
  labelBytes: number;
  classes: number;
  /** How many records the file must hold; any number by default. */
  count?: number;
}

/** The images of one file: their labels, and for each its pixels as three planes of 32×32 (red, green, blue). */
export interface CifarPart {
  readonly labels: ArrayLike<number>;
  readonly planes: (image: number) => Uint8Array;
}

/**
 * Reads files of CIFAR's binary format one after the other into one split.
 *
 * A record is its label bytes and then 3,072 pixels as three planes of 32×32 (red, green, blue); here they are
 * turned to [32, 32, 3].
 *
 * @throws `invalid data file; …: PATH` naming the byte of a cut-off record or of a label out of range
 */
export async function readCifar(paths: readonly string[], record: CifarRecord): Promise<Images<Uint8Array>> {
  const parts: CifarPart[] = [];
  for (const path of paths) parts.push(partOf(checked(await readBytes(path), record, path), record));
  return joined(parts, record.classes);
}

/** The parts one after the other, as [count, 32, 32, 3]. */
export function joined(parts: readonly CifarPart[], classes: number): Images<Uint8Array> {
  const count = parts.reduce((sum, { labels }) => sum + labels.length, 0);
  const pixels = new Uint8Array(count * pixelBytes); // [count, 32, 32, 3]
  const labels = labelArray(count, classes); // [count]
  let image = 0;
  for (const part of parts) {
    for (let i = 0; i < part.labels.length; i++, image++) {
      labels[image] = part.labels[i];
      interleave(part.planes(i), pixels, image * pixelBytes);
    }
  }
  return { pixels, labels, count };
}

function partOf(bytes: Uint8Array, { labelBytes }: CifarRecord): CifarPart {
  const size = labelBytes + pixelBytes;
  return {
    labels: Uint8Array.from({ length: bytes.length / size }, (_, i) => bytes[i * size + labelBytes - 1]),
    planes: (i) => bytes.subarray(i * size + labelBytes, (i + 1) * size),
  };
}

/** Planes [3, 32, 32] into pixels [32, 32, 3] at an offset. */
function interleave(planes: Uint8Array, pixels: Uint8Array, offset: number): void {
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) pixels[offset + i * channels + c] = planes[c * plane + i];
  }
}

function checked(bytes: Uint8Array, record: CifarRecord, path: string): Uint8Array {
  const size = record.labelBytes + pixelBytes;
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

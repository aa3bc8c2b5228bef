import { product } from '../base';
import { badFile, readBytes } from './readBytes';

/** An array of unsigned bytes read from an IDX file. */
export interface IdxArray {
  /** The sizes the header gives, outermost first. */
  dimensions: number[];
  data: Uint8Array;
}

const unsignedByte = 0x08;

/**
 * Reads an IDX file, gzip or not: the format of MNIST and Fashion-MNIST.
 *
 * The header is two zero bytes, the type (0x08, unsigned byte), the number of dimensions and then each dimension
 * as a big-endian 32-bit number; the data follow, row-major.
 *
 * @param path the file
 * @param rank how many dimensions it must have: 3 for images, 1 for labels
 * @throws `invalid data file; …: PATH` naming the byte where the file is cut off, wrong or too long
 */
export async function readIdx(path: string, rank: number): Promise<IdxArray> {
  return parseIdx(await readBytes(path), rank, path);
}

/** The array in the (unpacked) bytes of an IDX file; as `readIdx`. */
export function parseIdx(bytes: Uint8Array, rank: number, path: string): IdxArray {
  const headerLength = 4 + 4 * rank;
  if (bytes.length < 4)
    throw badFile(path, `cut off at byte ${bytes.length}, in its header of ${headerLength} bytes`);
  const zero = bytes.subarray(0, 2).findIndex((byte) => byte !== 0);
  if (zero >= 0)
    throw badFile(path, `byte ${zero} is ${hex(bytes[zero])}; an IDX file begins with 0x00 0x00`);
  if (bytes[2] !== unsignedByte) {
    throw badFile(path, `byte 2 is ${hex(bytes[2])}; only IDX files of unsigned bytes, 0x08, are read`);
  }
  if (bytes[3] !== rank) throw badFile(path, `byte 3 is ${hex(bytes[3])}; expected ${rank} dimensions`);
  if (bytes.length < headerLength) {
    throw badFile(path, `cut off at byte ${bytes.length}, in its header of ${headerLength} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const empty = dimensions.indexOf(0);
  if (empty >= 0) throw badFile(path, `byte ${4 + 4 * empty} begins a dimension of zero`);
  const length = headerLength + product(dimensions);
  if (bytes.length < length) throw badFile(path, `cut off at byte ${bytes.length} of ${length}`);
  if (bytes.length > length) throw badFile(path, `goes on after byte ${length}, its end by its header`);
  return { dimensions, data: bytes.subarray(headerLength) };
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

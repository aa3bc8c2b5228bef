/**
 * The pixels of a split, a byte each, one image after the other: in memory as a `Uint8Array`, or read from a file as they are asked
 * for. Only what both can do is theirs.
 */
export interface Pixels {
  readonly length: number;
  /** Those from a position up to another, both counted from the first; to the end by default. Not to be written to. */
  subarray(begin: number, end?: number): Uint8Array;
  /** Has the system fetch from disk, while other work goes on, what is asked for next. Absent where all is in memory. */
  readAhead?(begin: number, end: number): void;
}

/** Whether a value is bytes or reads them; numbers of other kinds have `subarray` too. */
export function isPixels(value: unknown): value is Pixels {
  if (ArrayBuffer.isView(value)) return value instanceof Uint8Array;
  return typeof (value as Partial<Pixels> | undefined)?.subarray === 'function';
}

/** Pixels in pieces that are small beside a memory limit, one after the other: whole images, or parts of one that is larger. */
export function* pagesOf(pixels: Pixels, imageSize: number): Generator<Uint8Array> {
  const page = Math.max(1, Math.floor(PAGE / imageSize)) * imageSize;
  for (let begin = 0; begin < pixels.length; begin += page) yield pixels.subarray(begin, begin + page);
}

const PAGE = 4 * 1024 * 1024;

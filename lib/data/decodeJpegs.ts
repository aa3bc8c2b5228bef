import { readWhole } from '../base/readWhole';
import { tf } from '../tensor';
import { badFile } from './readBytes';

/** Pictures of one size. */
export interface Pictures {
  /** [count, height, width, 3] */
  pixels: Uint8Array;
  shape: [height: number, width: number, channels: number];
}

/**
 * Reads JPEG files, grey ones too, as colour pictures.
 *
 * @param paths the files, one or more
 * @param afterEach called after each picture and waited for
 * @param shape what each picture must have; by default what the first one has
 * @throws `invalid data file; …: PATH` for a damaged picture and for one of another size
 */
export async function decodeJpegs(
  paths: readonly string[],
  afterEach: () => Promise<void>,
  shape?: Pictures['shape'],
): Promise<Pictures> {
  let expected = shape;
  let pixels = new Uint8Array();
  for (const [i, path] of paths.entries()) {
    const picture = decode(await readWhole('data file', path), path);
    if (!expected) expected = picture.shape;
    if (`${picture.shape}` !== `${expected}`) {
      throw badFile(path, `a picture of ${picture.shape.join('×')}, the others are ${expected.join('×')}`);
    }
    if (i === 0) pixels = new Uint8Array(paths.length * picture.values.length);
    pixels.set(picture.values, i * picture.values.length);
    await afterEach();
  }
  return { pixels, shape: expected ?? [0, 0, 3] };
}

function decode(bytes: Uint8Array, path: string): { values: ArrayLike<number>; shape: Pictures['shape'] } {
  if (bytes.length < 2 || bytes[0] !== 0xff || bytes[1] !== 0xd8)
    throw badFile(path, 'byte 0 begins no JPEG');
  try {
    const picture = tf.node.decodeJpeg(bytes, 3); // [height, width, 3], int32
    try {
      return { values: picture.dataSync(), shape: picture.shape };
    } finally {
      picture.dispose();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badFile(path, `a damaged JPEG of ${bytes.length} bytes (${reason.split('\n')[0]})`);
  }
}

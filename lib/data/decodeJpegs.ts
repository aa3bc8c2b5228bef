import { readWhole } from '../base/readWhole';
import { tf } from '../tensor';
import { badFile } from './readBytes';

type Shape = [height: number, width: number, channels: number];

/** The shape of a JPEG file read as a colour picture. */
export async function shapeOfJpeg(path: string): Promise<Shape> {
  return decode(await readWhole('data file', path), path).shape;
}

/**
 * Reads JPEG files, grey ones too, as colour pictures, one after the other.
 *
 * @param shape what each picture must have
 * @param afterEach called after each picture and waited for
 * @returns their pixels, [height, width, 3] each
 * @throws `invalid data file; …: PATH` for a damaged picture and for one of another size
 */
export async function* decodeJpegs(
  paths: readonly string[],
  shape: Shape,
  afterEach: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for (const path of paths) {
    const picture = decode(await readWhole('data file', path), path);
    if (`${picture.shape}` !== `${shape}`) {
      throw badFile(path, `a picture of ${picture.shape.join('×')}, the others are ${shape.join('×')}`);
    }
    yield Uint8Array.from(picture.values);
    await afterEach();
  }
}

function decode(bytes: Uint8Array, path: string): { values: ArrayLike<number>; shape: Shape } {
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

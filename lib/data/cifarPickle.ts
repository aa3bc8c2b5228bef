import { numpyArrayOf, numpyCalls } from '../base/numpyPickle';
import { unpickle } from '../base/unpickle';
import { type CifarPart, type CifarRecord, joined, pixelBytes } from './cifarFile';
import type { Images } from './dataset';
import { badFile, readBytes } from './readBytes';

/** How the dicts of CIFAR's Python version look. */
export interface CifarDict extends Pick<CifarRecord, 'classes' | 'count'> {
  /** The key of the labels: `labels`, `fine_labels`. */
  labels: string;
}

/**
 * Reads files of CIFAR's Python version, pickles of `{ data, labels }` of images [count, 3, 32, 32], one after the other into one
 * split. They are read as data: nothing in them is executed.
 *
 * @throws `invalid data file; …: PATH`, `invalid pickle; …: PATH` where one is of another form or damaged
 */
export async function readCifarPickles(
  paths: readonly string[],
  dict: CifarDict,
): Promise<Images<Uint8Array>> {
  const parts: CifarPart[] = [];
  for (const path of paths) parts.push(partOf(await readDict(path), dict, path));
  return joined(parts, dict.classes);
}

/** The texts of a list in a pickle, such as the names of classes; undefined where there is none. */
export async function pickledNames(path: string, key: string): Promise<string[] | undefined> {
  const names = (await readDict(path)).get(key);
  return Array.isArray(names) ? names.map(textOf) : undefined;
}

/** The dict of a file; its keys are bytes where Python 3 has kept those of Python 2. */
async function readDict(path: string): Promise<Map<string, unknown>> {
  const { value } = unpickle(await readBytes(path), path, { calls: numpyCalls });
  if (!(value instanceof Map)) throw badFile(path, 'a pickle of no dict');
  return new Map([...value].map(([key, entry]) => [textOf(key), entry]));
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}

function partOf(
  found: ReadonlyMap<string, unknown>,
  { labels: key, classes, count }: CifarDict,
  path: string,
): CifarPart {
  const labels = numbersOf(found.get(key));
  if (labels === undefined) throw badFile(path, `a dict without ${key}, of ${[...found.keys()].join(', ')}`);
  const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0) throw badFile(path, `label of image ${wrong} is ${labels[wrong]}, not below ${classes}`);
  if (count !== undefined && labels.length !== count)
    throw badFile(path, `${labels.length} images, not ${count}`);
  const data = numpyArrayOf(found.get('data'));
  const shapes = [[labels.length, pixelBytes].join(), [labels.length, 3, 32, 32].join()];
  if (data?.dtype !== 'u1' || !shapes.includes(data.shape.join()))
    throw badFile(path, `no bytes [${labels.length}, 3072] for its ${labels.length} labels by the key data`);
  const { bytes } = data;
  return { labels, planes: (i) => bytes.subarray(i * pixelBytes, (i + 1) * pixelBytes) };
}

/** A list of numbers, or NumPy's array of whole ones. */
function numbersOf(value: unknown): number[] | undefined {
  if (Array.isArray(value)) return value.map(Number);
  const array = numpyArrayOf(value);
  if (!array) return undefined;
  const { dtype, bytes } = array;
  const size = Number(dtype.slice(1));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (byte: number) => {
    if (size === 8) return Number(view.getBigInt64(byte, true));
    if (size === 4) return view.getInt32(byte, true);
    return size === 2 ? view.getInt16(byte, true) : view.getUint8(byte);
  };
  return /^[iu]/.test(dtype)
    ? Array.from({ length: bytes.length / size }, (_, i) => at(i * size))
    : undefined;
}

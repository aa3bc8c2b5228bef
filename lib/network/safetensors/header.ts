import { invalid, product } from '../../base';
import { isRecord } from '../../base/isRecord';
import { bytesOf, dtypeNames } from './dtypes';
import type { StoredTensor } from './tensorFile';

/** Where a tensor lies in a safetensors file: bytes counted from the end of the header. */
interface PlacedTensor extends StoredTensor {
  readonly data_offsets: readonly [begin: number, end: number];
}

export interface Header {
  readonly tensors: Readonly<Record<string, PlacedTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** First byte of the data. */
  readonly dataStart: number;
}

const PREFIX = 8;
const FLOAT_BYTES = 4;

/** The bytes before the data of a file that holds float32 tensors one after the other, padded to whole 8 bytes. */
export function writeHeader(
  tensors: readonly { name: string; shape: readonly number[] }[],
  metadata: Readonly<Record<string, string>>,
): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, shape }): [string, PlacedTensor] => {
    const begin = end;
    end += FLOAT_BYTES * product(shape);
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }];
  });
  const json = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }));
  const padded = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(PREFIX + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded));
  json.copy(header, PREFIX);
  return header;
}

/**
 * The header of a safetensors file, checked against the file's length.
 *
 * @param file its name, for messages
 * @throws `invalid safetensors file; RULE: FILE` saying at which byte it is cut off or wrong, or for a dtype that is not read
 */
export function readHeader(bytes: Buffer, file: string): Header {
  const fail = (rule: string) => invalid('safetensors file', rule, file);
  if (!(bytes.length >= PREFIX)) throw fail(`cut off at byte ${bytes.length} within the header's length`);
  const length = Number(bytes.readBigUInt64LE());
  const dataStart = PREFIX + length;
  if (!(dataStart <= bytes.length))
    throw fail(
      `cut off at byte ${bytes.length} within a header said to end at byte ${dataStart}, or byte 0 is corrupt`,
    );
  const { __metadata__: metadata = {}, ...entries } = parse(bytes.subarray(PREFIX, dataStart), fail);
  const tensors: Record<string, PlacedTensor> = {};
  for (const [name, entry] of Object.entries(entries)) tensors[name] = checkEntry(name, entry, fail);
  checkOffsets(tensors, dataStart, bytes.length, fail);
  return { tensors, metadata: checkMetadata(metadata, fail), dataStart };
}

type Fail = (rule: string) => Error;

function parse(json: Buffer, fail: Fail): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(json);
  } catch {
    throw fail(`header, from byte ${PREFIX} on, is not UTF-8`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Engines name the position of some errors only.
    const position = /position (\d+)/.exec(String(error))?.[1];
    const start = PREFIX + Buffer.byteLength(text.slice(0, Number(position ?? 0)));
    throw fail(`header is not JSON, somewhere in bytes ${start} to ${PREFIX + json.length}`);
  }
  if (!isRecord(value)) throw fail(`header, from byte ${PREFIX} on, is not an object`);
  return value;
}

function checkEntry(name: string, entry: unknown, fail: Fail): PlacedTensor {
  if (!isRecord(entry)) throw fail(`header entry of ${name} is not an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const size = bytesOf(String(dtype));
  if (size === undefined)
    throw fail(`${name} is stored as ${String(dtype)}; ${dtypeNames.join(', ')} are read`);
  if (!isWholeList(shape)) throw fail(`shape of ${name} is not a list of whole numbers`);
  if (!(isWholeList(offsets) && offsets.length === 2)) throw fail(`${name} has no pair of data_offsets`);
  const [begin, end] = offsets;
  const bytes = size * product(shape);
  if (end - begin !== bytes)
    throw fail(`${name} of shape [${shape.join(', ')}] needs ${bytes} bytes, has ${end - begin}`);
  return { dtype: String(dtype), shape, data_offsets: [begin, end] };
}

/** The format leaves no hole and no overlap: each tensor begins where another ends. */
function checkOffsets(
  tensors: Readonly<Record<string, PlacedTensor>>,
  dataStart: number,
  fileEnd: number,
  fail: Fail,
): void {
  let end = 0;
  const ordered = Object.entries(tensors).sort(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  for (const [name, { data_offsets: offsets }] of ordered) {
    if (offsets[0] !== end)
      throw fail(`${name} begins at byte ${dataStart + offsets[0]} rather than ${dataStart + end}`);
    end = offsets[1];
    if (dataStart + end > fileEnd)
      throw fail(`cut off at byte ${fileEnd}, ${name} ends at byte ${dataStart + end}`);
  }
  if (dataStart + end !== fileEnd)
    throw fail(`has bytes after the last tensor, which ends at byte ${dataStart + end}`);
}

function checkMetadata(metadata: unknown, fail: Fail): Record<string, string> {
  if (!isRecord(metadata)) throw fail('__metadata__ is not an object');
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)]));
}

function isWholeList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((extent) => Number.isInteger(extent) && extent >= 0);
}

import { invalid, product } from '../../base';
import { type NumpyArray, numpyArrayOf, numpyCalls } from '../../base/numpyPickle';
import { isPickleName, type PickleReader, unpickle } from '../../base/unpickle';
import { bytesOf, toTensor } from '../safetensors/dtypes';
import type { TensorFile } from '../safetensors/tensorFile';
import { readZip } from './readZip';
import { stateDictOf } from './stateDictOf';

/** Numbers that tensors are views of; a file may give their bytes after the tensors. */
interface Storage {
  readonly dtype: string;
  readonly count: number;
  bytes?: Uint8Array;
}

/** A tensor as PyTorch pickles it: a view of a storage; offset and strides count entries. */
interface View {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const views = new WeakSet<object>();
const remedy = "in Python, torch.save(model.state_dict(), 'model.pt') writes tensors alone";

/**
 * The tensors of a file of `torch.save`, today's zip or the pickles of before 1.6: a state dict, or a checkpoint that holds one among
 * other things. It is read as data: nothing in it is executed.
 *
 * @throws `invalid pickle; …: FILE` for a file that holds more than tensors, texts and numbers, such as a whole module;
 *   `invalid PyTorch file; …: FILE` where it is damaged
 */
export async function readTorch(bytes: Buffer, file: string): Promise<TensorFile> {
  const { value, isTorch } = bytes[0] === 0x50 ? await readArchive(bytes, file) : readPickles(bytes, file);
  const { tensors, aside, metadata } = stateDictOf(value, viewOf);
  if (Object.keys(tensors).length === 0) throw broken(file, 'holds no tensor');
  const all = { ...aside, ...tensors };
  for (const [name, view] of Object.entries(all)) checkView(name, view, file);
  const described = (record: Readonly<Record<string, View>>) =>
    Object.fromEntries(
      Object.entries(record).map(([name, { storage, shape }]) => [name, { dtype: storage.dtype, shape }]),
    );
  return {
    tensors: described(tensors),
    aside: described(aside),
    metadata: { ...metadata, ...(isTorch && { layout: 'pytorch' }) },
    read(name) {
      const { storage, shape } = all[name];
      return toTensor({ dtype: storage.dtype, shape }, entriesOf(all[name]), { subject: file, name });
    },
  };
}

interface Unpickled {
  readonly value: unknown;
  /** Whether `torch.save` wrote it. */
  readonly isTorch: boolean;
}

async function readArchive(bytes: Buffer, file: string): Promise<Unpickled> {
  const entries = await readZip(bytes, file);
  const names = [...entries.keys()];
  const pickle = names.find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) throw foreignZip(names, file);
  const home = pickle.slice(0, -'data.pkl'.length);
  if (entries.get(`${home}byteorder`)?.toString() === 'big')
    throw broken(file, 'written by a big-endian machine');
  const reader = readerOf(file, (storage, key) => {
    const data = entries.get(`${home}data/${key}`);
    if (data === undefined) throw broken(file, `has no entry data/${key}`);
    storage.bytes = data;
  });
  return { value: unpickle(entries.get(pickle) as Buffer, file, reader).value, isTorch: true };
}

/** The form of before PyTorch 1.6: a magic number, a version, the machine, the object, the storages' keys, their numbers. */
function readPickles(bytes: Buffer, file: string): Unpickled {
  const storages = new Map<string, Storage>();
  const reader = readerOf(file, (storage, key) => storages.set(key, storage));
  const first = unpickle(bytes, file, reader);
  if (first.value !== 0x1950a86a20f9469cfc6cn) return { value: first.value, isTorch: false };
  const version = unpickle(bytes, file, reader, first.end);
  const machine = unpickle(bytes, file, reader, version.end);
  if (machine.value instanceof Map && machine.value.get('little_endian') === false)
    throw broken(file, 'written by a big-endian machine');
  const object = unpickle(bytes, file, reader, machine.end);
  const keys = unpickle(bytes, file, reader, object.end);
  let at = keys.end;
  for (const key of keys.value as unknown[]) {
    const storage = storages.get(String(key));
    if (storage === undefined)
      throw broken(file, `no tensor reads storage ${key}, named before byte ${keys.end}`);
    const start = at + 8; // after their number
    at = start + storage.count * (bytesOf(storage.dtype) as number);
    if (!(at <= bytes.length)) throw broken(file, `cut off at byte ${bytes.length} of ${at} or more`);
    storage.bytes = bytes.subarray(start, at);
  }
  return { value: object.value, isTorch: true };
}

/** @param found called with each storage and its key, once */
function readerOf(file: string, found: (storage: Storage, key: string) => void): PickleReader {
  const storages = new Map<string, Storage>();
  const calls: NonNullable<PickleReader['calls']> = {
    ...numpyCalls,
    'argparse Namespace': () => new Map(),
    'pathlib PosixPath': (...parts) => parts.join('/'),
    'pathlib WindowsPath': (...parts) => parts.join('\\'),
    'torch.torch_version TorchVersion': (text) => text,
    'torch Size': (extents) => extents,
    'torch device': (...name) => name.join(':'),
    'torch._utils _rebuild_tensor': view,
    'torch._utils _rebuild_tensor_v2': view,
    'torch._utils _rebuild_parameter': (data) => data,
    'torch._utils _rebuild_parameter_with_state': (data) => data,
    'torch._tensor _rebuild_from_type_v2'(callee, _, args) {
      if (!isPickleName(callee) || !/^torch\._utils _rebuild_(tensor|parameter)/.test(callee.pickleName))
        throw broken(file, 'holds a tensor of a kind that is not read');
      return calls[callee.pickleName](...(args as unknown[]));
    },
  };
  return {
    calls,
    remedy,
    persistent(id) {
      const [kind, type, key, , count, part] = id as unknown[];
      if (kind !== 'storage' || !isPickleName(type))
        throw broken(file, `refers to a ${String(kind)}; ${remedy}`);
      if (part !== undefined && part !== null)
        throw broken(file, 'holds parts of storages, as PyTorch 0.3 wrote them');
      const name = type.pickleName.split(' ')[1];
      if (!Object.hasOwn(storageTypes, name)) throw broken(file, `numbers of type ${name} cannot be read`);
      const storage = storages.get(String(key)) ?? { dtype: storageTypes[name], count: Number(count) };
      if (!storages.has(String(key))) found(storage, String(key));
      storages.set(String(key), storage);
      return storage;
    },
  };
}

const storageTypes: Readonly<Record<string, string>> = {
  FloatStorage: 'F32',
  DoubleStorage: 'F64',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

function view(storage: unknown, offset: unknown, shape: unknown, strides: unknown): View {
  if (typeof storage !== 'object' || storage === null) throw new Error('a tensor without a storage');
  const made = { storage, offset, shape, strides } as View;
  views.add(made);
  return made;
}

/** The view of a value of a pickle that is a tensor, or an array of NumPy. */
function viewOf(value: unknown): View | undefined {
  if (typeof value === 'object' && value !== null && views.has(value)) return value as View;
  const array = numpyArrayOf(value);
  return array && viewOfArray(array);
}

function viewOfArray({ dtype, shape, bytes }: NumpyArray): View {
  const kind = dtype === 'b1' ? 'BOOL' : `${dtype[0]}${8 * Number(dtype.slice(1))}`.toUpperCase();
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  return { storage: { dtype: kind, count: product(shape), bytes }, offset: 0, shape, strides };
}

/** Entries that a tensor may have whose storage has fewer, with strides of 0. */
const MOST = 2 ** 24;

function checkView(name: string, { storage, offset, shape, strides }: View, file: string): void {
  const isWhole = (value: number) => Number.isInteger(value) && value >= 0;
  const size = bytesOf(storage.dtype);
  if (size === undefined) throw broken(file, `${name} holds ${storage.dtype}, which cannot be read`);
  if (
    ![shape, strides].every(
      (list) => Array.isArray(list) && list.length === shape.length && list.every(isWhole),
    )
  )
    throw broken(file, `${name} has no shape`);
  const count = product(shape);
  if (count > Math.max(storage.bytes?.length ?? 0, MOST))
    throw broken(file, `${name} repeats its numbers ${count} times`);
  const last = shape.reduce((sum, extent, axis) => sum + (extent - 1) * strides[axis], offset);
  if (count > 0 && !(isWhole(offset) && (last + 1) * size <= (storage.bytes?.length ?? 0)))
    throw broken(file, `${name} of shape [${shape.join(', ')}] reaches beyond its storage`);
}

/** Its entries in order, row-major. */
function entriesOf({ storage, offset, shape, strides }: View): Uint8Array {
  const size = bytesOf(storage.dtype) as number;
  const bytes = storage.bytes as Uint8Array;
  const count = product(shape);
  const isRowMajor = shape.every(
    (extent, axis) => extent === 1 || strides[axis] === product(shape.slice(axis + 1)),
  );
  if (isRowMajor) return bytes.subarray(offset * size, (offset + count) * size);
  const entries = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) {
    let from = offset;
    for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
      from += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    for (let byte = 0; byte < size; byte++) entries[i * size + byte] = bytes[from * size + byte];
  }
  return entries;
}

function foreignZip(names: readonly string[], file: string): Error {
  if (names.includes('model.weights.h5'))
    return broken(
      file,
      "is Keras's .keras; in Python, model.save('model.h5') and tensorflowjs_converter make what nets.loadLayersModel reads",
    );
  return broken(
    file,
    `a zip without data.pkl, which torch.save writes; it holds ${names.slice(0, 5).join(', ')}`,
  );
}

function broken(file: string, rule: string): Error {
  return invalid('PyTorch file', rule, file);
}

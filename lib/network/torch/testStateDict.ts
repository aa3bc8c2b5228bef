import { product } from '../../base';
import { createRandom } from '../../tensor/random';

/**
 * A checkpoint as PyTorch wrote them before 1.6, `{ 'state_dict': OrderedDict, 'best_prec1': 91.7 }` of tensors on a GPU; for tests.
 */
export function writeStateDict(
  dict: Readonly<Record<string, { shape: readonly number[]; values: Float32Array }>>,
): Buffer {
  const protocol = Buffer.from([0x80, 2]);
  const stop = Buffer.from('.');
  const pickled = (...parts: Buffer[]) => Buffer.concat([protocol, ...parts, stop]);
  const entries = Object.entries(dict);
  const keys = entries.map((_, i) => String(94_000_000 + i)); // addresses
  const items = entries.flatMap(([name, { shape, values }], i) => [
    text(name),
    tensor(keys[i], values.length, shape),
  ]);
  const object = pickled(
    code('}('),
    text('state_dict'),
    orderedDict,
    code('('),
    ...items,
    code('u'),
    text('best_prec1'),
    double(91.7),
    code('u'),
  );
  const machine = pickled(code('}('), text('little_endian'), Buffer.from([0x88]), code('u'));
  const magic = pickled(Buffer.from([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]));
  const storages = entries.map(([, { values }]) => {
    const count = Buffer.alloc(8);
    count.writeBigInt64LE(BigInt(values.length));
    return Buffer.concat([count, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
  });
  const order = pickled(code(']('), ...keys.map(text), code('e'));
  return Buffer.concat([magic, pickled(whole(1001)), machine, object, order, ...storages]);
}

const code = (opcodes: string) => Buffer.from(opcodes, 'latin1');
const orderedDict = code('ccollections\nOrderedDict\n)R');

function tensor(key: string, count: number, shape: readonly number[]): Buffer {
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  const storage = [
    text('storage'),
    code('ctorch\nFloatStorage\n'),
    text(key),
    text('cuda:0'),
    whole(count),
    code('N'),
  ];
  return Buffer.concat([
    code('ctorch._utils\n_rebuild_tensor_v2\n(('),
    ...storage,
    code('tQ'),
    whole(0),
    tuple(shape),
    tuple(strides),
    Buffer.from([0x89]),
    orderedDict,
    code('tR'),
  ]);
}

function tuple(values: readonly number[]): Buffer {
  return Buffer.concat([code('('), ...values.map(whole), code('t')]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([code('X'), Buffer.from(Uint32Array.of(bytes.length).buffer), bytes]);
}

function whole(value: number): Buffer {
  return Buffer.concat([code('J'), Buffer.from(Int32Array.of(value).buffer)]);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.write('G', 'latin1');
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** Tensors by name, in PyTorch's layout. */
export type StateDict = Record<string, { shape: number[]; values: Float32Array }>;

/** A state dict with the names and shapes of the published ResNet-20, of random values. */
export function randomStateDict(): StateDict {
  const random = createRandom('published ResNet-20');
  const dict: StateDict = {};
  const put = (name: string, shape: number[], value: () => number) => {
    dict[`module.${name}`] = { shape, values: Float32Array.from({ length: product(shape) }, value) };
  };
  const convolution = (name: string, filters: number, channels: number) =>
    put(`${name}.weight`, [filters, channels, 3, 3], () => random.normal() / Math.sqrt(9 * channels));
  const batchNorm = (name: string, channels: number) => {
    put(`${name}.weight`, [channels], () => 1 + 0.2 * random.normal());
    put(`${name}.bias`, [channels], () => 0.2 * random.normal());
    put(`${name}.running_mean`, [channels], () => 0.2 * random.normal());
    put(`${name}.running_var`, [channels], () => 0.5 + random.uniform());
  };
  convolution('conv1', 16, 3);
  batchNorm('bn1', 16);
  let channels = 16;
  [16, 32, 64].forEach((filters, stage) => {
    for (let block = 0; block < 3; block++) {
      const name = `layer${stage + 1}.${block}`;
      convolution(`${name}.conv1`, filters, channels);
      batchNorm(`${name}.bn1`, filters);
      convolution(`${name}.conv2`, filters, filters);
      batchNorm(`${name}.bn2`, filters);
      channels = filters;
    }
  });
  put('linear.weight', [10, 64], () => random.normal() / 8);
  put('linear.bias', [10], () => random.normal());
  return dict;
}

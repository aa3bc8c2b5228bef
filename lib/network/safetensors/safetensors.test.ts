import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { product } from '../../base';
import { mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { fc as fcNetwork } from '../architectures';
import { graphBuilder } from '../builder';
import type { Network } from '../graph';
import type { Params } from '../params';
import { toPytorch } from '../pytorchLayout';
import { writeHeader } from './header';
import { type LoadParamsOptions, loadParams } from './loadParams';
import { loadTensors } from './loadTensors';
import { saveParams } from './saveParams';
import { renamed } from './tensorNames';

/** A folder that goes with the test. */
async function folder(context: TestContext): Promise<string> {
  const made = await fs.mkdtemp(path.join(os.tmpdir(), 'safetensors-'));
  context.after(() => fs.rm(made, { recursive: true }));
  return made;
}

function smallNetwork(): Network {
  const g = graphBuilder([3, 2, 2]);
  const x = g.batchNorm('bn', g.conv2d('block/conv', g.input, { filters: 3 }));
  g.dense('fc', g.flatten('flatten', x), { units: 4 });
  return g.build('small');
}

/** Every entry another number, so that a misplaced one shows. */
function numbered(network: Network): Params {
  let next = 0;
  const entries = network.parameters.map(({ name, shape }): [string, tf.Tensor] => {
    const length = product(shape);
    const values = Float32Array.from({ length }, () => ++next / 7);
    return [name, tf.tensor(values, [...shape])];
  });
  return Object.fromEntries(entries);
}

function assertSame(found: Params, expected: Params): void {
  assert.deepEqual(Object.keys(found), Object.keys(expected));
  for (const [name, tensor] of Object.entries(expected)) {
    assert.deepEqual(found[name].shape, tensor.shape);
    assert.deepEqual(found[name].dataSync(), tensor.dataSync());
  }
}

/** A file of the format from its parts, whatever they hold. */
async function writeRaw(file: string, header: string | Buffer, data: Buffer): Promise<void> {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await fs.writeFile(file, Buffer.concat([length, json, data]));
}

test('parameters come back as they were saved, in either layout', async (context) => {
  const file = path.join(await folder(context), 'small.safetensors');
  const network = smallNetwork();
  const params = numbered(network);
  await saveParams(file, params);
  const plain = await loadParams(file, network);
  assertSame(plain, params);
  await saveParams(file, params, { layout: 'pytorch', network });
  const converted = await loadParams(file, network);
  assertSame(converted, params);
  assert.deepEqual(await fs.readdir(path.dirname(file)), ['small.safetensors']);
  tf.dispose([params, plain, converted]);
});

test('a file is the header’s length, the header padded to 8 bytes, then little-endian floats', async (context) => {
  const file = path.join(await folder(context), 'bytes.safetensors');
  const params = { a: tf.tensor2d([1, -2], [1, 2]), 'b/ü': tf.scalar(0.5) };
  await saveParams(file, params);
  const bytes = await fs.readFile(file);
  const length = Number(bytes.readBigUInt64LE());
  assert.equal(length % 8, 0);
  assert.deepEqual(JSON.parse(bytes.toString('utf8', 8, 8 + length)), {
    __metadata__: { format: 'tf', layout: 'tfjs' },
    a: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
    'b/ü': { dtype: 'F32', shape: [], data_offsets: [8, 12] },
  });
  assert.equal(bytes.toString('hex', 8 + length), '0000803f000000c00000003f');
  tf.dispose(params);
});

test('the PyTorch layout of a file is that of toPytorch', async (context) => {
  const file = path.join(await folder(context), 'torch.safetensors');
  const network = smallNetwork();
  const params = numbered(network);
  await saveParams(file, params, { layout: 'pytorch', network });
  const bytes = await fs.readFile(file);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, start));
  const expected = toPytorch(network, params);
  for (const [name, tensor] of Object.entries(expected)) {
    const [begin, end] = header[name].data_offsets;
    assert.deepEqual(header[name].shape, tensor.shape);
    const stored = bytes.subarray(start + begin, start + end);
    assert.equal(stored.toString('hex'), Buffer.from(tensor.dataSync().slice().buffer).toString('hex'));
  }
  tf.dispose([params, expected]);
});

test('tensors may stand in any order in a file', async (context) => {
  const file = path.join(await folder(context), 'order.safetensors');
  const network = fcNetwork({ width: 2, depth: 1, input: [2], classes: 1 });
  const header = {
    'dense1/bias': { data_offsets: [8, 12], shape: [1], dtype: 'F32' },
    'dense1/kernel': { data_offsets: [0, 8], shape: [2, 1], dtype: 'F32' },
  };
  await writeRaw(file, JSON.stringify(header), Buffer.from(Float32Array.of(1, 2, 3).buffer));
  const params = await loadParams(file, network);
  assert.deepEqual(
    mapRecord(params, (tensor) => [...tensor.dataSync()]),
    { 'dense1/kernel': [1, 2], 'dense1/bias': [3] },
  );
  tf.dispose(params);
});

test('a file written by Python’s safetensors package is read', async () => {
  // save_file of a linear layer of PyTorch's shape [2, 3] with entries (0, …, 5) / 4 − 1 / 2
  const file = path.join(__dirname, 'fixtures', 'python.safetensors');
  const network = fcNetwork({ width: 2, depth: 1, input: [3], classes: 2 });
  const params = await loadParams(file, network, { layout: 'pytorch' });
  assert.deepEqual(
    mapRecord(params, (tensor) => tensor.arraySync()),
    {
      'dense1/kernel': [
        [-0.5, 0.25],
        [-0.25, 0.5],
        [0, 0.75],
      ],
      'dense1/bias': [1.5, -0.125],
    },
  );
  tf.dispose(params);
});

test('a file of another layout than asked for is refused', async (context) => {
  const file = path.join(await folder(context), 'layout.safetensors');
  const network = smallNetwork();
  const params = numbered(network);
  await saveParams(file, params);
  await assert.rejects(
    loadParams(file, network, { layout: 'pytorch' }),
    /invalid layout; .* was written as tfjs, asked for as: pytorch/,
  );
  await assert.rejects(
    loadParams(file, network, { layout: 'torch' as 'pytorch' }),
    /invalid layout; .* was written as tfjs, asked for as: torch/,
  );
  tf.dispose(params);
});

test('missing, unknown and misshapen tensors are named, with what was expected and found', async (context) => {
  const file = path.join(await folder(context), 'other.safetensors');
  const network = fcNetwork({ width: 2, depth: 2, input: [3], classes: 2 });
  const params = numbered(network);
  const { 'dense2/bias': bias, ...rest } = params;
  const reject = async (record: Params, message: RegExp) => {
    await saveParams(file, record);
    await assert.rejects(loadParams(file, network), message);
  };
  const none = /other.safetensors; no tensor dense2\/bias of shape \[2\]; .* renamed by names: /;
  await reject(rest, new RegExp(`${none.source}nothing$`));
  await reject(
    { ...rest, 'dense.2/offset': bias, wide: params['dense1/kernel'] },
    new RegExp(`${none.source}dense\\.2/offset \\[2\\], wide \\[3, 2\\]$`),
  );
  await reject(
    { ...params, extra: bias },
    /the network has no such tensor, the nearest are .*; leave it out by names: { 'extra': null }: extra/,
  );
  await reject(
    { ...params, 'dense1/kernel': params['dense2/kernel'] },
    /dense1\/kernel needs shape \[3, 2\], has: \[2, 2\]/,
  );
  tf.dispose(params);
});

test('a file cut off anywhere is refused, saying at which byte', async (context) => {
  const file = path.join(await folder(context), 'cut.safetensors');
  const network = fcNetwork({ width: 2, depth: 1, input: [2], classes: 1 });
  const params = numbered(network);
  await saveParams(file, params);
  const whole = await fs.readFile(file);
  for (let length = 0; length < whole.length; length++) {
    await fs.writeFile(file, whole.subarray(0, length));
    await assert.rejects(loadParams(file, network), (error: Error) => {
      assert.equal(
        /^invalid safetensors file; cut off at byte (\d+)/.exec(error.message)?.[1],
        String(length),
      );
      assert.ok(error.message.endsWith(`: ${file}`));
      return true;
    });
  }
  tf.dispose(params);
});

test('a file with any one byte of its header changed is refused or gives the same tensors', async (context) => {
  const file = path.join(await folder(context), 'corrupt.safetensors');
  const network = fcNetwork({ width: 2, depth: 1, input: [2], classes: 1 });
  const params = numbered(network);
  await saveParams(file, params);
  const whole = await fs.readFile(file);
  const headerEnd = 8 + Number(whole.readBigUInt64LE());
  const position = fc.integer({ min: 0, max: headerEnd - 1 });
  await fc.assert(
    fc.asyncProperty(position, fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const corrupt = Buffer.from(whole);
      corrupt[at] ^= flip;
      await fs.writeFile(file, corrupt);
      try {
        const loaded = await loadParams(file, network);
        assertSame(loaded, params);
        tf.dispose(loaded);
      } catch (error) {
        assert.match(String(error), /^InvalidError: invalid /);
      }
    }),
    { numRuns: 300 },
  );
  tf.dispose(params);
});

test('a corrupt header is refused, saying what is wrong where', async (context) => {
  const file = path.join(await folder(context), 'header.safetensors');
  const network = fcNetwork({ width: 2, depth: 1, input: [2], classes: 1 });
  const entry = (extra: object) =>
    JSON.stringify({ 'dense1/kernel': { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8], ...extra } });
  const reject = async (header: string | Buffer, message: RegExp, size = 8) => {
    await writeRaw(file, header, Buffer.alloc(size));
    await assert.rejects(loadParams(file, network), message);
  };
  await reject('{"a": 1,,}', /header is not JSON, somewhere in bytes \d+ to 18/);
  await reject('[]', /header, from byte 8 on, is not an object/);
  await reject(Buffer.from([0x7b, 0xff, 0x7d]), /header, from byte 8 on, is not UTF-8/);
  await reject('{"__metadata__": 3}', /__metadata__ is not an object/, 0);
  await reject('{"a": 3}', /header entry of a is not an object/);
  await reject(entry({ dtype: 'C64' }), /dense1\/kernel is stored as C64; F32, F64, .* are read/);
  await reject(entry({ shape: [2, -1] }), /shape of dense1\/kernel is not a list of whole numbers/);
  await reject(entry({ shape: [2, 2] }), /dense1\/kernel of shape \[2, 2\] needs 16 bytes, has 8/);
  await reject(entry({ data_offsets: [0] }), /dense1\/kernel has no pair of data_offsets/);
  await reject(entry({ data_offsets: [4, 12] }), /dense1\/kernel begins at byte \d+ rather than \d+/, 12);
  await reject(entry({}), /has bytes after the last tensor, which ends at byte \d+/, 9);
});

test('a save that fails leaves the old file and no part behind', async (context) => {
  const directory = await folder(context);
  const file = path.join(directory, 'kept.safetensors');
  const params = { a: tf.scalar(1) };
  await saveParams(file, params);
  const before = await fs.readFile(file);
  const disposed = { a: tf.scalar(2) };
  tf.dispose(disposed);
  await assert.rejects(saveParams(file, disposed), /disposed/);
  assert.deepEqual(await fs.readFile(file), before);
  assert.deepEqual(await fs.readdir(directory), ['kept.safetensors']);
  tf.dispose(params);
});

test('a place where nothing can be written is named', async (context) => {
  const directory = await folder(context);
  const params = { a: tf.scalar(1) };
  const file = path.join(directory, 'file');
  await fs.writeFile(file, '');
  const reject = (place: string, message: string) => assert.rejects(saveParams(place, params), { message });
  const nowhere = path.join(directory, 'none', 'a.safetensors');
  await reject(nowhere, `cannot write ${nowhere}: its folder is not there (ENOENT)`);
  await reject(directory, `cannot write ${directory}: a folder is in the way of the file (EISDIR)`);
  const inFile = path.join(file, 'a.safetensors');
  await reject(inFile, `cannot write ${inFile}: a file is in the way of a folder (ENOTDIR)`);
  await reject('', 'invalid file; not a path: ""');
  assert.deepEqual(await fs.readdir(directory), ['file']);
  tf.dispose(params);
});

test('the header of no tensors is a header still', () => {
  assert.equal(writeHeader([], {}).toString('utf8', 8).trim(), '{"__metadata__":{}}');
});

test('any tensors and texts come back without a network', async (context) => {
  const file = path.join(await folder(context), 'any.safetensors');
  const saved = { 'mean/a': tf.tensor2d([[1, 2, 3]]), b: tf.scalar(0.1), none: tf.zeros([0, 2]) };
  await saveParams(file, saved, { metadata: { epoch: '7' } });
  const { tensors, metadata } = await loadTensors(file);
  assertSame(tensors, saved);
  assert.deepEqual(metadata, { epoch: '7', format: 'tf', layout: 'tfjs' });
  tf.dispose([saved, tensors]);
});

test('tensors of every dtype are read: float32, int32 or bool', async (context) => {
  const file = path.join(await folder(context), 'dtypes.safetensors');
  const written: Record<string, [bytes: Buffer, dtype: string, values: number[]]> = {
    F64: [Buffer.from(Float64Array.of(-0.1, 1e-300).buffer), 'float32', [Math.fround(-0.1), 0]],
    F16: [Buffer.from(Uint16Array.of(0x3c00, 0xc000).buffer), 'float32', [1, -2]],
    BF16: [Buffer.from(Uint16Array.of(0x3f80, 0xc2f7).buffer), 'float32', [1, -123.5]],
    I64: [Buffer.from(BigInt64Array.of(-(2n ** 31n), 7n).buffer), 'int32', [-(2 ** 31), 7]],
    I32: [Buffer.from(Int32Array.of(-5, 5).buffer), 'int32', [-5, 5]],
    I16: [Buffer.from(Int16Array.of(-5, 300).buffer), 'int32', [-5, 300]],
    I8: [Buffer.from(Int8Array.of(-5, 5).buffer), 'int32', [-5, 5]],
    U64: [Buffer.from(BigUint64Array.of(0n, 2n ** 31n - 1n).buffer), 'int32', [0, 2 ** 31 - 1]],
    U32: [Buffer.from(Uint32Array.of(1, 2).buffer), 'int32', [1, 2]],
    U16: [Buffer.from(Uint16Array.of(1, 65535).buffer), 'int32', [1, 65535]],
    U8: [Buffer.from(Uint8Array.of(1, 255).buffer), 'int32', [1, 255]],
    BOOL: [Buffer.from(Uint8Array.of(1, 0).buffer), 'bool', [1, 0]],
  };
  let end = 0;
  const header = mapRecord(written, ([{ length }], dtype) => {
    end += length;
    return { dtype, shape: [2], data_offsets: [end - length, end] };
  });
  const data = Buffer.concat(Object.values(written).map(([bytes]) => bytes));
  await writeRaw(file, JSON.stringify(header), data);
  const { tensors } = await loadTensors(file);
  for (const [name, [, dtype, values]] of Object.entries(written)) {
    assert.equal(tensors[name].dtype, dtype, name);
    assert.deepEqual([...tensors[name].dataSync()], values, name);
  }
  tf.dispose(tensors);
});

/** Every pattern of a dtype of so many bits, as it is read. */
async function everyValue(file: string, dtype: string, bits: 8 | 16): Promise<Float32Array> {
  const count = 2 ** bits;
  const header = { a: { dtype, shape: [count], data_offsets: [0, (count * bits) / 8] } };
  const patterns = new (bits === 8 ? Uint8Array : Uint16Array)(count).map((_, i) => i);
  await writeRaw(file, JSON.stringify(header), Buffer.from(patterns.buffer));
  const { tensors } = await loadTensors(file);
  const values = tensors.a.dataSync() as Float32Array;
  tf.dispose(tensors);
  return values;
}

test('short floats are read as the spacing of their numbers says, every one of them', async (context) => {
  const file = path.join(await folder(context), 'short.safetensors');
  const formats = [
    { dtype: 'F16', bits: 16, fraction: 10, least: -24, end: 0x7c00 },
    { dtype: 'F8_E5M2', bits: 8, fraction: 2, least: -16, end: 0x7c },
    { dtype: 'F8_E4M3', bits: 8, fraction: 3, least: -9, end: 0x7f },
  ] as const;
  for (const { dtype, bits, fraction, least, end } of formats) {
    const values = await everyValue(file, dtype, bits);
    let value = 0;
    for (let i = 0; i < end; i++) {
      assert.equal(values[i], value, `${dtype} ${i}`);
      assert.equal(values[2 ** (bits - 1) + i], -value, `${dtype} −${i}`);
      value += 2 ** (Math.max(i >> fraction, 1) - 1 + least); // from each number to the next
    }
    const isInfinite = dtype !== 'F8_E4M3'; // which has none
    assert.equal(values[end], isInfinite ? Number.POSITIVE_INFINITY : Number.NaN);
    if (isInfinite) assert.ok(Number.isNaN(values[end + 1]));
  }
});

test('bfloat16 is the upper half of the float32 that is read', async (context) => {
  const values = await everyValue(path.join(await folder(context), 'brain.safetensors'), 'BF16', 16);
  const words = new Uint32Array(values.slice().buffer);
  values.forEach((value, i) => {
    if (!Number.isNaN(value)) assert.equal(words[i], i * 65536);
  });
  assert.equal(values.filter(Number.isNaN).length, 2 * 127); // exponents of ones with a fraction
});

test('a number that float32 or int32 cannot hold is refused with its tensor', async (context) => {
  const file = path.join(await folder(context), 'beyond.safetensors');
  const reject = async (dtype: string, data: Buffer, message: RegExp) => {
    await writeRaw(file, JSON.stringify({ a: { dtype, shape: [1], data_offsets: [0, 8] } }), data);
    await assert.rejects(loadTensors(file), message);
  };
  const long = BigInt64Array.of(2n ** 31n);
  await reject(
    'I64',
    Buffer.from(long.buffer),
    /beyond.safetensors; a, stored as I64, has an entry beyond int32: 2147483648$/,
  );
  await reject(
    'F64',
    Buffer.from(Float64Array.of(1e300).buffer),
    /a, stored as F64, has an entry beyond float32: 1e\+300$/,
  );
  await writeRaw(
    file,
    JSON.stringify({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }),
    Buffer.from(Float64Array.of(Number.NEGATIVE_INFINITY).buffer),
  );
  const { tensors } = await loadTensors(file); // infinity is one in float32, too
  assert.equal(tensors.a.dataSync()[0], Number.NEGATIVE_INFINITY);
  tf.dispose(tensors);
});

/** The parameters of `smallNetwork` as a PyTorch program would save them, under its own names. */
async function writeTheirs(
  file: string,
  rename: (name: string) => string,
  metadata?: { format: 'pt' },
): Promise<Params> {
  const network = smallNetwork();
  const params = numbered(network);
  const theirs = toPytorch(network, params);
  const renamed = Object.fromEntries(Object.entries(theirs).map(([name, tensor]) => [rename(name), tensor]));
  const counter = tf.scalar(3);
  await saveParams(file, { ...renamed, 'bn1.num_batches_tracked': counter });
  const bytes = await fs.readFile(file); // PyTorch's own files say nothing of our layouts
  const end = 8 + Number(bytes.readBigUInt64LE());
  const { __metadata__, ...entries } = JSON.parse(bytes.toString('utf8', 8, end));
  await writeRaw(
    file,
    JSON.stringify({ ...(metadata && { __metadata__: metadata }), ...entries }),
    bytes.subarray(end),
  );
  tf.dispose([theirs, counter]);
  return params;
}

const theirNames: Record<string, string> = {
  'conv1.weight': 'block/conv/kernel',
  'bn1.weight': 'bn/gamma',
  'bn1.bias': 'bn/beta',
  'bn1.running_mean': 'bn/mean',
  'bn1.running_var': 'bn/variance',
  'linear.weight': 'fc/kernel',
  'linear.bias': 'fc/bias',
};
const toTheirs = (name: string) => Object.entries(theirNames).find(([, own]) => own === name)?.[0] as string;

test("a state dict of somebody else's is read by a map of names, or by a function", async (context) => {
  const file = path.join(await folder(context), 'theirs.safetensors');
  const network = smallNetwork();
  const params = await writeTheirs(file, toTheirs, { format: 'pt' });
  const layers: Record<string, string> = { conv1: 'block/conv', bn1: 'bn', linear: 'fc' };
  const forms = [
    theirNames,
    { ...theirNames, 'bn1.num_batches_tracked': null },
    layers,
    { ...theirNames, bn1: 'bn' },
    (name: string) => theirNames[name],
    (name: string) => name.replace(/^\w+/, (layer) => layers[layer]), // the last part stays PyTorch's
  ];
  for (const names of forms) {
    const loaded = await loadParams(file, network, { names });
    assertSame(loaded, params);
    tf.dispose(loaded);
  }
  const wrapped = path.join(path.dirname(file), 'wrapped.safetensors');
  tf.dispose(await writeTheirs(wrapped, (name) => `module.${toTheirs(name)}`));
  for (const names of [theirNames, layers]) {
    const loaded = await loadParams(wrapped, network, { names });
    assertSame(loaded, params);
    tf.dispose(loaded);
  }
  tf.dispose(params);
  const parts = ['layer1.0.conv1.weight', 'layer1.0.bn1.bias', 'module.m.weight', 'fc.weight', 'fc.bias'];
  const here = { file, network };
  assert.deepEqual(renamed(parts, { layer1: 'stage1', 'layer1.0.bn1': 'norm', m: 'mine', fc: null }, here), {
    'stage1.0.conv1.weight': 'layer1.0.conv1.weight',
    'norm.bias': 'layer1.0.bn1.bias',
    'mine.weight': 'module.m.weight',
  });
});

test("names of PyTorch's tell its layout where shapes do not", async (context) => {
  const file = path.join(await folder(context), 'square.safetensors');
  const network = fcNetwork({ width: 2, depth: 1, input: [2], classes: 2 });
  const header = {
    'dense1.weight': { data_offsets: [0, 16], shape: [2, 2], dtype: 'F32' },
    'dense1.bias': { data_offsets: [16, 24], shape: [2], dtype: 'F32' },
  };
  await writeRaw(file, JSON.stringify(header), Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer));
  const kernelOf = async (options?: LoadParamsOptions) => {
    const params = await loadParams(file, network, options);
    const kernel = [...params['dense1/kernel'].dataSync()];
    tf.dispose(params);
    return kernel;
  };
  assert.deepEqual(await kernelOf(), [1, 3, 2, 4]); // [in, out] of [out, in]
  assert.deepEqual(await kernelOf({ layout: 'tfjs' }), [1, 2, 3, 4]);
});

test('names that do not fit are refused, with what the file holds', async (context) => {
  const file = path.join(await folder(context), 'theirs.safetensors');
  const network = smallNetwork();
  tf.dispose(await writeTheirs(file, toTheirs));
  const reject = (names: LoadParamsOptions['names'], message: RegExp) =>
    assert.rejects(loadParams(file, network, { names }), message);
  await reject(
    undefined,
    /theirs.safetensors; no tensor block\/conv\/kernel of shape \[3, 2, 3, 3\]; the rest .*: conv1.weight \[3, 2, 3, 3\], /,
  );
  const { 'linear.bias': _, ...rest } = theirNames;
  await reject(
    rest,
    /no tensor fc\/bias of shape \[4\]; .*: linear.bias \[4\], bn1.num_batches_tracked \[\]$/,
  );
  await reject(
    { ...theirNames, 'conv.weight': 'x' },
    /invalid names; .* none such, the nearest are conv1.weight, .*: conv.weight$/,
  );
  await reject(
    Object.fromEntries(Object.entries(theirNames).map(([theirs, own]) => [own, theirs])),
    /invalid names; names go from those of .* to the network's, .*: block\/conv\/kernel$/,
  );
  await reject(
    { ...theirNames, 'bn1.bias': 'bn/gamma' },
    /invalid names; two tensors of .*, bn1.(bias|weight) and bn1.(bias|weight), become: bn\/gamma$/,
  );
  await reject(
    (name) => (name === 'linear.bias' ? (4 as unknown as string) : theirNames[name]),
    /not a name for linear.bias: 4/,
  );
  await assert.rejects(
    loadParams(file, network, { name: theirNames } as LoadParamsOptions),
    /invalid options of loadParams; unknown, did you mean names/,
  );
});

test('parameters that are no floating-point numbers are refused', async (context) => {
  const file = path.join(await folder(context), 'quantised.safetensors');
  const network = fcNetwork({ width: 2, depth: 1, input: [2], classes: 1 });
  const header = {
    'dense1/kernel': { data_offsets: [0, 2], shape: [2, 1], dtype: 'I8' },
    'dense1/bias': { data_offsets: [2, 4], shape: [1], dtype: 'F16' },
  };
  await writeRaw(file, JSON.stringify(header), Buffer.alloc(4));
  await assert.rejects(
    loadParams(file, network),
    /quantised.safetensors; dense1\/kernel is no floating-point number but: I8/,
  );
});

test('a file of another kind is named by its first bytes, with what to do', async (context) => {
  const file = path.join(await folder(context), 'model');
  const reject = async (content: string | Buffer, message: RegExp) => {
    await fs.writeFile(file, content);
    await assert.rejects(loadTensors(file), message);
  };
  const tar = Buffer.alloc(1024);
  tar.write('sys_info', 0);
  tar.write('ustar', 257);
  await reject(
    Buffer.from('\x89HDF\r\n\x1a\n rest', 'latin1'),
    /it is HDF5, as Keras's .h5; .*tensorflowjs_converter.*: .*model$/,
  );
  await reject('{"format": "layers-model"}', /it is JSON, .*; nets.loadLayersModel reads/);
  await reject('version https://git-lfs.github.com/spec/v1\n', /a pointer of Git LFS/);
  await reject('<!DOCTYPE html><html>', /a web page/);
  await reject(gzipSync('text'), /packed with gzip/);
  await reject(Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'), /NumPy's .npy/);
  await reject(tar, /a tar archive; unpack it/);
  await reject('PK\x03\x04 and no more', /invalid zip; damaged or cut off/);
  await assert.rejects(
    loadTensors(path.join(file, 'none')),
    /invalid safetensors file; leads through a file/,
  );
  await assert.rejects(loadTensors(path.dirname(file)), /invalid safetensors file; a folder, not a file: /);
  await assert.rejects(loadTensors(`${file}.pt`), /invalid safetensors file; no such file: .*model.pt$/);
});

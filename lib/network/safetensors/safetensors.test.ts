import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { TestContext } from 'node:test';
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
import { loadParams } from './loadParams';
import { loadTensors } from './loadTensors';
import { saveParams } from './saveParams';

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
  await reject(rest, /other.safetensors; no tensor dense2\/bias, expected one of shape: \[2\]/);
  await reject({ ...params, extra: bias }, /the network has no such tensor, the nearest are .*: extra/);
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
  await reject(entry({ dtype: 'BF16' }), /dense1\/kernel is stored as BF16, only F32 can be read/);
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

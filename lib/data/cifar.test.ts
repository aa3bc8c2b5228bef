import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cifar10 } from './cifar10';
import { cifar100 } from './cifar100';
import type { Images } from './dataset';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-cifar-'));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** A pixel that tells its image, channel and place. */
function value(image: number, c: number, y: number, x: number): number {
  return (image * 7 + c * 101 + y * 32 + x) % 256;
}

/** Records as the format has them: label bytes, then the planes. */
function records(labels: number[][], first = 0): Buffer {
  const planes = (image: number) =>
    Array.from({ length: 3072 }, (_, i) =>
      value(image, Math.floor(i / 1024), Math.floor(i / 32) % 32, i % 32),
    );
  return Buffer.from(labels.flatMap((label, i) => [...label, ...planes(first + i)]));
}

function folderOf(files: Record<string, Buffer | string>, inside = ''): string {
  const folder = join(root, `${folders++}`);
  mkdirSync(join(folder, inside), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, inside, name), content);
  return folder;
}

/** A batch of the Python version as Python 2 wrote it: bytes as texts, a list of labels, an array [count, 3072] of NumPy. */
function pickle(labels: number[], { first = 0, key = 'labels' } = {}): Buffer {
  const planes = records(
    labels.map((_) => []),
    first,
  );
  const short = (text: string) => Buffer.concat([Buffer.from([0x55, text.length]), Buffer.from(text)]);
  const code = (text: string) => Buffer.from(text, 'latin1');
  const whole = (value: number) => Buffer.concat([code('J'), Buffer.from(Int32Array.of(value).buffer)]);
  return Buffer.concat([
    code('\x80\x02}q\x01('),
    short('batch_label'),
    short('training batch 1 of 5'),
    short(key),
    code(']('),
    ...labels.map(whole),
    code('e'),
    short('data'),
    code('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01'),
    whole(labels.length),
    whole(3072),
    code(
      '\x86cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89T',
    ),
    Buffer.from(Int32Array.of(planes.length).buffer),
    planes,
    code('tbu.'),
  ]);
}

function assertPixels({ pixels, count }: Images<Uint8Array>, first: number): void {
  for (let n = 0; n < count; n++) {
    for (const [y, x] of [
      [0, 0],
      [0, 31],
      [17, 5],
      [31, 31],
    ]) {
      for (let c = 0; c < 3; c++) {
        assert.equal(pixels[((n * 32 + y) * 32 + x) * 3 + c], value(first + n, c, y, x), `${[n, y, x, c]}`);
      }
    }
  }
}

test('CIFAR-10 records become images [32, 32, 3] in the order of the files', async () => {
  const files = {
    'data_batch_2.bin': records([[3]], 2),
    'data_batch_1.bin': records([[9], [0]], 0),
    'test_batch.bin': records([[5]], 50),
  };
  for (const inside of ['', 'cifar-10-batches-bin']) {
    const data = await cifar10({ folder: folderOf(files, inside) });
    assert.deepEqual([...data.train.labels], [9, 0, 3]);
    assert.deepEqual([...data.test.labels], [5]);
    assert.deepEqual([data.shape, data.classes, data.classNames?.[9]], [[32, 32, 3], 10, 'truck']);
    assertPixels(data.train, 0);
    assertPixels(data.test, 50);
  }
});

test('CIFAR-100 records carry a coarse and a fine label; the fine one counts', async () => {
  const names = Array.from({ length: 100 }, (_, i) => `class ${i}`);
  const files = {
    'train.bin': records([
      [19, 99],
      [0, 42],
    ]),
    'test.bin': records([[1, 7]], 9),
  };
  const data = await cifar100({
    folder: folderOf({ ...files, 'fine_label_names.txt': `${names.join('\n')}\n` }),
  });
  assert.deepEqual([...data.train.labels], [99, 42]);
  assert.deepEqual([data.classes, data.classNames?.[42]], [100, 'class 42']);
  assertPixels(data.train, 0);
  assertPixels(data.test, 9);
  assert.equal((await cifar100({ folder: folderOf(files) })).classNames, undefined);
});

test('the Python versions are read as the binary ones are, without running them', async () => {
  const ten = {
    data_batch_2: pickle([3], { first: 2 }),
    data_batch_1: pickle([9, 0]),
    test_batch: pickle([5], { first: 50 }),
  };
  for (const inside of ['', 'cifar-10-batches-py', 'archive/cifar-10-python/cifar-10-batches-py']) {
    const data = await cifar10({ folder: folderOf({ ...ten, 'batches.meta': 'of no use' }, inside) });
    assert.deepEqual([...data.train.labels], [9, 0, 3]);
    assert.deepEqual([...data.test.labels], [5]);
    assertPixels(data.train, 0);
    assertPixels(data.test, 50);
  }
  const names = Buffer.from('\x80\x02}U\x10fine_label_names](U\x05appleU\x03oakes.', 'latin1');
  const hundred = {
    train: pickle([99, 42], { key: 'fine_labels' }),
    test: pickle([7], { first: 9, key: 'fine_labels' }),
  };
  await assert.rejects(
    cifar100({ folder: folderOf({ ...hundred, meta: names }, 'cifar-100-python') }),
    /invalid classNames; not one for each of 100 classes: 2/,
  );
  const data = await cifar100({ folder: folderOf(hundred, 'cifar-100-python') });
  assert.deepEqual([[...data.train.labels], [...data.test.labels]], [[99, 42], [7]]);
  assertPixels(data.train, 0);
  assertPixels(data.test, 9);
});

test('files of either version are found in any case and nesting, beside what systems leave there', async () => {
  const binary = { 'DATA_BATCH_1.BIN': records([[4]]), 'Test_Batch.bin': records([[2]], 1) };
  const litter = {
    '._data_batch_1.bin': 'fork',
    '.DS_Store': '',
    'Thumbs.db': '',
    'batches.meta.txt': 'airplane',
  };
  const folder = folderOf({ ...binary, ...litter }, 'download/Cifar-10-Batches-Bin');
  mkdirSync(join(folder, '__MACOSX', 'data_batch_1.bin'), { recursive: true });
  writeFileSync(join(folder, '__MACOSX', 'data_batch_1.bin', 'data_batch_1.bin'), 'fork');
  const data = await cifar10({ folder });
  assert.deepEqual([[...data.train.labels], [...data.test.labels]], [[4], [2]]);
});

test('a pickle of another form is refused by its path', async () => {
  const good = pickle([1]);
  const load = (bytes: Buffer) => cifar10({ folder: folderOf({ data_batch_1: good, test_batch: bytes }) });
  await assert.rejects(load(pickle([1, 10])), /label of image 1 is 10, not below 10: .*test_batch$/);
  await assert.rejects(
    load(pickle([1], { key: 'fine_labels' })),
    /a dict without labels, of batch_label, fine_labels, data: .*test_batch$/,
  );
  await assert.rejects(load(good.subarray(0, 2000)), /invalid pickle; cut off at byte 2000: .*test_batch$/);
  await assert.rejects(
    load(Buffer.from('cos\nsystem\n(S"true"\ntR.')),
    /holds a os.system, which is code rather than data: .*test_batch$/,
  );
  await assert.rejects(
    load(Buffer.from('\x80\x02K\x01.', 'latin1')),
    /invalid data file; a pickle of no dict: .*test_batch$/,
  );
  const short = Buffer.from(good.toString('latin1').replace('J\0\x0c\0\0', 'J\0\x0b\0\0'), 'latin1');
  await assert.rejects(load(short), /an array of 3072 bytes for 1×2816 u1/);
});

test('the usual folder must hold whole files of 10,000 images', async () => {
  const files = Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`data_batch_${i}.bin`, records([[1]])]));
  const before = process.env.PATHKERNEL_DATA;
  process.env.PATHKERNEL_DATA = folderOf({});
  try {
    await assert.rejects(
      cifar10(),
      /cifar-10-batches-bin lacks data_batch_1\.bin, .*`npx pathkernel data cifar-10`/,
    );
    const inside = join(process.env.PATHKERNEL_DATA, 'cifar-10', 'cifar-10-batches-bin');
    mkdirSync(inside, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(inside, name), content);
    await assert.rejects(cifar10(), { message: new RegExp(`${inside} lacks test_batch\\.bin; fetch`) });
    writeFileSync(join(inside, 'test_batch.bin'), records([[1]]));
    await assert.rejects(cifar10(), /cut off at byte 3073 of 30730000 \(10000 records of 3073\)/);
  } finally {
    if (before === undefined) delete process.env.PATHKERNEL_DATA;
    else process.env.PATHKERNEL_DATA = before;
  }
});

test('a set that is not there names the folder, the files and the command', async () => {
  const folder = join(root, 'nothing');
  await assert.rejects(cifar10({ folder }), (error: Error) => {
    assert.ok(
      error.message.startsWith(`invalid data set; ${folder} lacks data_batch_1.bin, test_batch.bin; `),
    );
    return error.message.includes(`npx pathkernel data cifar-10 --folder ${folder}`);
  });
  await assert.rejects(cifar100({ folder }), /lacks train\.bin, test\.bin; .*data cifar-100/);
  await assert.rejects(cifar10({ folder: '' }), { message: 'invalid folder; not a path: ""' });
});

test('a file cut off, empty or with a label out of range is refused with the byte', async () => {
  const good = records([[1], [2]]);
  const load = (bytes: Buffer) =>
    cifar10({ folder: folderOf({ 'data_batch_1.bin': good, 'test_batch.bin': bytes }) });
  await assert.rejects(load(good.subarray(0, 5000)), /cut off at byte 5000 of 6146 .*test_batch\.bin$/);
  await assert.rejects(load(Buffer.alloc(0)), /cut off at byte 0 of 3073/);
  await assert.rejects(load(records([[1], [10]])), /byte 3073 is label 10, not below 10: .*test_batch\.bin$/);
  const train = records([[0, 100]]);
  const hundred = folderOf({ 'train.bin': train, 'test.bin': train });
  await assert.rejects(cifar100({ folder: hundred }), /byte 1 is label 100, not below 100: .*train\.bin$/);
});

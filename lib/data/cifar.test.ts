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

function assertPixels({ pixels, count }: Images, first: number): void {
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

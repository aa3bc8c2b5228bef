import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { projectRoot } from './dataFolder';
import type { Images } from './dataset';
import { fashionMnist, fashionMnistFull } from './fashionMnist';
import { mnist } from './mnist';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-mnist-'));
after(() => rmSync(root, { recursive: true, force: true }));
const sample = join(projectRoot, 'data', 'fashion-mnist');
const trainImages = 'train-images-idx3-ubyte.gz';
const trainLabels = 'train-labels-idx1-ubyte.gz';
const testImages = 't10k-images-idx3-ubyte.gz';
const testLabels = 't10k-labels-idx1-ubyte.gz';

test('the embedded files are the ones that were made, byte for byte', () => {
  const expected = {
    [trainImages]: '97e48297e17befbae2d7b14a01526a3889e584ecd9370c095f91b8c60079e6b8',
    [trainLabels]: 'e43128c6977447b7333b70c2fed2047f0a5b2ef8fb5e5180a37380c179153040',
    [testImages]: '91d67b5c5b9e655adaeb50d69a20825546752c03c4734e395a2e6160d73536a1',
    [testLabels]: '02867bb9ac2eb01d57818359126fe0f142c48d6a688adc73daba5ff30c2dfb04',
  };
  for (const [name, sha256] of Object.entries(expected)) {
    const bytes = readFileSync(join(sample, name));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256, name);
  }
});

test('the embedded sample has 1,000 training and 200 test images of each of ten classes', async () => {
  const { name, shape, classes, classNames, train, test: testSplit } = await fashionMnist();
  assert.deepEqual({ name, shape, classes }, { name: 'fashion-mnist', shape: [28, 28, 1], classes: 10 });
  assert.equal(classNames?.[9], 'Ankle boot');
  assert.deepEqual(perClass(train), new Array(10).fill(1000));
  assert.deepEqual(perClass(testSplit), new Array(10).fill(200));
  assert.equal(train.pixels.length, 10_000 * 28 * 28);
  assert.equal(train.labels[0], 9, 'the first image of the original file is an ankle boot');
});

test("mean and std are near the complete set's, 0.2860 and 0.3530", async () => {
  const { mean, std } = await fashionMnist();
  assert.ok(Math.abs(mean[0] - 0.286) < 0.002, `${mean}`);
  assert.ok(Math.abs(std[0] - 0.353) < 0.002, `${std}`);
});

test('a folder may hold the files plain or gzip', async () => {
  const folder = copy('plain');
  unpack(folder, trainImages);
  unpack(folder, testLabels);
  const [plain, packed] = [await mnist({ folder }), await fashionMnist()];
  assert.equal(plain.name, 'mnist');
  assert.deepEqual(plain.train.labels, packed.train.labels);
  assert.equal(Buffer.compare(plain.train.pixels, packed.train.pixels), 0);
});

test('a set that is not there names the folder, the files and the command', async () => {
  const folder = join(root, 'nothing');
  const files =
    'train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz';
  const command = (name: string) => `npx pathkernel data ${name} --folder ${folder}`;
  for (const [name, load] of Object.entries({ mnist, 'fashion-mnist-full': fashionMnistFull })) {
    await assert.rejects(load({ folder }), {
      message: `invalid data set; ${folder} lacks ${files}; fetch with \`${command(name)}\` or put them there by hand: ${name}`,
    });
  }
});

test('labels and images that do not agree in number are refused', async () => {
  const folder = copy('count');
  cpSync(join(sample, testLabels), join(folder, trainLabels));
  await assert.rejects(mnist({ folder }), {
    message: `invalid data file; 2000 labels (byte 4) for 10000 images: ${join(folder, trainLabels)}`,
  });
});

test('a label out of range is refused with its byte', async () => {
  const folder = copy('label');
  const bytes = unpack(folder, testLabels);
  bytes[8 + 123] = 10;
  const path = join(folder, 't10k-labels-idx1-ubyte');
  writeFileSync(path, bytes);
  await assert.rejects(mnist({ folder }), {
    message: `invalid data file; byte 131 is label 10, not below 10: ${path}`,
  });
});

test('test images of another size than the training images are refused', async () => {
  const folder = copy('size');
  const bytes = unpack(folder, testImages);
  bytes.writeUInt32BE(14, 8);
  bytes.writeUInt32BE(56, 12);
  writeFileSync(join(folder, 't10k-images-idx3-ubyte'), bytes);
  await assert.rejects(mnist({ folder }), /images of 14×56 where the training images are 28×28/);
});

function perClass({ labels }: Images): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}

function copy(name: string): string {
  const folder = join(root, name);
  cpSync(sample, folder, { recursive: true });
  return folder;
}

/** Puts the plain file in the place of the packed one. */
function unpack(folder: string, name: string): Buffer {
  const bytes = gunzipSync(readFileSync(join(folder, name)));
  rmSync(join(folder, name));
  writeFileSync(join(folder, name.replace('.gz', '')), bytes);
  return bytes;
}

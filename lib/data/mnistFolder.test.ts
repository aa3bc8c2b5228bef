import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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

/** A folder of the sample with each file where `place` puts it. */
function laid(name: string, place: (file: string) => string): string {
  const folder = join(root, name);
  for (const file of readdirSync(sample)) {
    const path = join(folder, place(file));
    mkdirSync(join(path, '..'), { recursive: true });
    const isPacked = path.endsWith('.gz');
    const bytes = readFileSync(join(sample, file));
    writeFileSync(path, isPacked || !file.endsWith('.gz') ? bytes : gunzipSync(bytes));
  }
  return folder;
}

test('the files are found as people have them', async () => {
  const expected = await fashionMnist();
  const plain = (file: string) => file.replace('.gz', '');
  const dotted = (file: string) => file.replace(/-idx/, '.idx');
  const places: Record<string, (file: string) => string> = {
    dotted: (file) => dotted(plain(file)),
    'dotted and packed': dotted,
    'in capitals': (file) => plain(file).toUpperCase(),
    "as Kaggle's archive unpacks": (file) => join(plain(file), plain(file)),
    'each in a folder by the name with a hyphen, itself with a dot': (file) =>
      join(plain(file), dotted(plain(file))),
    "in torchvision's folders": (file) => join('MNIST', 'raw', plain(file)),
    'unpacked twice over': (file) => join('archive', 'archive (1)', 'mnist', file),
  };
  for (const [name, place] of Object.entries(places)) {
    const folder = laid(name, place);
    for (const litter of ['__MACOSX', '__MACOSX/mnist', 'empty', '.ipynb_checkpoints'])
      mkdirSync(join(folder, litter), { recursive: true });
    const names = [trainImages, trainLabels, testImages, testLabels];
    for (const file of names) writeFileSync(join(folder, '__MACOSX', 'mnist', file), 'resource fork');
    for (const file of [...names.map((one) => `._${plain(one)}`), '.DS_Store', 'Thumbs.db'])
      writeFileSync(join(folder, file), '');
    const { train, test: testSplit } = await mnist({ folder });
    assert.deepEqual(train.labels, expected.train.labels, name);
    assert.equal(Buffer.compare(testSplit.pixels, expected.test.pixels), 0, name);
  }
});

test('of two copies of a file the one in order is read', async () => {
  const expected = await fashionMnist();
  const folder = copy('copies');
  const bytes = gunzipSync(readFileSync(join(folder, trainImages)));
  writeFileSync(join(folder, trainImages.replace('.gz', '')), bytes);
  writeFileSync(join(folder, testLabels.replace('.gz', '')), ''); // an unpacking that failed
  for (const spoilt of [
    Buffer.alloc(0),
    readFileSync(join(folder, trainImages)).subarray(0, 5000),
    Buffer.from('<html>'),
  ]) {
    writeFileSync(join(folder, trainImages), spoilt);
    assert.deepEqual((await mnist({ folder })).train.labels, expected.train.labels);
  }
  writeFileSync(join(folder, trainImages.replace('.gz', '')), bytes.subarray(0, 100));
  writeFileSync(join(folder, trainImages), '');
  await assert.rejects(mnist({ folder }), /cut off at byte 100 of 7840016: .*train-images-idx3-ubyte$/);
  writeFileSync(join(folder, trainImages.replace('.gz', '')), '');
  await assert.rejects(mnist({ folder }), /cut off at byte 0, in its header of 16 bytes: .*train-images/);
});

test('what is there instead of the files is named, and a set that is there twice', async () => {
  const folder = join(root, 'others');
  mkdirSync(join(folder, 'test.csv'), { recursive: true });
  for (const name of ['archive.zip', 'mnist_train.csv', '.DS_Store']) writeFileSync(join(folder, name), '');
  await assert.rejects(
    mnist({ folder }),
    /lacks .*t10k-labels-idx1-ubyte.gz \(it holds archive.zip, mnist_train.csv, test.csv\); unpack archive.zip, fetch with .*: mnist$/,
  );
  await assert.rejects(mnist({ folder: join(folder, 'archive.zip') }), {
    message: `invalid data set; ${join(folder, 'archive.zip')} is a file, not a folder: mnist`,
  });
  const twice = join(root, 'twice');
  for (const name of ['FashionMNIST', 'MNIST']) renameSync(copy(name), join(mkdirAt(twice), name));
  await assert.rejects(mnist({ folder: twice }), {
    message: `invalid data set; there more than once, in ${join(twice, 'FashionMNIST')} and ${join(twice, 'MNIST')}; give one as folder: mnist`,
  });
});

function mkdirAt(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

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

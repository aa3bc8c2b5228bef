import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { workedExample } from '../testing/workedExample';
import { dataFolder, projectRoot } from './dataFolder';
import { type DataSource, datasets, loadDataset, registerDataset } from './datasets';
import { filesOf, readManifest } from './manifest';

test('a set loads by name', async () => {
  assert.equal((await loadDataset('fashion-mnist')).train.count, 10_000);
  assert.equal((await loadDataset('synthetic-100', { train: 100, test: 100 })).classes, 100);
  assert.equal((await loadDataset('synthetic-10', { train: 7, seed: 2 })).train.count, 7);
});

test('an option that a set has no use for is refused rather than passed over', async () => {
  for (const options of [{ train: 100 }, { test: 100 }, { seed: 1 }])
    await assert.rejects(loadDataset('fashion-mnist', options), /invalid \w+; only for synthetic sets/);
  await assert.rejects(
    loadDataset('synthetic-10', { folder: 'here' }),
    /invalid folder; a synthetic set has no/,
  );
});

test('an unknown name is refused with the nearest names', async () => {
  await assert.rejects(loadDataset('cifar10'), {
    message: 'invalid data set; unknown, did you mean cifar-10, cifar-100 or mnist: cifar10',
  });
  await assert.rejects(loadDataset('constructor'), /invalid data set; unknown/);
});

test("a set of one's own, that of CONTRIBUTING, loads by its name until it is taken out, and says its sizes", async () => {
  const { corners } = workedExample('dataset', 'lib/data') as { corners: DataSource['load'] };
  const source: DataSource = { shape: [8, 8, 1], classes: 4, train: 200, test: 40, load: corners };
  const takeOut = registerDataset('mine', source);
  const { shape, classes, train, test } = await loadDataset('mine');
  const sizes = { shape, classes, train: train.count, test: test.count };
  assert.deepEqual({ ...sizes, load: corners }, datasets.mine);
  assert.deepEqual(
    train.pixels.subarray(64 + 7, 64 + 8),
    Uint8Array.of(255),
    'the second image is of the second class',
  );
  assert.deepEqual((await loadDataset('mine', { seed: 0 })).train, train);
  takeOut();
  await assert.rejects(loadDataset('mine'), /invalid data set; unknown/);
  assert.throws(() => registerDataset('mnist', source), /invalid data set; comes with the library/);
  assert.throws(() => registerDataset('mine', { ...source, test: 0 }), {
    message: 'invalid data set mine.test; not a whole number of 1 or more: 0',
  });
  assert.throws(
    () => registerDataset('mine', { ...source, shape: [8] as never }),
    /invalid data set mine.shape/,
  );
  assert.throws(() => registerDataset('mine', { ...source, load: 3 as never }), /invalid data set mine.load/);
});

test('every set to download loads by the same name, from where it is downloaded', async () => {
  const before = process.env.PATHKERNEL_DATA;
  process.env.PATHKERNEL_DATA = join(projectRoot, 'data', 'nothing');
  try {
    for (const name of Object.keys(readManifest())) {
      await assert.rejects(loadDataset(name), (error: Error) => error.message.includes(dataFolder(name)));
    }
  } finally {
    if (before === undefined) delete process.env.PATHKERNEL_DATA;
    else process.env.PATHKERNEL_DATA = before;
  }
});

test('the manifest has https mirrors, a size and a checksum for every file', () => {
  for (const [name, set] of Object.entries(readManifest())) {
    assert.ok(Object.hasOwn(datasets, name), name);
    assert.ok(filesOf(set).length > 0);
    for (const file of set.files) {
      assert.ok(
        file.mirrors.length > 0 && file.mirrors.every((address) => new URL(address).protocol === 'https:'),
      );
      assert.ok(Number.isInteger(file.bytes) && file.bytes > 0);
      assert.match(file.sha256 ?? '', file.md5 ? /^$/ : /^[0-9a-f]{64}$/);
      assert.match(file.md5 ?? '', file.sha256 ? /^$/ : /^[0-9a-f]{32}$/);
    }
  }
});

test('a folder given wins over PATHKERNEL_DATA, which wins over data/downloads', () => {
  const before = process.env.PATHKERNEL_DATA;
  try {
    delete process.env.PATHKERNEL_DATA;
    assert.equal(dataFolder('mnist'), join(projectRoot, 'data', 'downloads', 'mnist'));
    process.env.PATHKERNEL_DATA = '/somewhere';
    assert.equal(dataFolder('mnist'), '/somewhere/mnist');
    assert.equal(dataFolder('mnist', '/else'), '/else');
    assert.equal(dataFolder('mnist', '~/data'), join(homedir(), 'data'));
  } finally {
    if (before === undefined) delete process.env.PATHKERNEL_DATA;
    else process.env.PATHKERNEL_DATA = before;
  }
});

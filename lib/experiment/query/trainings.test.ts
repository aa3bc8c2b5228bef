import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFolder } from '../run/testRun';
import { trainings, trainingText } from '.';
import { writeRecord } from './testRecords';

const config = (seed: number, train: object = {}, data: object = {}) => ({
  data: { name: 'fashion-mnist', train: 2000, test: 100, ...data },
  model: 'fc-100',
  seed,
  prune: { method: 'snip' as const, exponent: 1 },
  train: { epochs: 10, ...train },
});

const falling = (factor: number) =>
  Array.from({ length: 11 }, (_, epoch) => ({ epoch, trainLoss: epoch === 0 ? null : factor ** epoch }));

test('runs say how many steps they took, on how many images, and whether the loss came to rest', () =>
  withFolder(async (folder) => {
    const still = writeRecord(folder, config(1), { epochs: falling(0.999) });
    const not = writeRecord(folder, config(2), { epochs: falling(0.9) });
    const rows = await trainings({ folder });
    const of = (hash: string) => rows.find((row) => row.hash === hash);
    assert.deepEqual(
      [still, not].map((hash) => [of(hash)?.plateau, of(hash)?.trainImages, of(hash)?.steps]),
      [
        [true, 2000, 320],
        [false, 2000, 320],
      ],
    );
    assert.ok(Math.abs((of(not)?.change ?? 0) - (0.9 ** 2 - 1)) < 1e-12);
    assert.equal(
      await trainingText({ folder }),
      '10 epochs of 2,000 images (320 steps), adam at 0.001, 2 seeds; loss at a plateau in 1 of 2 runs',
    );
  }));

test('a range is given where runs differ, images held out take no steps, and short runs have no plateau', () =>
  withFolder(async (folder) => {
    writeRecord(folder, config(1, { epochs: 3, validation: 0.5, batch: 100 }), {
      epochs: falling(1).slice(0, 4),
    });
    writeRecord(folder, config(1, { learningRate: 0.01 }, { train: 640 }), { epochs: falling(1) });
    assert.equal(
      await trainingText({ folder }),
      '3 to 10 epochs of 640 to 2,000 images (30 to 100 steps), adam at 0.01, adam at 0.001, 1 seed; loss at a plateau in 1 of 2 runs',
    );
    await assert.rejects(trainingText({ folder, hashes: [] }), /invalid runs; none was trained/);
  }));

test('training sets of two sizes, or from another folder, are told apart', () =>
  withFolder(async (folder) => {
    writeRecord(folder, config(1), { epochs: falling(1) });
    writeRecord(folder, config(1, {}, { train: 1000 }), { epochs: falling(1) });
    writeRecord(folder, config(1, {}, { name: 'cifar-10', folder: 'own' }), { epochs: falling(1) });
    assert.equal((await trainings({ folder, trainImages: 2000 })).length, 2);
    const all = await trainings({ folder });
    assert.equal(new Set(all.map(({ data, trainImages }) => `${data} ${trainImages}`)).size, 3);
    assert.ok(all.some(({ data }) => data === 'cifar-10 in own'));
  }));

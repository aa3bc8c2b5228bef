import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from '../base/place.mjs';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { setUp } from '../setUp.mjs';
import { records } from './records.mjs';

const { packRuns } = await import('../../lib/experiment/records/packRuns.ts');
const { writeFinished } = await import('../../lib/experiment/records/testArchive.ts');

/** A project folder with this library in it, and a way to put an archive of runs, by their seeds, into it. */
function projectFolder(t) {
  const { place, put } = temporaryPlace(t);
  symlinkSync(join(placeAt().root, 'lib'), join(place.root, 'lib'));
  const pack = async (name, seeds) => {
    const folder = join(place.root, 'elsewhere');
    await packRuns(
      join(place.records, name),
      seeds.map((seed) => writeFinished(folder, seed)),
      { folder },
    );
  };
  const runs = () => readdirSync(place.runs).filter((name) => !name.startsWith('.'));
  return { place, put, pack, runs };
}

test('where no records come with the project there is nothing to do', async (t) => {
  const { place, put } = temporaryPlace(t);
  assert.equal(records.right({ place }), true);
  put('data/records/README.md', 'to come');
  assert.equal(records.right({ place }), true);
  await setUp({ place, only: [records] });
  assert.equal(existsSync(place.runs), false);
});

test('records are unpacked into data/runs, and again only where an archive changes or all runs are gone', async (t) => {
  const { place, pack, runs } = projectFolder(t);
  const elsewhere = join(place.root, 'of-the-user');
  process.env.PATHKERNEL_RUNS = elsewhere;
  t.after(() => delete process.env.PATHKERNEL_RUNS);
  await pack('a.tar.gz', [1, 2]);
  assert.equal(records.right({ place }), false);
  assert.equal(await records.make({ place }), '2 in data/runs');
  assert.equal(records.right({ place }), true);
  assert.equal(existsSync(elsewhere), false);

  const [first, second] = runs();
  writeFileSync(join(place.runs, first, 'result.json'), 'mine');
  rmSync(join(place.runs, second), { recursive: true });
  assert.equal(records.right({ place }), true, 'a run that was removed stays removed');
  await pack('b.tar.gz', [3]);
  assert.equal(records.right({ place }), false);
  assert.equal(await records.make({ place }), '3 in data/runs');
  assert.equal(readFileSync(join(place.runs, first, 'result.json'), 'utf8'), 'mine');
  assert.equal(records.right({ place }), true);

  for (const name of runs()) rmSync(join(place.runs, name), { recursive: true });
  assert.equal(records.right({ place }), false, 'all runs are gone, the stamp is not');
  rmSync(place.runs, { recursive: true });
  assert.equal(records.right({ place }), false);
  assert.equal(await records.make({ place }), '3 in data/runs');
  assert.equal(records.right({ place }), true);
});

test('an archive that is damaged is a failure that names it and how to bring it back', async (t) => {
  const { place, put } = projectFolder(t);
  const path = put('data/records/a.tar.gz', 'a pointer to a large file');
  await assert.rejects(
    async () => records.make({ place }),
    (error) => {
      assert.match(error.message, /unpacking the records of runs \(1\)/);
      assert.ok(error.detail.includes(path), error.detail);
      assert.match(error.remedy, /git checkout -- data\/records/);
      return true;
    },
  );
  assert.equal(records.right({ place }), false);
});

test('where it is not the archives that fail, they are not what the remedy is about', async (t) => {
  const { place, put } = temporaryPlace(t);
  put('data/records/a.tar.gz');
  put('lib/cli/main.cjs', "throw new TypeError('util_1.isNullOrUndefined is not a function')");
  await assert.rejects(
    async () => records.make({ place }),
    (error) => {
      assert.match(error.detail, /isNullOrUndefined/);
      assert.doesNotMatch(error.remedy, /git checkout/);
      assert.match(error.remedy, /npx pathkernel doctor/);
      return true;
    },
  );
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isRunning, noteChild, withLock } from './lock.mjs';
import { temporaryPlace } from './temporaryPlace.mjs';

test('work under the lock is done one at a time, and the lock goes with it', async (t) => {
  const { place } = temporaryPlace(t);
  assert.equal(
    await withLock(place, async () => {
      assert.equal(JSON.parse(readFileSync(place.lock, 'utf8')).owner, process.pid);
      return 7;
    }),
    7,
  );
  assert.ok(!existsSync(place.lock));
});

test('failing work leaves no lock', async (t) => {
  const { place } = temporaryPlace(t);
  await assert.rejects(
    withLock(place, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.ok(!existsSync(place.lock));
});

test('the lock of a killed set-up does not count', async (t) => {
  const { place, put } = temporaryPlace(t);
  const killed = spawn(process.execPath, ['-e', '']);
  await once(killed, 'exit');
  put('.setup/lock.json', { owner: killed.pid });
  assert.equal(await withLock(place, async () => 'done'), 'done');
});

test('a program left by a killed set-up is waited for', async (t) => {
  const { place, put } = temporaryPlace(t);
  const killed = spawn(process.execPath, ['-e', '']);
  await once(killed, 'exit');
  const left = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600)']);
  put('.setup/lock.json', { owner: killed.pid, child: left.pid });
  await withLock(place, async () => assert.ok(!isRunning(left.pid)));
});

test('the program at work is noted in the lock, by its holder only', async (t) => {
  const { place } = temporaryPlace(t);
  noteChild(place, 1);
  assert.ok(!existsSync(place.lock));
  await withLock(place, async () => {
    noteChild(place, 42);
    assert.deepEqual(JSON.parse(readFileSync(place.lock, 'utf8')), { owner: process.pid, child: 42 });
  });
});

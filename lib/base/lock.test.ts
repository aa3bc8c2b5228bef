import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Held, lockHolder, withLock } from './lock';
import { thisProcess } from './thisProcess';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-lock-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('the lock is there during the work and gone after it, also where the work fails', async () => {
  const path = join(root, 'simple');
  const result = await withLock(path, async (isHeld) => {
    assert.equal(existsSync(path), true);
    assert.equal(await isHeld(), true);
    return 3;
  });
  assert.equal(result, 3);
  await assert.rejects(
    withLock(path, () => Promise.reject(new Error('no'))),
    /^Error: no$/,
  );
  assert.equal(existsSync(path), false);
});

test('of many at once one works at a time', async () => {
  const path = join(root, 'many');
  let working = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++working);
    await sleep(5);
    working--;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(path, work, { pollMs: 2 })));
  assert.equal(most, 1);
});

test('a holder that gives signs of life is waited for, however long it works', async () => {
  const path = join(root, 'long');
  const order: string[] = [];
  let waits = 0;
  const first = withLock(
    path,
    async (isHeld) => {
      await sleep(300);
      order.push(`first, ${await isHeld()}`);
    },
    { staleMs: 100 },
  );
  await sleep(20);
  const options = { staleMs: 100, pollMs: 10, onWait: () => waits++ };
  await Promise.all([first, withLock(path, async () => order.push('second'), options)]);
  assert.deepEqual(order, ['first, true', 'second']);
  assert.equal(waits, 1);
});

test('a lock left behind is taken over: at once where its process is gone, else after its time', async () => {
  const path = join(root, 'left');
  const gone = { host: hostname(), pid: 2 ** 30, id: 'a' }; // above any process number
  writeFileSync(path, JSON.stringify(gone));
  await withLock(path, async () => undefined, { staleMs: 3_600_000, pollMs: 1 });
  for (const content of [JSON.stringify({ host: 'another machine', pid: 1, id: 'b' }), '', 'not JSON']) {
    writeFileSync(path, content);
    await withLock(path, async () => undefined, { staleMs: 50, pollMs: 5 });
  }
  assert.equal(readdirSync(root).filter((name) => name.startsWith('left')).length, 0);
});

test('a lock whose process number went to another process is taken over', async () => {
  const path = join(root, 'reused');
  const { pid } = thisProcess();
  writeFileSync(path, JSON.stringify({ host: hostname(), pid, started: 'another start/1', id: 'a' }));
  assert.equal(await lockHolder(path), undefined);
  assert.equal(await withLock(path, async () => 1, { wait: false, staleMs: 3_600_000 }), 1);
});

test('a lock that is not waited for names its holder, at once or at its next sign of life', async () => {
  const path = join(root, 'held');
  await withLock(path, async () => {
    const { host, pid } = (await lockHolder(path)) ?? {};
    assert.deepEqual([host, pid], [hostname(), process.pid]);
    await assert.rejects(
      withLock(path, async () => undefined, { wait: false }),
      (error) => error instanceof Held && error.holder.pid === process.pid,
    );
  });
  assert.equal(await lockHolder(path), undefined);
  const other = JSON.stringify({ host: 'another machine', pid: 1, id: 'b' });
  writeFileSync(path, other);
  assert.equal((await lockHolder(path))?.host, 'another machine');
  const sign = setTimeout(() => utimesSync(path, 1, 1), 50);
  await assert.rejects(
    withLock(path, async () => undefined, { wait: false, pollMs: 5 }),
    { name: 'Held', message: `process 1 on another machine holds ${path}` },
  );
  clearTimeout(sign);
  assert.equal(await lockHolder(path), undefined); // its last sign is of 1970
  rmSync(path);
});

test('a holder whose lock was taken over can tell, and leaves the new lock alone', async () => {
  const path = join(root, 'taken');
  await withLock(path, async (isHeld) => {
    writeFileSync(path, 'someone else');
    assert.equal(await isHeld(), false);
  });
  assert.equal(readFileSync(path, 'utf8'), 'someone else');
});

test('waiting stops where it is aborted', async () => {
  const path = join(root, 'aborted');
  writeFileSync(path, JSON.stringify({ host: hostname(), pid: process.pid, id: 'me' }));
  const signal = AbortSignal.timeout(30);
  await assert.rejects(
    withLock(path, async () => undefined, { signal, pollMs: 5 }),
    { name: /Timeout|Abort/ },
  );
});

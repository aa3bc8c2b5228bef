import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Interrupted,
  inGroup,
  interruptible,
  interruptWork,
  throwIfAbandoned,
  type WorkGroup,
} from './interrupt';
import { breathe } from './progress';

const untilAborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason));
  });
const work = () => interruptible(untilAborted);
const isInterrupted = (error: unknown) => error instanceof Interrupted;

test('an interrupt reaches all work in progress, once', async () => {
  const works = [work(), inGroup({}, work)];
  assert.deepEqual([interruptWork(), interruptWork()], [true, false]);
  for (const reason of await Promise.all(works)) assert.ok(isInterrupted(reason));
});

test('after an interrupt a group begins no more work, however late and from wherever; others do', async () => {
  const [cell, other]: WorkGroup[] = [{}, {}];
  let refused = 0;
  cell.onRefused = () => refused++;
  let begun = 0;
  const count = () => interruptible(async () => ++begun);
  const late: Promise<unknown>[] = [];
  const loop = async () => {
    await work();
    setTimeout(() => late.push(assert.rejects(count(), isInterrupted)), 1);
    await sleep(10);
    await Promise.all([count(), count()]);
  };
  const looping = inGroup(cell, loop);
  interruptWork();
  await assert.rejects(looping, isInterrupted);
  await Promise.all(late);
  assert.deepEqual([begun, late.length, refused], [0, 1, 3]);
  assert.equal(await inGroup(other, count), 1);
  assert.equal(await count(), 2);
});

test('a group is stopped between two pieces of work, too', async () => {
  const cell: WorkGroup = {};
  assert.equal(interruptWork(cell), false);
  await assert.rejects(inGroup(cell, work), isInterrupted);
});

test('a loop that catches every refusal leaves the process its time', async () => {
  const cell: WorkGroup = {};
  interruptWork(cell);
  let isOver = false;
  const loop = inGroup(cell, async () => {
    while (!isOver) await work().catch(() => {});
    return 'over';
  });
  await sleep(20);
  isOver = true;
  assert.equal(await loop, 'over');
});

test('nothing is computed for an abandoned group, whether it throws or catches', async () => {
  const cell: WorkGroup = {};
  const step = () => inGroup(cell, throwIfAbandoned);
  step();
  cell.abandoned = true;
  assert.throws(step, isInterrupted);
  throwIfAbandoned();
  let computed = false;
  while (!computed)
    try {
      step();
      computed = true;
    } catch {}
  await breathe();
  assert.throws(step, isInterrupted);
});

test('the caller’s own signal stops the work too, with its own reason', async () => {
  const outer = new AbortController();
  const stopped = interruptible(untilAborted, outer.signal);
  outer.abort('enough');
  assert.equal(await stopped, 'enough');
  assert.equal(await interruptible(untilAborted, outer.signal), 'enough');
});

test('nothing to interrupt is said to be so', () => assert.equal(interruptWork(), false));

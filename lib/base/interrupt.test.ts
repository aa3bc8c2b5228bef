import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { allowWork, Interrupted, interruptible, interruptWork } from './interrupt';

afterEach(allowWork);

const untilAborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason));
  });

test('an interrupt reaches all work in progress, once', async () => {
  const works = [interruptible(untilAborted), interruptible(untilAborted)];
  assert.deepEqual([interruptWork(), interruptWork()], [true, false]);
  for (const reason of await Promise.all(works)) assert.ok(reason instanceof Interrupted);
});

test('work begun after an interrupt stops at once until work is allowed again', async () => {
  const first = interruptible(untilAborted);
  interruptWork();
  await first;
  assert.equal(await interruptible(async (signal) => signal.aborted), true);
  allowWork();
  assert.equal(await interruptible(async (signal) => signal.aborted), false);
});

test('the caller’s own signal stops the work too, with its own reason', async () => {
  const outer = new AbortController();
  const work = interruptible(untilAborted, outer.signal);
  outer.abort('enough');
  assert.equal(await work, 'enough');
  assert.equal(await interruptible(untilAborted, outer.signal), 'enough');
});

test('nothing to interrupt is said to be so', () => assert.equal(interruptWork(), false));

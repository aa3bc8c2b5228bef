import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guarded } from './guarded';
import { breathe } from './progress';

/** Three steps, each told to the callback, unless the signal stops them; then it tidies up. */
function work(onStep: ((step: number) => unknown) | undefined, log: string[], outer?: AbortSignal) {
  return guarded(async (signal, guard) => {
    const tell = guard(onStep);
    for (let step = 1; step <= 3 && !signal.aborted; step++) {
      log.push(`step ${step}`);
      await tell(step);
      await breathe();
    }
    log.push('tidied up');
    return signal.aborted ? 'stopped' : 'done';
  }, outer);
}

test('work whose callbacks return runs to its end, also where there are none', async () => {
  const log: string[] = [];
  const told: number[] = [];
  assert.equal(await work((step) => told.push(step), log), 'done');
  assert.deepEqual(told, [1, 2, 3]);
  assert.equal(await work(undefined, log), 'done');
  assert.deepEqual(log, [
    'step 1',
    'step 2',
    'step 3',
    'tidied up',
    'step 1',
    'step 2',
    'step 3',
    'tidied up',
  ]);
});

for (const [name, fail] of [
  [
    'throws',
    () => {
      throw new Error('no bar');
    },
  ],
  ['returns a promise that is rejected', () => Promise.reject(new Error('no bar'))],
] as const)
  test(`a callback that ${name} stops the work, which tidies up before the error arrives`, async () => {
    const log: string[] = [];
    await assert.rejects(
      work((step) => step === 2 && fail(), log),
      { message: 'no bar' },
    );
    assert.deepEqual(log, ['step 1', 'step 2', 'tidied up']);
  });

test("the caller's own signal stops it without an error, and the body's errors are its own", async () => {
  const stop = new AbortController();
  const log: string[] = [];
  assert.equal(await work((step) => step === 1 && stop.abort(), log, stop.signal), 'stopped');
  assert.deepEqual(log, ['step 1', 'tidied up']);
  await assert.rejects(
    guarded(() => Promise.reject(new Error('mine'))),
    { message: 'mine' },
  );
});

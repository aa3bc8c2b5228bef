import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from './rows';
import type { Side } from './startSide';
import { timeRow } from './timeRow';

const row: Row = { title: 'Counting', case: { kind: 'trace', network: 'fc-100' }, repetitions: 3 };

/** A process that says of its n-th answer that it took n seconds, and as many bytes as calls it was asked for. */
function counting(name: string, first: object = {}): Side {
  const script = `
    let n = 0;
    const say = (calls) => console.log(JSON.stringify({ seconds: [++n], peakBytes: calls, ...${JSON.stringify(first)} }));
    say(1);
    require('node:readline').createInterface(process.stdin).on('line', (line) =>
      line === 'peaks' ? console.log('{"product":7,"convolution":8}') : say(Number(line)));`;
  return { name, command: process.execPath, args: ['-e', script] };
}

const broken: Side = {
  name: 'broken',
  command: process.execPath,
  args: ['-e', 'throw new Error("no compiler")'],
};

test('a side makes its first call, then takes the rounds', async () => {
  const timed = await timeRow(row, [counting('ours'), counting('theirs')], { rounds: 3, threads: 1 });
  assert.deepEqual([...timed.keys()], ['ours', 'theirs']);
  for (const { rounds, first, peakBytes, peaks } of timed.values()) {
    assert.deepEqual(rounds, [2, 3, 4]);
    assert.deepEqual(first.seconds, [1]);
    assert.equal(peakBytes, 3);
    assert.equal(peaks, undefined);
  }
});

test('a row takes no more rounds than it says', async () => {
  const timed = await timeRow({ ...row, rounds: 2 }, [counting('ours')], { rounds: 9, threads: 1 });
  assert.deepEqual(timed.get('ours')?.rounds, [2, 3]);
});

test('a row of first calls starts a process for each round', async () => {
  const timed = await timeRow({ ...row, isFirst: true }, [counting('ours')], { rounds: 2, threads: 1 });
  assert.deepEqual(timed.get('ours')?.rounds, [1, 1]);
});

test('a side that says how much it computes is asked for peaks, too', async () => {
  const side = counting('ours', { work: { multiplications: 5, kind: 'product' } });
  const timed = await timeRow(row, [side], { rounds: 1, threads: 1 });
  assert.deepEqual(timed.get('ours')?.peaks, { product: 7, convolution: 8 });
});

test('a side that fails is left out with what it wrote, and ours may not fail', async (t) => {
  const log = t.mock.method(console, 'error', () => {});
  const timed = await timeRow(row, [counting('ours'), broken], { rounds: 2, threads: 1 });
  assert.deepEqual([...timed.keys()], ['ours']);
  assert.equal(log.mock.callCount(), 1);
  assert.match(String(log.mock.calls[0].arguments[0]), /Counting: broken left out: .*no compiler/s);
  await assert.rejects(timeRow(row, [broken], { rounds: 1, threads: 1 }), /no compiler/);
});

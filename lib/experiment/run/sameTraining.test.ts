import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from '../../testing';
import type { ConfigInput } from '../config';
import { run } from '.';
import { numbersOf, shortRun, withFolder } from './testRun';

const withMethod = (
  method: 'random' | 'magnitude',
  density: number,
  more: Partial<ConfigInput> = {},
): ConfigInput => ({
  ...shortRun,
  prune: { method, density },
  ...more,
});

test('runs that train the same weights under the same mask share the rows of one training, a run done anew does not', () =>
  withFolder(async (folder) => {
    const seen: number[] = [];
    const onEpoch = ({ epoch }: { epoch: number }) => void seen.push(epoch);
    const first = await run(withMethod('random', 1), { folder });
    const second = await run(withMethod('magnitude', 1), { folder, onEpoch });
    assert.notEqual(second.hash, first.hash);
    assert.deepEqual(second.epochs, first.epochs); // times and all
    assert.deepEqual(seen, [0, 1, 2, 3, 4, 5]);
    assert.equal(second.pruning?.method, 'magnitude');
    assert.ok(second.result);

    const again = await run(withMethod('magnitude', 1), { folder: join(folder, 'again') });
    assert.deepEqual(again.epochs, first.epochs);
    const anew = await run(withMethod('random', 1), { folder: join(folder, 'anew') });
    assert.deepEqual(numbersOf(anew), numbersOf(first));
    assert.notDeepEqual(anew.epochs, first.epochs, 'times of its own');

    for (const other of [
      withMethod('magnitude', 0.5),
      withMethod('magnitude', 1, { seed: 2 }),
      withMethod('magnitude', 1, { train: { epochs: 5, batch: 20 } }),
      withMethod('magnitude', 1, { record: { trace: false } }),
      withMethod('magnitude', 1, { data: { name: 'synthetic-10', train: 40, test: 10, seed: 1 } }),
    ]) {
      const record = await run(other, { folder });
      assert.notDeepEqual(numbersOf(record).epochs, numbersOf(first).epochs);
    }
  }));

test('a run that is stopped among rows it shares goes on to the same numbers', () =>
  withFolder(async (folder) => {
    const first = await run(withMethod('random', 1), { folder });
    const stop = new AbortController();
    const onEpoch = ({ epoch }: { epoch: number }) => epoch === 2 && stop.abort();
    const options = { folder, signal: stop.signal, onEpoch: (row: { epoch: number }) => void onEpoch(row) };
    const stopped = await run(withMethod('magnitude', 1), options);
    assert.deepEqual([stopped.result, stopped.epochs.length], [undefined, 3]);
    const { epochs } = await run(withMethod('magnitude', 1), { folder });
    assert.deepEqual(epochs, first.epochs);
  }));

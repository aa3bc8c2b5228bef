import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareRuns } from '.';
import { madeUpEpochs, writeRecord } from './query/testRecords';
import { readRun } from './run';
import { shortRun, withFolder } from './run/testRun';

test('runs stand side by side: where their configurations differ, and what they came to', () =>
  withFolder(async (folder) => {
    const pruned = (method: string, seed: number, accuracy: number) =>
      writeRecord(
        folder,
        { ...shortRun, seed, prune: { method, compression: 10 }, train: { epochs: 1, batch: 10 } },
        { epochs: madeUpEpochs([0.1, accuracy]), kept: method === 'magnitude' ? [20, 0] : [10, 10] },
      );
    const [a, b] = [pruned('synflow', 1, 0.5), pruned('magnitude', 2, 0.75)];
    const { columns, rows, caption } = await compareRuns([a, b], { folder });
    assert.deepEqual([columns, caption], [['field', a, b], '2 compared']);
    const row = (field: string) => rows.find((one) => one.field === field);
    assert.deepEqual(row('prune.method'), { field: 'prune.method', [a]: 'synflow', [b]: 'magnitude' });
    assert.deepEqual(row('seed'), { field: 'seed', [a]: null, [b]: 2 });
    assert.deepEqual(row('finalTestTop1'), { field: 'finalTestTop1', [a]: 0.5, [b]: 0.75 });
    assert.deepEqual(row('effective'), { field: 'effective', [a]: 10, [b]: 20 });
    for (const same of ['data.name', 'prune.density', 'train.epochs', 'device', 'runs'])
      assert.equal(row(same), undefined, same);

    const groups = { SynFlow: [a, pruned('synflow', 3, 0.7)], magnitude: (await readRun(join(folder, b)))! };
    const grouped = await compareRuns(groups, { folder });
    const found = (field: string) => grouped.rows.find((one) => one.field === field);
    assert.deepEqual(found('runs'), { field: 'runs', SynFlow: 2, magnitude: 1 });
    assert.deepEqual(found('seed'), { field: 'seed', SynFlow: 'default, 3', magnitude: 2 });
    assert.ok(Math.abs(Number(found('finalTestTop1')?.SynFlow) - 0.6) < 1e-12);

    const refused: [unknown, RegExp][] = [
      [[a], /invalid runs; not two or more to compare: 1/],
      [undefined, /invalid runs; not a list of runs: undefined/],
      [[a, '0123456789ab'], /invalid runs; no run of this name in .*: 0123456789ab/],
      [[a, []], /invalid runs; no run in: group 2/],
      [[a, a], /invalid runs; two have one name/],
    ];
    for (const [runs, message] of refused)
      await assert.rejects(compareRuns(runs as never, { folder }), message);
  }));

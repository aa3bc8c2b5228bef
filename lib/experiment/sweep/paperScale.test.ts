import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { paperScale } from '../../../bench/paperScale';
import { projectRoot } from '../../data';
import { queryRuns } from '../query';
import { madeUpEpochs, writeRecord } from '../query/testRecords';
import { withFolder } from '../run/testRun';

const text = fs.readFileSync(join(projectRoot, 'docs', 'paper-scale.md'), 'utf8');

test('the tables of docs/paper-scale.md are those computed from the sweeps', async () => {
  for (const [name, lines] of Object.entries(await paperScale()))
    assert.ok(text.includes(`\n\n${lines.join('\n')}\n\n`), `${name}:\n${lines.join('\n')}`);
});

test('the queries of docs/paper-scale.md find what they are for', () =>
  withFolder(async (folder) => {
    const config = {
      data: 'cifar-10',
      model: 'resnet20',
      prune: { method: 'snip', exponent: 1 },
      train: { epochs: 2 },
    } as const;
    writeRecord(folder, { ...config, seed: 1 }, { epochs: madeUpEpochs([0.1, 0.4, 0.5]), kept: [20, 0] });
    writeRecord(folder, { ...config, seed: 2 }, { epochs: madeUpEpochs([0.1, 0.4, 0.5]) });
    writeRecord(folder, { ...config, seed: 3 }, { isDone: false, error: 'loss is not finite' });
    const queries = [...text.matchAll(/```sql\n([^`]+)```/g)].map(([, sql]) => sql);
    const answers = await Promise.all(queries.map((sql) => queryRuns(sql, [], { folder })));
    assert.deepEqual(
      answers.map((rows) => rows.length),
      [1, 1, 1, 3, 1],
    );
    const [[time], [failure], [trace], [, , last], [emptied]] = answers;
    assert.deepEqual([time.secondsAnEpoch, time.n], [1.5, 2]);
    assert.deepEqual([failure.error, failure.n], ['loss is not finite', 1]);
    assert.deepEqual([trace.trace, trace.spread, trace.seeds], [1, 0, 2]);
    assert.deepEqual([last.epoch, last.top1, last.movement], [2, 0.5, 2]);
    assert.deepEqual([emptied.layer, emptied.n], ['dense1', 1]);
  }));

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../data';
import { isOutdated } from '../config';
import { withFolder } from '../run/testRun';
import { readRuns } from '../runRows';
import { planSweep, readSweep } from '../sweep';
import { unpackRuns } from '.';

test('the records that come with the project are runs of its sweeps, of methods as they are now', () =>
  withFolder(async (folder) => {
    const sweeps = join(projectRoot, 'data', 'sweeps');
    const planned = new Set<string>();
    for (const file of fs.readdirSync(sweeps).filter((name) => name.endsWith('.json')))
      for (const { hash } of planSweep(await readSweep(join(sweeps, file)), 'laptop').runs) planned.add(hash);
    const archive = join(projectRoot, 'data', 'records', 'laptop.tar.gz');
    const { added, refused } = await unpackRuns(archive, { folder });
    assert.equal(refused, 0);
    const { runs, problems } = await readRuns(folder);
    assert.deepEqual(problems, []);
    assert.equal(runs.length, added);
    assert.deepEqual(
      runs.filter(({ hash, config }) => !planned.has(hash) || isOutdated(config)).map(({ hash }) => hash),
      [],
    );
    const text = fs.readFileSync(join(projectRoot, 'data', 'records', 'README.md'), 'utf8');
    assert.ok(
      text.includes(`| ${added} of the ${planned.size} of all sweeps`),
      `${added} of ${planned.size}`,
    );
  }));

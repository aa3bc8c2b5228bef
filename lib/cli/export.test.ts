import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { queryRuns } from '../experiment/query';
import { quoted, withDuckDb } from '../experiment/query/duckdb';
import { madeUpEpochs, writeRecord } from '../experiment/query/testRecords';
import { withFolder } from '../experiment/run/testRun';
import { run } from './export';

const tables = ['runs', 'epochs', 'layers'] as const;

/** Runs the command with what it says kept. */
async function command(
  t: TestContext,
  args: string[],
): Promise<{ status: number; out: string; err: string }> {
  const out = t.mock.method(console, 'log', () => undefined);
  const err = t.mock.method(console, 'error', () => undefined);
  const status = await run(args);
  const said = (spy: typeof out) => spy.mock.calls.map(({ arguments: [text] }) => String(text)).join('\n');
  const result = { status, out: said(out), err: said(err) };
  t.mock.restoreAll();
  return result;
}

function makeRuns(folder: string): void {
  for (const seed of [1, 2, 3])
    writeRecord(
      folder,
      { data: 'mnist', model: 'fc-100', seed, prune: { method: 'snip', exponent: 2 }, train: { epochs: 1 } },
      { epochs: madeUpEpochs([0.1, 0.2]), logTrace: seed === 1 ? null : seed },
    );
}

test('each table is one Parquet file with the rows that a query has', (t) =>
  withFolder(async (folder) => {
    const [source, target] = [join(folder, 'runs'), join(folder, 'new', "it's here")];
    makeRuns(source);
    const { status, out, err } = await command(t, ['--folder', source, '--to', target]);
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /runs\.parquet: 3 rows.*\n.*epochs\.parquet: 6 rows.*\n.*layers\.parquet: 6 rows/);
    assert.deepEqual(fs.readdirSync(target).sort(), tables.map((table) => `${table}.parquet`).sort());
    for (const table of tables) {
      const stored = await withDuckDb(async (connection) => {
        const path = quoted(join(target, `${table}.parquet`));
        return (await connection.runAndReadAll(`select * from ${path} order by all`)).getRowObjectsJson();
      });
      const asked = await queryRuns(`select * from ${table} order by all`, [], { folder: source });
      assert.equal(stored.length, asked.length);
      assert.deepEqual(
        stored.map((row) => Object.keys(row)),
        asked.map((row) => Object.keys(row)),
      );
      assert.deepEqual(
        stored.map(({ hash }) => hash),
        asked.map(({ hash }) => hash),
      );
    }
  }));

test('exporting again replaces the files, and no runs are no rows', (t) =>
  withFolder(async (folder) => {
    makeRuns(join(folder, 'runs'));
    const target = join(folder, 'out');
    await command(t, ['--folder', join(folder, 'runs'), '--to', target]);
    const { status, out } = await command(t, ['--folder', join(folder, 'none'), '--to', target]);
    assert.equal(status, 0);
    assert.match(out, /runs\.parquet: 0 rows/);
    assert.equal(fs.readdirSync(target).length, 3);
  }));

test('what is no run is named, and the rest written', (t) =>
  withFolder(async (folder) => {
    makeRuns(folder);
    fs.mkdirSync(join(folder, 'pictures'));
    fs.writeFileSync(join(folder, 'pictures', 'cat.png'), '');
    const { status, out, err } = await command(t, ['--folder', folder, '--to', join(folder, '.out')]);
    assert.equal(status, 0);
    assert.match(out, /runs\.parquet: 3 rows/);
    assert.match(err, /pictures has no config\.json .* left out/);
  }));

test('a target that cannot be written and unknown options end with status 1 and a line', (t) =>
  withFolder(async (folder) => {
    fs.writeFileSync(join(folder, 'file'), '');
    const blocked = await command(t, ['--folder', folder, '--to', join(folder, 'file', 'below')]);
    assert.equal(blocked.status, 1);
    assert.match(blocked.err, /file/);
    assert.equal((await command(t, ['--form', 'csv'])).status, 1);
    assert.match((await command(t, ['--help'])).out, /npx pathkernel export/);
  }));

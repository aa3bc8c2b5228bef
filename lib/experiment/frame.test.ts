import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { frame } from '.';

const rows = [
  { method: 'snip', kept: 3, loss: null },
  { method: 'synflow', kept: 5, loss: 0.5 },
  { method: 'snip', kept: 4, loss: 0.25 },
];

test('a frame has a column a field and a row a record', async () => {
  const table = await frame(rows);
  assert.deepEqual(table.columns, ['method', 'kept', 'loss']);
  assert.deepEqual(
    table.values,
    rows.map((row) => Object.values(row)),
  );
});

test('a frame can be grouped and sorted', async () => {
  const table = await frame(rows);
  const sums = table.groupby(['method']).col(['kept']).sum();
  assert.deepEqual(sums.values, [
    ['snip', 7],
    ['synflow', 5],
  ]);
  assert.deepEqual(table.sortValues('kept', { ascending: false }).column('kept').values, [5, 4, 3]);
});

test('no rows are refused', async () => {
  await assert.rejects(frame([]), { message: 'invalid rows; has no rows: []' });
  await assert.rejects(frame({} as never), { message: 'invalid rows; not an array of records: object' });
});

test('importing the library does not load danfo', () => {
  const script =
    "require('pathkernel'); console.log(Object.keys(require.cache).some((path) => path.includes('danfo')))";
  const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
  });
  assert.equal(output.trim(), 'false');
});

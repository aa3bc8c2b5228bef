import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { run } from './spectrum';

async function command(t: TestContext, ...args: string[]): Promise<string> {
  const out = t.mock.method(console, 'log', () => undefined);
  const line = t.mock.method(process.stderr, 'write', () => true);
  try {
    assert.equal(await run(args), 0);
    return out.mock.calls.map(({ arguments: [text] }) => String(text)).join('\n');
  } finally {
    out.mock.restore();
    line.mock.restore();
  }
}

const quick = ['--data', 'mnist', '--k', '2', '--tolerance', '1e-3', '--probes', '2', '--steps', '4'];

test('a spectrum is told as tables after what it costs, and written as JSON', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pathkernel-spectrum-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'new/spectrum.json');
  const how = ['--method', 'magnitude', '--compression', '4', '--layers', '--out', file];
  const said = await command(t, 'fc-100', ...quick, ...how);
  assert.match(said, /^fc-100: about 108 products of [\d.e+]+ ms, \d+ (s|min), with \d+ MiB of vectors/);
  assert.match(said, /fc-100: its spectrum, by \d+ products/);
  assert.match(said, /index +eigenvalue +times +of the trace +residual +error/);
  assert.match(said, /effective rank/);
  assert.match(said, /index +layer +mass +participation/);
  assert.ok(said.endsWith(`written: ${file}`));
  const stored = JSON.parse(readFileSync(file, 'utf8'));
  assert.equal(stored.network, 'fc-100');
  assert.equal(stored.eigenvalues.length, 2);
  assert.equal(stored.rank.kept, 29850);
  assert.ok(!('eigenvectors' in stored));
});

test('a network that nothing is pruned from has a spectrum', async (t) => {
  const said = await command(t, 'fc-100', ...quick.slice(0, 6), '--probes', '0');
  assert.doesNotMatch(said, /effective rank/);
  assert.match(said, /structural zeros +500/);
});

test('what there is not is refused in a line', async () => {
  await assert.rejects(run([]), /invalid arguments; spectrum takes one network/);
  await assert.rejects(run(['cnov']), /invalid model; unknown, did you mean conv/);
  await assert.rejects(run(['fc-100', '--k', 'many']), /invalid k; not a number: many/);
  await assert.rejects(run(['fc-100', '--kk', '2']), /invalid option; unknown, did you mean .*--k/);
  await assert.rejects(run(['fc-100', '--out', 'a.csv']), /extension of a.csv; unknown/);
  await assert.rejects(run(['fc-100', ...quick, '--k', '0']), /invalid k; not a positive whole number: 0/);
});

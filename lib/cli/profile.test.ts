import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { run } from './profile';

async function command(t: TestContext, ...args: string[]): Promise<string> {
  const out = t.mock.method(console, 'log', () => undefined);
  try {
    assert.equal(await run(args), 0);
    return out.mock.calls.map(({ arguments: [text] }) => String(text)).join('\n');
  } finally {
    out.mock.restore();
  }
}

const quick = ['--batch', '2', '--repetitions', '1', '--data', 'mnist'];

test('a network is profiled as it is and pruned, as tables and files', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pathkernel-profile-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [rows, page] = ['rows.json', 'new/figure.html'].map((name) => join(folder, name));
  const how = ['--method', 'magnitude', '--compression', '4'];
  const said = await command(t, 'conv', ...quick, ...how, '--out', rows, '--out', page);
  assert.match(said, /^conv, dense: a step of training on 2 images, [\d.]+ ms/);
  assert.match(said, /conv, magnitude, compression 4, cut down: a step of training on 2 images/);
  assert.match(said, /matrix product \d+ GFLOP\/s, convolution \d+ GFLOP\/s/);
  assert.match(said, /phase .*ms .*MB .*share/);
  assert.match(said, /forward .*Conv2D/);
  assert.ok(said.includes(`written: ${rows}\nwritten: ${page}`));
  const stored = JSON.parse(readFileSync(rows, 'utf8'));
  assert.deepEqual(Object.keys(stored), [
    'dense',
    'magnitude, compression 4, masked',
    'magnitude, compression 4, cut down',
  ]);
  assert.match(readFileSync(page, 'utf8'), /Where the time goes: conv, train/);
});

test('layers take the place of ops, and a pruning is profiled by its method', async (t) => {
  const said = await command(
    t,
    'conv',
    ...quick,
    '--work',
    'prune',
    '--method',
    'synflow',
    '--iterations',
    '2',
    '--layers',
  );
  assert.match(said, /^conv, synflow to compression 10: pruning, [\d.]+ ms \(once;/);
  assert.match(said, /phase +layer/);
  assert.match(said, /choosing/);
});

test('what there is not is refused in a line', async () => {
  await assert.rejects(run([]), /invalid arguments; profile takes one network/);
  await assert.rejects(run(['cnov']), /invalid model; unknown, did you mean conv/);
  await assert.rejects(run(['conv', '--work', 'tarin']), /invalid work; unknown, did you mean train/);
  await assert.rejects(run(['conv', '--data', 'mnits']), /invalid data; unknown, did you mean mnist/);
  await assert.rejects(run(['conv', '--batch', 'many']), /invalid batch; not a number: many/);
  await assert.rejects(
    run(['conv', '--threads', '0']),
    /invalid threads; not a whole number of 1 or more: 0/,
  );
  await assert.rejects(run(['conv', '--method', 'synflwo']), /invalid method; unknown, did you mean synflow/);
  await assert.rejects(run(['conv', ...quick, '--out', 'a.gif']), /extension of a.gif; unknown/);
});

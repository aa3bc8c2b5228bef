import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { invalid } from '../base';
import { DiskError } from '../base/disk';
import { type Command, commands } from './commands';
import { dispatch } from './dispatch';

const doubling: Command = {
  summary: 'counts its arguments twice',
  load: () => ({ run: async (args) => 2 * args.length }),
};

function recorded() {
  const lines: string[] = [];
  const keep = (text: string) => lines.push(text);
  return { lines, output: { log: keep, error: keep } };
}

test('a command gets the arguments behind its name, and its exit code is returned', async () => {
  assert.equal(await dispatch(['doubling', 'a', '--b'], { doubling }), 4);
});

test('an unknown command is answered with the nearest names', async () => {
  const { lines, output } = recorded();
  assert.equal(await dispatch(['doublin'], { doubling }, output), 1);
  assert.deepEqual(lines, ['invalid command; unknown, did you mean doubling: doublin']);
});

test('without a command, and on --help, every command is listed', async () => {
  for (const args of [[], ['--help'], ['-h'], ['help']]) {
    const { lines, output } = recorded();
    assert.equal(await dispatch(args, { doubling }, output), 0);
    assert.match(lines.join('\n'), /doubling {2}counts its arguments twice/);
  }
});

test('bad input and a full disk are told without a stack, a mistake of ours with it', async () => {
  const failing = (error: Error): Command => ({
    summary: '',
    load: () => ({ run: () => Promise.reject(error) }),
  });
  const input = recorded();
  assert.equal(
    await dispatch(['x'], { x: failing(invalid('file', 'not there', 'a.json')) }, input.output),
    1,
  );
  assert.deepEqual(input.lines, ['invalid file; not there: a.json']);
  const disk = recorded();
  assert.equal(await dispatch(['x'], { x: failing(new DiskError('the disk is full')) }, disk.output), 1);
  assert.deepEqual(disk.lines, ['the disk is full']);
  const mistake = recorded();
  assert.equal(await dispatch(['x'], { x: failing(new Error('oops')) }, mistake.output), 1);
  assert.match(mistake.lines[0], /oops\n +at /);
});

test('every command of the table has its file', () => {
  const files = readdirSync(__dirname);
  for (const name of Object.keys(commands)) assert.ok(files.includes(`${name}.ts`), name);
});

test('the command line answers, and where nothing is installed it says what to do', (t) => {
  const there = spawnSync(process.execPath, [join(__dirname, 'main.cjs'), '--help'], { encoding: 'utf8' });
  assert.equal(there.status, 0);
  assert.match(there.stdout, /doctor/);
  assert.equal(there.stderr, '');

  const root = mkdtempSync(join(tmpdir(), 'pathkernel-cli-'));
  t.after(() => rmSync(root, { recursive: true }));
  const bare = join(root, 'lib', 'cli', 'main.cjs');
  for (const name of ['main.cjs', 'oldNode.cjs'])
    cpSync(join(__dirname, name), join(root, 'lib', 'cli', name));
  const missing = spawnSync(process.execPath, [bare, 'doctor'], { encoding: 'utf8' });
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /node_modules is missing.*\n.*npm start/);
});

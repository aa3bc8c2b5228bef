import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type KernelDriver, type Output, openDriver } from './kernelDriver';

let driver: KernelDriver;

before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.bare });
  writeFileSync(join(driver.bare, 'child.cjs'), "console.log('out'); console.error('err');\n");
  await run(`import { execFileSync, execSync, exec, fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { once } from 'node:events';
const node = process.execPath;`);
});
after(() => driver.close());

const run = (code: string) => driver.run('a', code);
/** Text by stream, in the order of the first of each. */
const textOf = (outputs: Output[]) =>
  outputs.map(({ type, name, text, data, evalue }) => [name ?? type, text ?? evalue ?? data?.['text/plain']]);
const BOTH = [
  ['stdout', 'out\n'],
  ['stderr', 'err\n'],
];

describe('the text of a child process that inherits standard output appears in the cell', () => {
  for (const [name, code] of Object.entries({
    spawn: "void await once(spawn(node, ['child.cjs'], { stdio: 'inherit' }), 'close');",
    'spawn, by number': "void await once(spawn(node, ['child.cjs'], { stdio: ['ignore', 1, 2] }), 'close');",
    'spawn, by stream':
      "void await once(spawn(node, ['child.cjs'], { stdio: [0, process.stdout, process.stderr] }), 'close');",
    'spawn through a shell':
      "void await once(spawn('node child.cjs', { shell: true, stdio: 'inherit' }), 'close');",
    fork: "void await once(fork('child.cjs'), 'close');",
    'fork that inherits': "void await once(fork('child.cjs', [], { stdio: 'inherit' }), 'close');",
    spawnSync: "void spawnSync(node, ['child.cjs'], { stdio: 'inherit' });",
    execFileSync: "void execFileSync(node, ['child.cjs'], { stdio: 'inherit' });",
    execSync: "void execSync('node child.cjs', { stdio: 'inherit' });",
    'a module of Node loaded by import()':
      "void await once((await import('node:child_process')).spawn(node, ['child.cjs'], { stdio: 'inherit' }), 'close');",
  }))
    test(name, async () => {
      const { reply, outputs } = await run(code);
      assert.equal(reply.status, 'ok', JSON.stringify(outputs));
      const sorted = textOf(outputs).sort(([a], [b]) => Number(a === 'stderr') - Number(b === 'stderr'));
      assert.deepEqual(sorted, BOTH);
    });

  test('in its place among other output, and where the child fails', async () => {
    const { outputs } = await run(
      "console.log('before'); execSync('echo within', { stdio: 'inherit' }); console.log('after');\nexecSync('echo failing; exit 3', { stdio: 'inherit' });",
    );
    assert.deepEqual(outputs[0].text, 'before\nwithin\nafter\nfailing\n');
    const { ename, evalue } = outputs[1];
    assert.deepEqual([ename, evalue], ['Error', 'Command failed: echo failing; exit 3']);
    const missing = await run("execFileSync('no-such-program', [], { stdio: 'inherit' });");
    assert.equal(missing.outputs[0].evalue, 'spawnSync no-such-program ENOENT');
  });

  test('late, in the cell that started it', async () => {
    const first = await run("void spawn('sleep 0.3; echo late', { shell: true, stdio: 'inherit' });");
    const second = await run("await new Promise((r) => setTimeout(r, 600)); console.log('mine');");
    assert.deepEqual(textOf(second.outputs), [['stdout', 'mine\n']]);
    const [late] = await driver.call<Output[]>('late', { id: 'a', seconds: 0.1 });
    assert.deepEqual([late.text, late.parent], ['late\n', first.id]);
  });

  test('of any length', async () => {
    const { outputs } = await run(
      "void execSync('yes | head -c 3000000 | tail -c 6', { stdio: 'inherit' });",
    );
    assert.deepEqual(textOf(outputs), [['stdout', 'y\ny\ny\n']]);
    const all = await run(
      "const many = spawnSync('seq 400000', { shell: true, stdio: ['ignore', 'pipe', 'inherit'] });\nmany.stdout.length",
    );
    assert.equal(textOf(all.outputs)[0][1], '2688895');
  });

  test('and what it does not inherit is as it was', async () => {
    const code = `const piped = spawnSync(node, ['child.cjs']);
const half = spawnSync(node, ['child.cjs'], { stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' });
const quiet = spawn(node, ['child.cjs'], { stdio: 'inherit' });
[piped.stdout.toString(), half.stdout, half.stderr, half.output, quiet.stdout, quiet.stderr, execSync('echo 1', { stdio: 'inherit' }), execSync('echo 2', { stdio: ['ignore', 'pipe', 'inherit'] }).toString()].join('|')`;
    const { outputs } = await run(code);
    assert.equal(outputs.find(({ data }) => data)?.data?.['text/plain'], 'out\n||err\n|,,err\n||||2\n');
  });
});

describe('what is written to a descriptor appears in the cell', () => {
  for (const [code, expected] of [
    ["void fs.writeSync(1, 'one\\n');", [['stdout', 'one\n']]],
    ["void fs.writeSync(2, Buffer.from('> two <'), 2, 3);", [['stderr', 'two']]],
    ["void (fs.writeSync as Function)(1, Buffer.from('é three'), { offset: 3 });", [['stdout', 'three']]],
    [
      "fs.writeFileSync('/dev/stdout', 'four\\n'); fs.appendFileSync(2, 'five\\n');",
      [
        ['stdout', 'four\n'],
        ['stderr', 'five\n'],
      ],
    ],
    ["void (await new Promise((done) => fs.write(1, 'six\\n', done)));", [['stdout', 'six\n']]],
    [
      "(await (await import('node:util')).promisify(fs.write)(1, 'seven\\n')).bytesWritten",
      [
        ['stdout', 'seven\n'],
        ['execute_result', '6'],
      ],
    ],
  ] as const)
    test(code, async () => assert.deepEqual(textOf((await run(code)).outputs), expected));

  test('and not what is written to files', async () => {
    const code = `fs.writeFileSync('file', 'a');
const file = fs.openSync('file', 'a');
fs.writeSync(file, 'b'); fs.appendFileSync(file, 'c'); fs.closeSync(file);
fs.readFileSync('file', 'utf8')`;
    assert.deepEqual(textOf((await run(code)).outputs), [['execute_result', 'abc']]);
  });
});

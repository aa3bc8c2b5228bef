import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

/** Says when it watches, and would then live for ever. */
const KERNEL = `
require('tsx/cjs');
require(${JSON.stringify(require.resolve('./orphan'))}).endWithParent();
setInterval(() => {}, 1000);
console.log('watching');`;

/** Starts it, as a server does, and waits. */
const PARENT = `
const { spawn } = require('node:child_process');
spawn(process.execPath, ['-e', ${JSON.stringify(KERNEL)}], { stdio: 'inherit', detached: true });
setInterval(() => {}, 1000);`;

test('a kernel ends when the process that started it is killed', async () => {
  const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: parent.stdout });
  const [line] = await once(lines, 'line');
  assert.equal(line, 'watching');
  // The kernel holds the other end: it is closed when both have ended.
  const ended = once(lines, 'close');
  parent.kill('SIGKILL');
  await ended;
});

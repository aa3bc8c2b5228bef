import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

/** What Node 23 and later lack: it is taken away where this Node still has it. */
const script = `
const util = require('node:util');
delete util.isNullOrUndefined;
delete util.isArray;
const { tf } = require('./lib/tensor');
console.log(tf.tidy(() => tf.concat([tf.tensor1d([1, 2]), tf.ones([1])]).sum().dataSync()[0]));
`;

for (const loader of ['--import=tsx', '--require=tsx/cjs']) {
  test(`the engine computes on a Node without util.isNullOrUndefined, started with ${loader}`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [loader, '-e', script], {
      cwd: join(__dirname, '..', '..'),
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim(), '4');
  });
}

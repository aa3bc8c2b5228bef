import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { kernelPlace } from './kernelDriver';

interface Result {
  tests: number;
  skipped: [test: string, reason: string][];
  wrong: string[];
}

test("passes Jupyter's own suite for kernels", (t) => {
  const { python, env, folder, remove } = kernelPlace();
  t.after(remove);
  const { stdout, stderr } = spawnSync(python, [join(__dirname, 'peerSuite.py')], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  assert.match(stdout, /^\{.*\}$/m, stderr);
  const { tests, skipped, wrong }: Result = JSON.parse(stdout);
  assert.deepEqual(wrong, []);
  assert.equal(tests, 13);
  assert.deepEqual(skipped, [
    ['test_pager', 'No code page something'],
    ['test_recv_iopub_welcome_msg', 'Iopub welcome messages are not supported'],
  ]);
});

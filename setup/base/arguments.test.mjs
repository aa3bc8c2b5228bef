import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBuild } from './arguments.mjs';

test('--gpu and --cpu are ours, the rest is passed on', () => {
  assert.deepEqual(parseBuild(['--gpu', '--no-browser', '--port=9'], { passOn: true }), {
    build: 'gpu',
    rest: ['--no-browser', '--port=9'],
  });
  assert.equal(parseBuild([], { passOn: false }).build, undefined);
});

test('an unknown argument of set-up and a double choice are refused', () => {
  assert.throws(() => parseBuild(['--gpus'], { passOn: false }), { message: /--gpus/, remedy: /--gpu/ });
  assert.throws(() => parseBuild(['--gpu', '--cpu'], { passOn: true }), { remedy: 'give one of them' });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { buildOf, wheelArguments } from './tensorflow.mjs';

const site = '.venv/lib/python3.11/site-packages';

test('the CPU build is taken unless the GPU build is asked for', (t) => {
  const { place } = temporaryPlace(t);
  assert.equal(buildOf(place), 'cpu');
  assert.equal(buildOf(place, 'gpu'), 'gpu');
});

test('a later start keeps the build that is there', (t) => {
  const { place, put } = temporaryPlace(t);
  put('.venv/pathkernel-tensorflow.json', { build: 'gpu' });
  assert.equal(buildOf(place), 'gpu');
  assert.equal(buildOf(place, 'cpu'), 'cpu');
});

test('a build installed by hand is recognised', (t) => {
  const { place, put } = temporaryPlace(t);
  put(`${site}/tensorflow-2.21.0.dist-info/RECORD`);
  assert.equal(buildOf(place), 'gpu');
  put(`${site}/tensorflow_cpu-2.21.0.dist-info/RECORD`);
  assert.equal(buildOf(place), 'cpu');
});

test('a Python that TensorFlow has no wheel for takes the newest there is, which holds the same library', () => {
  for (const minor of [10, 11, 12, 13])
    assert.deepEqual(wheelArguments(`/x/lib/python3.${minor}/site-packages`), []);
  const args = wheelArguments('/my project/lib/python3.14/site-packages', 'x64');
  assert.deepEqual(args.slice(0, 2), ['--target', '/my project/lib/python3.14/site-packages']);
  assert.ok(args.includes('--python-version=3.13') && args.includes('--platform=manylinux_2_27_x86_64'));
  assert.ok(args.includes('--platform=manylinux_2_25_x86_64'), 'the wheels of CUDA ask for less');
});

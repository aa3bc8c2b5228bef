import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { buildOf } from './tensorflow.mjs';

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

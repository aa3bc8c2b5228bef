import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from '../base/place.mjs';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { libraryPath } from './binding.mjs';
import { buildFolder, recorderDigest, throughMake } from './compileBinding.mjs';
import { loadBinding, loadRemedy } from './loadBinding.mjs';

test('the binding is built inside the project, unless the path has a space', () => {
  assert.equal(buildFolder(placeAt('/home/me/pathkernel')), '/home/me/pathkernel/.setup/build');
  assert.doesNotMatch(buildFolder(placeAt('/home/me/my work')), /\s/);
});

test('the binding finds TensorFlow from where it lies itself', (t) => {
  const { place, put } = temporaryPlace(t);
  put('.venv/lib/python3.11/site-packages/README');
  assert.equal(libraryPath(place), '$ORIGIN/../../../../../.venv/lib/python3.11/site-packages/tensorflow');
});

test('a dollar survives make and the shell', (t) => {
  const { place, put } = temporaryPlace(t);
  put('Makefile', 'all:\n\t@echo $(LDFLAGS)\n');
  const env = { ...process.env, LDFLAGS: throughMake('-rpath,$ORIGIN/x') };
  const { stdout } = spawnSync('make', ['--no-print-directory', '-C', place.root], { env, encoding: 'utf8' });
  assert.equal(stdout.trim(), '-rpath,$ORIGIN/x');
});

test('the binding of this project loads; what is no binding is a problem with a remedy', (t) => {
  assert.match(loadBinding(placeAt().binding).version, /^\d+\.\d+\.\d+/);
  const { place, put } = temporaryPlace(t);
  put('broken.node', 'not a library');
  const { version, problem } = loadBinding(join(place.root, 'broken.node'));
  assert.equal(version, undefined);
  assert.match(problem, /Error/);
  assert.match(loadRemedy(problem), /start again/);
  assert.match(loadRemedy('ended by SIGILL'), /AVX/);
  assert.match(loadRemedy("version `GLIBC_2.27' not found"), /glibc/);
});

test('the binding of this project holds the addition as it stands in its source', () => {
  assert.ok(readFileSync(placeAt().binding, 'latin1').includes(recorderDigest));
});

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { npmPackages, outdated } from './npmPackages.mjs';

const lock = {
  packages: {
    '': { name: 'root' },
    lib: { name: 'pathkernel' },
    'node_modules/pathkernel': { resolved: 'lib', link: true },
    'node_modules/a': { version: '1.0.0', integrity: 'x' },
    'node_modules/only-elsewhere': { version: '1.0.0', integrity: 'y', optional: true },
    'lib/node_modules/b': { version: '2.0.0', integrity: 'z' },
  },
};
const installed = {
  'node_modules/a': lock.packages['node_modules/a'],
  'lib/node_modules/b': lock.packages['lib/node_modules/b'],
};

function installedPlace(t, packages) {
  const { place, put } = temporaryPlace(t);
  put('package-lock.json', lock);
  put('node_modules/pathkernel/package.json', '{}');
  if (packages) put('node_modules/.package-lock.json', { packages });
  return place;
}

test('packages installed at the versions of the lock file are right, platform packages aside', (t) => {
  const place = installedPlace(t, installed);
  assert.deepEqual(outdated(place), []);
  assert.equal(npmPackages.right({ place }), true);
});

test('a node_modules whose installation did not end is not right', (t) => {
  assert.equal(npmPackages.right({ place: installedPlace(t) }), false);
});

test('another version, another content, a missing package or link is found', (t) => {
  const change = (path, entry) => outdated(installedPlace(t, { ...installed, [path]: entry }));
  assert.deepEqual(change('node_modules/a', { version: '1.0.1', integrity: 'x' }), ['node_modules/a']);
  assert.deepEqual(change('lib/node_modules/b', { version: '2.0.0', integrity: '?' }), [
    'lib/node_modules/b',
  ]);
  assert.deepEqual(change('node_modules/a', undefined), ['node_modules/a']);
  const place = installedPlace(t, installed);
  rmSync(join(place.root, 'node_modules', 'pathkernel'), { recursive: true });
  assert.deepEqual(outdated(place), ['node_modules/pathkernel']);
});

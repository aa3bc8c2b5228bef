import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isStamped, keyOf, removeStamp, replaceFile, writeStamp } from './stamp.mjs';
import { temporaryPlace } from './temporaryPlace.mjs';

test('a stamp speaks for its key only', (t) => {
  const { place } = temporaryPlace(t);
  const path = join(place.root, 'deep', 'stamp.json');
  assert.equal(isStamped(path, 'a'), false);
  writeStamp(path, 'a', { build: 'cpu' });
  assert.equal(isStamped(path, 'a'), true);
  assert.equal(isStamped(path, 'b'), false);
  removeStamp(path);
  removeStamp(path);
  assert.equal(isStamped(path, 'a'), false);
});

test('a stamp cut short is no stamp', (t) => {
  const { put } = temporaryPlace(t);
  assert.equal(isStamped(put('stamp.json', '{ "key": "a"'), 'a'), false);
});

test('a key changes with every part it is made of', () => {
  const keys = [keyOf('a', 'b'), keyOf('ab'), keyOf('a', 'c'), keyOf(['a', 'b']), keyOf('a', 'b', undefined)];
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(keyOf('a', 'b'), keyOf('a', 'b'));
});

test('a replaced file leaves nothing beside it', (t) => {
  const { place } = temporaryPlace(t);
  const path = join(place.root, 'file');
  replaceFile(path, 'one');
  replaceFile(path, 'two');
  assert.deepEqual(readdirSync(place.root), ['file']);
  assert.ok(existsSync(path));
});

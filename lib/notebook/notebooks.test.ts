import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cellsOf, folder, notebooks, testNotebooks } from './testNotebooks';

const isSolution = (path: string) => path.startsWith('solutions');

test('there are notebooks', () => {
  assert.ok(notebooks.length >= 22, `${notebooks}`);
});

test('every notebook ends with exercises and leads to their solutions', () => {
  for (const name of notebooks.filter((path) => !isSolution(path))) {
    const last = [cellsOf(join(folder, name)).at(-1)?.source ?? ''].flat().join('');
    assert.match(last, /^## Exercises$/m, name);
    assert.ok(last.includes(`](solutions/${name})`), name);
    assert.ok(notebooks.includes(join('solutions', name)), name);
  }
});

// The solutions are tested in a file of their own, so that two processes share the work.
testNotebooks(notebooks.filter((path) => !isSolution(path)));

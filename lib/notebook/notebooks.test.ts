import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cellsOf, exercisesIn, folder, notebooks, testNotebooks } from './testNotebooks';

const isSolution = (path: string) => path.startsWith('solutions');

test('there are notebooks', () => {
  assert.ok(notebooks.length >= 22, `${notebooks}`);
});

test('what notebooks and solutions say is tested', () => {
  for (const name of notebooks
    .filter((path) => !isSolution(path))
    .map((path) => path.replace('.ipynb', ''))) {
    const claims = readFileSync(join(__dirname, 'claims', `${name}.test.ts`), 'utf8');
    assert.equal(claims.match(/testClaims\(/g)?.length, 2, name);
    for (const own of [`'${name}'`, 'solutions/']) assert.ok(claims.includes(own), `${name}: ${own}`);
  }
});

test('every notebook ends with exercises and leads to their solutions', () => {
  for (const name of notebooks.filter((path) => !isSolution(path))) {
    const texts = cellsOf(join(folder, name)).map(({ source }) => [source].flat().join(''));
    const end = texts.slice(texts.findIndex((text) => /^## Exercises$/m.test(text))).join('\n\n');
    assert.deepEqual(end.match(/^## .*/gm)?.at(-1), '## Exercises', name);
    assert.ok(end.includes(`](solutions/${name})`), name);
    assert.ok(notebooks.includes(join('solutions', name)), name);
  }
});

test('exercises are numbered, of all three levels, without an answer in the notebook and right in its solutions', () => {
  for (const name of notebooks.filter((path) => !isSolution(path))) {
    const asked = exercisesIn(cellsOf(join(folder, name)));
    const solved = exercisesIn(cellsOf(join(folder, 'solutions', name)));
    assert.deepEqual(
      solved,
      asked.map((exercise) => ({ ...exercise, state: 'right' })),
      name,
    );
    assert.ok(asked.length >= 3, `${name} asks ${asked.length}`);
    const numbered = asked.map((exercise, i) => ({ ...exercise, number: i + 1, state: 'no answer yet' }));
    assert.deepEqual(asked, numbered, name);
    assert.deepEqual(new Set(asked.map(({ level }) => level)), new Set(['try', 'think', 'build']), name);
  }
});

// The solutions are tested in a file of their own, so that two processes share the work.
testNotebooks(notebooks.filter((path) => !isSolution(path)));

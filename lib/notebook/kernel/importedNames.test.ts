import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importedNames } from './importedNames';

test('names are found in every form of import, with their values', () => {
  const declarations = `import settings from './settings.json';
import whole, { rate, scale as factor } from './numbers';
import * as all from './all';
import './effects';
declare let own: number;`;
  const module = { __esModule: true, default: 'd', rate: 1, scale: 2 };
  assert.deepEqual(
    importedNames(declarations).map(({ name, from, read }) => [name, from, read(module)]),
    [
      ['settings', './settings.json', 'd'],
      ['whole', './numbers', 'd'],
      ['rate', './numbers', 1],
      ['factor', './numbers', 2],
      ['all', './all', module],
    ],
  );
});

test('what no compiler made is its own default', () => {
  const [one, all, part] = importedNames(
    "import one from 'a';\nimport * as all from 'a';\nimport { part } from 'a';",
  );
  assert.deepEqual(one.read({ part: 1 }), { part: 1 });
  assert.deepEqual(all.read({ part: 1 }), { part: 1, default: { part: 1 } });
  for (const value of [null, undefined, 3, [1]]) {
    assert.equal(one.read(value), value);
    assert.equal(part.read(value), undefined);
    assert.equal((all.read(value) as { default: unknown }).default, value);
  }
});

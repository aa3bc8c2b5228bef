import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invalid } from '.';

test('a value is shown as it was given: what is in quotes and looks like something else keeps them', () => {
  const shown: [unknown, string][] = [
    [3, '3'],
    ['3', '"3"'],
    ['1e-3', '"1e-3"'],
    ['true', '"true"'],
    ['null', '"null"'],
    ['', '""'],
    [' snip', '" snip"'],
    ['snip', 'snip'],
    ['a b', 'a b'],
    [['1', 2, 'x'], '["1", 2, x]'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Number.NaN, 'NaN'],
    [10n, '10'],
    [{ a: 1 }, '{"a":1}'],
  ];
  for (const [value, text] of shown)
    assert.equal(invalid('name', 'rule', value).message, `invalid name; rule: ${text}`);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatNumber, formatSeconds } from './formatNumber';

test('numbers read well in a table', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [1234567, '1,234,567'],
    [-12, '−12'],
    [0.1, '0.1'],
    [Math.PI, '3.142'],
    [1234.56, '1235'],
    [0.00012346, '0.0001235'],
    [3.2e-7, '3.2e-7'],
    [1.5e30, '1.5e30'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ];
  for (const [value, text] of cases) assert.equal(formatNumber(value), text);
});

test('a formatted number is the number to four digits', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
      const read = Number(formatNumber(value).replace('−', '-').replaceAll(',', ''));
      assert.ok(Math.abs(read - value) <= 6e-4 * Math.abs(value), `${value} became ${read}`);
    }),
  );
});

test('times are said in the unit one would use', () => {
  assert.deepEqual([0.44, 9.96, 59.4, 185, 3599.6, 7805, Number.NaN].map(formatSeconds), [
    '0.4 s',
    '10 s',
    '59 s',
    '3 min 05 s',
    '1 h 00 min',
    '2 h 10 min',
    '?',
  ]);
});

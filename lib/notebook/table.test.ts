import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tabular } from './grid';
import { represent } from './represent';
import { tableBundle } from './table';

test('records become a table, escaped, in HTML and in text', () => {
  const bundle = tableBundle(
    [
      { layer: '<conv>', kept: 1200 },
      { layer: 'fc', density: 0.5 },
    ],
    { caption: 'Kept & cut' },
  );
  const html = String(bundle['text/html']);
  assert.match(html, /<table class="dataframe">\n<caption>Kept &amp; cut<\/caption>/);
  assert.match(html, /&lt;conv&gt;<\/td><td style="text-align: right">1,200/);
  assert.equal(
    bundle['text/plain'],
    ['Kept & cut', ' layer   kept  density', '<conv>  1,200         ', '    fc             0.5'].join('\n'),
  );
});

test('long and wide tables show both ends and their size', () => {
  const rows = Array.from({ length: 1000 }, (_, i) => ({ a: i, b: i, c: i, d: i }));
  const text = tableBundle(rows, { rows: 4, cols: 3 })['text/plain'].split('\n');
  assert.deepEqual(
    text.map((line) => line.trim().split(/\s+/)),
    [
      ['a', 'b', '…', 'd'],
      ['0', '0', '…', '0'],
      ['1', '1', '…', '1'],
      ['…', '…', '…', '…'],
      ['998', '998', '…', '998'],
      ['999', '999', '…', '999'],
      ['1,000', 'rows', '×', '4', 'columns'],
    ],
  );
});

test('a data frame, a series and a table record are tables', () => {
  class Frame {
    columns = ['x'];
    index = [7];
    constructor(
      readonly values: unknown[],
      readonly $isSeries: boolean,
    ) {}
  }
  assert.equal(represent(new Frame([[2]], false))['text/plain'], '   x\n7  2');
  assert.equal(represent(new Frame([2], true))['text/plain'], '   x\n7  2');
  assert.equal(represent({ rows: [{ a: 1, b: 2 }], columns: ['b'], caption: 'T' })['text/plain'], 'T\nb\n2');
});

test('what is no table and sizes that show nothing are refused', () => {
  const wrong: unknown = 5;
  assert.throws(() => tableBundle(wrong as Tabular), /^InvalidError: invalid table; not an array of records/);
  assert.throws(() => tableBundle([], { rows: 0 }), /invalid rows; not at least 1: 0/);
  assert.throws(() => tableBundle([], { cols: Number.NaN }), /invalid cols; not at least 1: NaN/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceCells } from './compiler';

test('a variable of an earlier cell may stand as a shorthand property, whatever it is used for', () => {
  traceCells();
  const { createConverter }: typeof import('tslab/dist/converter') = require('tslab/dist/converter');
  const converter = createConverter({ isJS: false, isBrowser: false });
  try {
    const convert = (code: string) => {
      const { output, diagnostics } = converter.convert('declare let data: number;', code);
      assert.deepEqual(diagnostics, []);
      return output ?? '';
    };
    assert.match(convert('const record = { data };'), /\{ data: exports\.data \}/);
    assert.match(convert('({ data = 5 } = { data: 7 });'), /\{ data: exports\.data = 5 \} = \{ data: 7 \}/);
    assert.match(convert('const f = (data: string) => ({ data });'), /\(\{ data \}\)/);
    assert.match(convert('const own = 1; const record = { own, console };'), /\{ own, console \}/);
  } finally {
    converter.close();
  }
});

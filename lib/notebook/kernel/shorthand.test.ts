import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceCells } from './compiler';

/** What a cell becomes behind one that declared something. */
function convertBehind(declarations: string, body: (convert: (code: string) => string) => void): void {
  traceCells();
  const { createConverter }: typeof import('tslab/dist/converter') = require('tslab/dist/converter');
  const converter = createConverter({ isJS: false, isBrowser: false });
  try {
    body((code) => {
      const { output, diagnostics } = converter.convert(declarations, code);
      assert.deepEqual(diagnostics, []);
      return output ?? '';
    });
  } finally {
    converter.close();
  }
}

test('a variable of an earlier cell may stand as a shorthand property, whatever it is used for', () =>
  convertBehind('declare let data: number;', (convert) => {
    assert.match(convert('const record = { data };'), /\{ data: exports\.data \}/);
    assert.match(convert('({ data = 5 } = { data: 7 });'), /\{ data: exports\.data = 5 \} = \{ data: 7 \}/);
    assert.match(convert('const f = (data: string) => ({ data });'), /\(\{ data \}\)/);
    assert.match(convert('const own = 1; const record = { own, console };'), /\{ own, console \}/);
  }));

test('a property whose type is spelt out in an earlier cell may be renamed in braces', () => {
  const declarations = 'declare let report: { rows: { kept: number }[]; size: number };';
  convertBehind(declarations, (convert) => {
    assert.match(convert('const { rows: layers } = report;'), /\{ ["']rows["']: layers \} = exports\.report/);
    assert.match(
      convert('const { rows: [{ kept: first = 2 }], ...rest } = report;'),
      /\{ ["']rows["']: \[\{ ["']kept["']: first = 2 \}\], \.\.\.rest \} = exports\.report/,
    );
    assert.match(
      convert('const f = () => { let it; ({ rows: it } = report); return it; };'),
      /\(\{ rows: it \} = exports\.report\)/,
    );
    assert.match(
      convert('const [n] = [report].map(({ size: it }) => it);'),
      /\(\{ ["']size["']: it \}\) => it/,
    );
    assert.match(convert('report = { rows: [], size: 3 };'), /\{ ["']?rows["']?: \[\], ["']?size["']?: 3 \}/);
  });
});

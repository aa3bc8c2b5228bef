import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { InvalidError } from '../../base';
import { readNotebook } from './readNotebook';

const folder = mkdtempSync(join(tmpdir(), 'pathkernel-read-notebook-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function put(content: unknown): string {
  const path = join(folder, 'a.ipynb');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const codeCell = (source: unknown) => ({ cell_type: 'code', source, metadata: {}, outputs: [] });

test('code cells are numbered as a clean run numbers them: text and empty cells do not count', () => {
  const cells = [
    { cell_type: 'markdown', source: '# Title' },
    codeCell(['const a = 1;\n', 'a']),
    codeCell(' \n'),
    codeCell('const b = 2;'),
  ];
  assert.deepEqual(readNotebook(put({ nbformat: 4, cells })), [
    { number: 1, code: 'const a = 1;\na' },
    { number: 2, code: 'const b = 2;' },
  ]);
});

test('a notebook of another language is refused, one that names none is read', () => {
  const written = (metadata: unknown) => put({ nbformat: 4, metadata, cells: [] });
  for (const metadata of [undefined, {}, { kernelspec: { name: 'pathkernel' } }])
    assert.deepEqual(readNotebook(written(metadata)), []);
  assert.deepEqual(readNotebook(written({ kernelspec: { language: 'TypeScript' } })), []);
  for (const metadata of [{ kernelspec: { language: 'python' } }, { language_info: { name: 'python' } }])
    assert.throws(
      () => readNotebook(written(metadata)),
      /invalid notebook; its language is python, not typescript: /,
    );
});

test('what is no notebook is refused with the reason', () => {
  const refused = (path: string, rule: RegExp) =>
    assert.throws(
      () => readNotebook(path),
      (error) => error instanceof InvalidError && rule.test(error.rule) && error.value === path,
    );
  refused(join(folder, 'none.ipynb'), /^no such file/);
  refused(folder, /^a folder, not a file$/);
  refused(put('{"cells": ['), /^not JSON \(/);
  for (const content of ['[]', 'null', '3', '{}', { nbformat: 3, cells: [] }, { nbformat: 4, cells: 'none' }])
    refused(put(content), /^not a Jupyter notebook of format 4$/);
  for (const source of [undefined, 3, ['a', 3]])
    refused(put({ nbformat: 4, cells: [codeCell(source)] }), /^a cell has no source$/);
});

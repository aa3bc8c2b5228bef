import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { projectRoot } from '../../data/dataFolder';
import type { Notebook } from './notebook';
import { writeNotebook } from './writeNotebook';

// No package is in reach of this folder, so a kernel starts quickly in it.
const folder = mkdtempSync(join(tmpdir(), 'pathkernel-text-'));
copyFileSync(join(projectRoot, 'jupytext.toml'), join(folder, 'jupytext.toml'));
after(() => rmSync(folder, { recursive: true, force: true }));

const toolAt = (name: string) => join(projectRoot, '.venv', 'bin', name);
const missing = (name: string) => (existsSync(toolAt(name)) ? false : `${name} is not in .venv`);

function call(name: string, ...args: string[]): void {
  const home = { JUPYTER_DATA_DIR: join(folder, 'data'), JUPYTER_RUNTIME_DIR: join(folder, 'runtime') };
  execFileSync(toolAt(name), args, { cwd: folder, env: { ...process.env, ...home }, stdio: 'pipe' });
}

const SOURCES = [
  'const half = (x: number) => x / 2; // %% of it',
  '// %half of a number is no magic\n  5 % 3;',
  '// %%timeit is none either\n\n\n/*\n```\n*/\nlet t: string;',
  '// Σ 😀\nawait Promise.resolve(half(4))',
];

function put(name: string): string {
  const path = join(folder, name);
  const code = { cell_type: 'code', execution_count: 7, metadata: { tags: ['kept'] } };
  const outputs = [{ output_type: 'stream', name: 'stdout', text: 'old' }];
  const kernelspec = { name: 'pathkernel', display_name: 'TypeScript (pathkernel)', language: 'typescript' };
  const cells = [
    { cell_type: 'markdown', id: 'text', metadata: {}, source: '# Title\n\n```ts\nlet a;\n```\n\n$x$ */' },
    ...SOURCES.map((source, i) => ({ ...code, id: `code-${i}`, source, outputs })),
  ];
  writeNotebook(path, { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells });
  return path;
}

const read = (path: string): Notebook => JSON.parse(readFileSync(path, 'utf8'));
const sourcesOf = ({ cells }: Notebook) =>
  cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => [source].flat().join(''));

test('a notebook paired with a script takes what is edited there, keeps its cells, and runs', {
  skip: missing('jupytext'),
}, () => {
  const path = put('paired.ipynb');
  call('jupytext', '--set-formats', 'ipynb,ts:percent', path);
  const script = join(folder, 'paired.ts');
  const text = readFileSync(script, 'utf8');
  for (const source of SOURCES) assert.ok(text.includes(source), source);
  assert.match(text, /^\/\/ {5}name: pathkernel$/m);
  writeFileSync(script, text.replace('half(4)', 'half(84)'));
  call('jupytext', '--sync', '--execute', script);
  const notebook = read(path);
  assert.deepEqual(sourcesOf(notebook), [...SOURCES.slice(0, 3), SOURCES[3].replace('4', '84')]);
  assert.deepEqual(
    notebook.cells.map(({ id }) => id),
    ['text', 'code-0', 'code-1', 'code-2', 'code-3'],
  );
  assert.deepEqual(notebook.cells[1].metadata.tags, ['kept']);
  assert.equal([notebook.cells[4].outputs?.[0].data?.['text/plain']].flat().join(''), '42');
});

test('a notebook paired with Markdown keeps its cells', { skip: missing('jupytext') }, () => {
  const path = put('document.ipynb');
  call('jupytext', '--set-formats', 'ipynb,md', path);
  const document = join(folder, 'document.md');
  const text = readFileSync(document, 'utf8');
  assert.match(text, /^```+typescript/m);
  writeFileSync(document, text.replace('# Title', '# A better title'));
  call('jupytext', '--sync', document);
  const notebook = read(path);
  assert.deepEqual(sourcesOf(notebook), SOURCES);
  assert.match([notebook.cells[0].source].flat().join(''), /^# A better title\n/);
  assert.equal(notebook.cells.length, 5);
  assert.equal(notebook.cells[1].outputs?.length, 1);
});

test('JupyterLab’s command for pairing writes a script of TypeScript', { skip: missing('jupytext') }, () => {
  put('lab.ipynb');
  const save = `
from jupytext import TextFileContentsManager
manager = TextFileContentsManager(root_dir='.')
model = manager.get('lab.ipynb')
model['content']['metadata']['jupytext'] = {'formats': 'ipynb,auto:percent'}
manager.save(model, 'lab.ipynb')
assert manager.get('lab.ts', type='notebook')['content']['cells'][2]['outputs']
`;
  call('python', '-c', save);
  const text = readFileSync(join(folder, 'lab.ts'), 'utf8');
  for (const source of SOURCES) assert.ok(text.includes(source), source);
});

test('nbstripout removes outputs and counts, and leaves kernel, tags and code', {
  skip: missing('nbstripout'),
}, () => {
  const path = put('stripped.ipynb');
  const before = read(path);
  call('nbstripout', '--keep-id', path);
  const { cells, metadata } = read(path);
  assert.deepEqual(metadata, before.metadata);
  assert.deepEqual(sourcesOf({ cells, metadata }), SOURCES);
  assert.deepEqual(
    cells.slice(1).map(({ id, outputs, execution_count }) => [id, outputs, execution_count]),
    SOURCES.map((_, i) => [`code-${i}`, [], null]),
  );
  assert.deepEqual(cells[1].metadata, { tags: ['kept'] });
});

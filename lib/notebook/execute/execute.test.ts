import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { run } from '../../cli/notebooks';
import { projectRoot } from '../../data/dataFolder';
import { cleanNotebook } from './cleanNotebook';
import { executeNotebook } from './executeNotebook';
import { findBrowser } from './findBrowser';
import type { Notebook, NotebookOutput } from './notebook';

const folder = mkdtempSync(join(tmpdir(), 'pathkernel-execute-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(join(projectRoot, 'lib'), join(folder, 'node_modules', 'pathkernel'));
after(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, ...codes: string[]): string {
  const path = join(folder, name);
  const cells = codes.map((source, i) => ({
    cell_type: 'code',
    id: `cell-${i}`,
    source,
    metadata: { scrolled: true, tags: ['kept'] },
    outputs: [],
    execution_count: null,
  }));
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  return path;
}

const FIGURE = `import { scale, show } from 'pathkernel';
console.log(scale(), process.env.PATHKERNEL_RUNS !== undefined);
show({ data: [{ type: 'scatter', y: [1, 3, 2] }], layout: { title: { text: 'Three points' } } });`;

const outputsOf = (path: string): NotebookOutput[] =>
  JSON.parse(readFileSync(path, 'utf8')).cells.flatMap(({ outputs }: { outputs: unknown }) => outputs);

test('a notebook is run from a clean kernel and stored with its outputs, and pictures where there is a browser', async () => {
  const path = put('figure.ipynb', FIGURE, '1 + 1');
  assert.equal(await run([path, '--scale', 'smoke', '--fresh']), 0);
  const [text, figure, result] = outputsOf(path);
  assert.deepEqual(text.text, ['smoke true\n']);
  assert.ok(figure.data?.['application/vnd.plotly.v1+json']);
  assert.deepEqual([result.output_type, result.execution_count], ['execute_result', 2]);
  if (findBrowser()) {
    const png = Buffer.from(String(figure.data?.['image/png']), 'base64');
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [700, 450]);
    assert.equal(png[25], 3, 'not of the colour type with a palette');
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('.part')),
    [],
  );
  const { cells, metadata } = JSON.parse(readFileSync(path, 'utf8'));
  assert.deepEqual(cells[0].metadata, { tags: ['kept'] });
  assert.deepEqual(metadata.language_info, {
    file_extension: '.ts',
    mimetype: 'text/typescript',
    name: 'typescript',
  });
});

test('a notebook with a cell that fails stays as it was, and the traceback is told', async (context) => {
  const path = put('failing.ipynb', "throw new RangeError('too far');", '1');
  const before = readFileSync(path, 'utf8');
  const { mock } = context.mock.method(console, 'error', () => {});
  assert.equal(await run([path]), 1);
  assert.match(String(mock.calls[0].arguments[0]), /failing\.ipynb: FAILED after .*RangeError: too far/s);
  assert.equal(readFileSync(path, 'utf8'), before);
});

test('a cell that runs too long, waiting or not, fails its notebook, which tells the cell', async () => {
  for (const endless of ['await new Promise(() => setInterval(() => {}, 1000));', 'while (true);']) {
    const path = put('endless.ipynb', endless);
    const { error } = await executeNotebook(path, { minutes: 0.05 });
    assert.match(String(error), /timed out .*after 3/s);
    assert.ok(error?.includes(endless));
  }
  await assert.rejects(
    run([put('short.ipynb', '1'), '--minutes', 'ten']),
    /invalid minutes; not above 0: NaN/,
  );
});

test('times, widgets and marks of the page are stripped; the rest is kept', () => {
  const cell = {
    cell_type: 'code',
    execution_count: 3,
    metadata: { execution: {}, collapsed: true, tags: [] },
  };
  const output = { output_type: 'display_data', data: {}, transient: { display_id: 'a' } };
  const cleaned = cleanNotebook({
    nbformat: 4,
    metadata: { widgets: {}, kernelspec: { name: 'pathkernel' } },
    cells: [
      { ...cell, outputs: [output] },
      { cell_type: 'markdown', metadata: {} },
    ],
  });
  assert.deepEqual(cleaned, {
    nbformat: 4,
    metadata: { kernelspec: { name: 'pathkernel' } },
    cells: [
      { ...cell, metadata: { tags: [] }, outputs: [{ output_type: 'display_data', data: {} }] },
      { cell_type: 'markdown', metadata: {} },
    ],
  });
});

test('of a widget, which ended with its kernel, the picture is kept', () => {
  const view = { 'application/vnd.jupyter.widget-view+json': { model_id: 'a' } };
  const picture = { 'text/html': '<div>10</div>', 'text/plain': '10' };
  const outputs = [{ ...view, ...picture }, { ...view, 'text/plain': '' }, { 'text/plain': '' }];
  const cells = [
    {
      cell_type: 'code',
      metadata: {},
      outputs: outputs.map((data) => ({ output_type: 'display_data', data })),
    },
  ];
  const cleaned = cleanNotebook({ metadata: {}, cells }).cells[0].outputs;
  assert.deepEqual(
    cleaned?.map(({ data }) => data),
    [picture, { 'text/plain': '' }],
  );
});

const PARAMETERS = `// What may be changed.
const times: number = 2, list = [1, 2];
const { unnamed } = { unnamed: 1 };
const name = ((text: string) => text)('a;b'); // kept`;

function putParameters(): string {
  const path = put(
    'parameters.ipynb',
    'let count = 0;',
    PARAMETERS,
    '[++count, times * list.length, name, unnamed].join(" ")',
  );
  const notebook = JSON.parse(readFileSync(path, 'utf8'));
  notebook.cells[1].metadata.tags.push('parameters');
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}

const lastText = (notebook?: Notebook) =>
  [notebook?.cells.at(-1)?.outputs?.[0].data?.['text/plain']].flat().join('');

test('constants of the cell tagged parameters are given other values, and the notebook stored elsewhere', async () => {
  const path = putParameters();
  const before = readFileSync(path, 'utf8');
  const out = join(folder, 'changed.ipynb');
  assert.equal(
    await run([path, '--set', 'times= 5', '--set', "list=['=', 2, // three\n3]", '--out', out]),
    0,
  );
  assert.equal(readFileSync(path, 'utf8'), before);
  const stored: Notebook = JSON.parse(readFileSync(out, 'utf8'));
  assert.match(
    [stored.cells[1].source].flat().join(''),
    /^\/\/ What may be changed\.\nconst times: number = {2}5, list = \['=', 2/,
  );
  assert.equal(lastText(stored), '1 15 a;b 1');
});

test('the cells from the one tagged parameters on run once more in the same kernel', async () => {
  const { notebook, again, error } = await executeNotebook(putParameters(), {
    again: { list: '[]', name: "'b'" },
  });
  assert.equal(error, undefined);
  assert.deepEqual([lastText(notebook), lastText(again), again?.cells.length], ['1 4 a;b 1', '2 0 b 1', 2]);
});

test('a parameter that is not there, and what is no expression, are refused before anything runs', async () => {
  const path = putParameters();
  for (const [values, message] of [
    [{ tmes: '1' }, /^invalid parameter; unknown, did you mean times.*: tmes$/],
    [{ unnamed: '1' }, /^invalid parameter; unknown, .*: unnamed$/],
    [{ times: '1; list = 2' }, /^invalid parameter times; no expression: 1; list = 2$/],
    [{ times: '' }, /^invalid parameter times; no expression: ""$/],
  ] as const)
    await assert.rejects(executeNotebook(path, { parameters: values }), { message });
  await assert.rejects(executeNotebook(put('plain.ipynb', '1'), { again: { times: '1' } }), {
    message: /^invalid parameters; the notebook has no cell tagged parameters: /,
  });
  await assert.rejects(run([path, '--set', 'times']), /invalid set; not NAME=VALUE: times/);
  await assert.rejects(
    run([path, '--set', 'times=1']),
    /invalid arguments; --set changes a notebook, which --out/,
  );
  await assert.rejects(run([path, path, '--out', 'a.ipynb']), /invalid arguments; --out takes one notebook/);
});

test('an unknown notebook, scale or option is refused', async () => {
  await assert.rejects(run(['00-start-hear']), /invalid notebook; unknown, did you mean .*00-start-here/);
  await assert.rejects(run([join(folder, 'none.ipynb'), '--no-write']), /invalid notebook; no such file/);
  await assert.rejects(run(['--scale', 'huge']), /invalid scale; not smoke, laptop, evening or paper: huge/);
  await assert.rejects(run(['--dry']), /invalid option; unknown, did you mean --.*: --dry/);
});

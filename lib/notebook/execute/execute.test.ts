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
import type { NotebookOutput } from './notebook';

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

test('an unknown notebook, scale or option is refused', async () => {
  await assert.rejects(run(['00-start-hear']), /invalid notebook; unknown, did you mean .*00-start-here/);
  await assert.rejects(run([join(folder, 'none.ipynb'), '--no-write']), /invalid notebook; no such file/);
  await assert.rejects(run(['--scale', 'huge']), /invalid scale; not smoke, laptop or paper: huge/);
  await assert.rejects(run(['--dry']), /invalid option; unknown, did you mean --.*: --dry/);
});

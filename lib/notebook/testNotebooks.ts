import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as ts from 'typescript';
import { cellSyntax } from './check/cellSyntax';
import { executeNotebook } from './execute/executeNotebook';
import type { Notebook } from './execute/notebook';
import { parameterCell } from './execute/parameterCell';
import type { ParameterValues } from './execute/withParameters';
import { PLOTLY } from './figureBundle';

const root = join(__dirname, '..', '..');
export const folder = join(root, 'notebooks');
/** Every notebook by its path in the folder. */
export const notebooks = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ipynb') && !name.includes('.ipynb_checkpoints'))
  .sort();

interface Output {
  output_type: string;
  ename?: string;
  evalue?: string;
  name?: string;
  data?: Record<string, unknown>;
}
export interface Cell {
  id: string;
  cell_type: string;
  metadata: { tags?: string[]; changes?: ParameterValues };
  source: string | string[];
  outputs?: Output[];
}

export function cellsOf(path: string): Cell[] {
  return JSON.parse(readFileSync(path, 'utf8')).cells;
}

/** The exercises that were checked, in order: number, level, and how each stands, `right` or `no answer yet`. */
export function exercisesIn(
  cells: readonly { outputs?: Output[] }[],
): { number: number; level: string; state: string }[] {
  const texts = cells.flatMap(({ outputs = [] }) =>
    outputs.map(({ data }) => [data?.['text/plain'] ?? ''].flat().join('')),
  );
  return texts.flatMap((text) => {
    const [, number, level, state] = /^(?:✓ )?Exercise (\d+) ★+ (\w+): (.*)/.exec(text) ?? [];
    return number ? [{ number: Number(number), level, state }] : [];
  });
}

/**
 * The shape of the paper's scale, small: rows of two data sets, two networks and two compressions, which no figure may mix.
 */
const PAPER_SHAPE = `{
  data: [{ name: 'synthetic-10', train: 40, test: 20 }, { name: 'fashion-mnist', train: 40, test: 20 }],
  model: [{ name: 'fc', width: 8, depth: 3 }, { name: 'fc', width: 12, depth: 3 }],
  'prune.exponent': [0, 1],
}`;

/**
 * Other values of three or more constants in the cell tagged `parameters`, kept in the cell's metadata; of a sweep's axes, `changed`, in any
 * case those of {@link PAPER_SHAPE}. Undefined where there is no such cell.
 */
function changesOf(name: string): { values: ParameterValues; isSweep: boolean } | undefined {
  const notebook: Notebook = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const cell = notebook.cells[parameterCell(notebook)];
  if (!cell) return undefined;
  const values = cell.metadata.changes as ParameterValues;
  const isSweep = /\bconst changed\b/.test([cell.source].flat().join(''));
  const axes = { changed: `{ ...${PAPER_SHAPE}, ...(${values.changed ?? '{}'}) }` };
  return { values: isSweep ? { ...values, ...axes } : values, isSweep };
}

/** The data of all figures by the cell that drew them, as text, numbers to six digits. */
function figuresIn({ cells }: Pick<Notebook, 'cells'>): [unknown, string][] {
  const round = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value;
  return cells.flatMap(({ id, outputs = [] }) =>
    outputs.flatMap(({ data }): [unknown, string][] => {
      const figure = data?.[PLOTLY] as { data: unknown } | undefined;
      return figure ? [[id, JSON.stringify(figure.data, round)]] : [];
    }),
  );
}

/** The cells that drew figures. */
function drawnBy({ cells }: Pick<Notebook, 'cells'>): unknown[] {
  return cells.filter(({ outputs = [] }) => outputs.some(({ data }) => data?.[PLOTLY])).map(({ id }) => id);
}

/** The names of the properties of an object as it is written in TypeScript, which is read and not run. */
function propertiesOf(text: string): string[] {
  const [statement] = cellSyntax(`(${text})`).file.statements;
  const inner =
    ts.isExpressionStatement(statement) && ts.isParenthesizedExpression(statement.expression)
      ? statement.expression.expression
      : undefined;
  return inner && ts.isObjectLiteralExpression(inner)
    ? inner.properties.flatMap(({ name }) => (name && 'text' in name ? [name.text] : []))
    : [];
}

/** Tests what holds for every notebook: it runs, and is stored with its outputs. For tests. */
export function testNotebooks(names: readonly string[]): void {
  // One folder for all, as they share runs.
  const runs = mkdtempSync(join(tmpdir(), 'pathkernel-runs-'));
  after(() => rmSync(runs, { recursive: true, force: true }));
  for (const name of names) {
    const changes = changesOf(name);
    test(`${name} runs from top to bottom at smoke scale, with other parameters too, and draws its figures`, async () => {
      const path = join(folder, name);
      const options = { scale: 'smoke', runs } as const;
      const {
        notebook,
        again: changed,
        error,
      } = await executeNotebook(path, { ...options, again: changes?.values });
      assert.equal(error, undefined);
      const drawn = drawnBy(notebook);
      assert.ok(drawn.length > 0);
      const state = name.startsWith('solutions') ? 'right' : 'no answer yet';
      for (const exercise of exercisesIn([...notebook.cells, ...(changed?.cells ?? [])]))
        assert.deepEqual(exercise, { ...exercise, state }, `${name}, smoke scale`);
      if (!changed) return;
      const before = drawnBy({ cells: notebook.cells.slice(-changed.cells.length) });
      assert.deepEqual(drawnBy(changed), before, 'cells that draw figures');
      if (!changes?.isSweep) return;
      // From the same rows, which are stored now, in a kernel that knows nothing else.
      const afresh = await executeNotebook(path, { ...options, parameters: changes.values });
      assert.equal(afresh.error, undefined);
      assert.deepEqual(
        figuresIn(changed),
        figuresIn({ cells: afresh.notebook.cells.slice(-changed.cells.length) }),
      );
    });

    test(`${name} is stored with its outputs, without errors, in less than 1 MB`, () => {
      const path = join(folder, name);
      const text = readFileSync(path, 'utf8');
      assert.ok(statSync(path).size < 1e6, `${statSync(path).size} bytes`);
      const { nbformat, nbformat_minor, metadata } = JSON.parse(text);
      assert.deepEqual([nbformat, nbformat_minor, metadata.kernelspec.name], [4, 5, 'pathkernel']);
      const cells = cellsOf(path);
      assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length);
      const outputs = cells.flatMap((cell) => cell.outputs ?? []);
      assert.ok(outputs.length > 0);
      assert.ok(
        outputs.every(({ output_type, name: stream }) => output_type !== 'error' && stream !== 'stderr'),
      );
      assert.ok(!text.includes(root), 'a path of this machine is in it');
    });

    test(`${name} is stored with a picture beside each figure, for viewers that run no script`, () => {
      for (const { id, outputs = [] } of cellsOf(join(folder, name))) {
        for (const { data } of outputs.filter((output) => output.data?.[PLOTLY])) {
          const png = Buffer.from([data?.['image/png'] ?? ''].flat().join(''), 'base64');
          assert.equal(png.toString('latin1', 1, 4), 'PNG', `${id} has none: npx pathkernel notebooks`);
          assert.ok(png.length < 60_000, `that of ${id} has ${png.length} bytes`);
        }
      }
    });

    test(`${name} says three or more other values of its parameters, in a cell of at most 12 lines`, () => {
      const tagged = cellsOf(join(folder, name)).filter(({ metadata }) =>
        metadata.tags?.includes('parameters'),
      );
      if (name.startsWith('solutions')) assert.ok(tagged.length <= 1);
      else assert.equal(tagged.length, 1);
      for (const { source, id, metadata } of tagged) {
        const text = [source].flat().join('');
        assert.ok(text.startsWith('// Parameters: every cell below follows them.\n'), id);
        assert.ok(text.split('\n').length <= 12, id);
        // Each value of the axes of a sweep is one.
        const { changed = '{}', ...others } = metadata.changes ?? {};
        const axes = propertiesOf(changed);
        assert.ok(
          axes.length + Object.keys(others).length >= 3,
          `${id} names ${axes} ${Object.keys(others)}`,
        );
      }
    });

    test(`${name} has no cell of code longer than 15 lines`, () => {
      for (const { cell_type, source, id } of cellsOf(join(folder, name))) {
        const lines = [source].flat().join('').split('\n').length;
        if (cell_type === 'code') assert.ok(lines <= 15, `${id} has ${lines} lines`);
      }
    });
  }
}

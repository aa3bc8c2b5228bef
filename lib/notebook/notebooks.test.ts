import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(__dirname, '..', '..');
const folder = join(root, 'notebooks');
const python = join(root, '.venv', 'bin', 'python');
const notebooks = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));

interface Output {
  output_type: string;
  ename?: string;
  evalue?: string;
  name?: string;
  data?: Record<string, unknown>;
}
interface Cell {
  id: string;
  cell_type: string;
  source: string | string[];
  outputs?: Output[];
}

function cellsOf(path: string): Cell[] {
  return JSON.parse(readFileSync(path, 'utf8')).cells;
}

/** Runs a notebook from a clean kernel, in the folder it is in, into another folder. */
function execute(name: string, into: string): Promise<{ code: number; log: string }> {
  const args = ['-m', 'nbconvert', '--to', 'notebook', '--execute', '--log-level=WARN'];
  const child = spawn(python, [...args, '--output-dir', into, join(folder, name)], {
    cwd: root,
    env: { ...process.env, PATHKERNEL_SCALE: 'smoke' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      log += text;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, log }));
  });
}

test('there are notebooks, and Jupyter to run them', () => {
  assert.ok(notebooks.length >= 3, `${notebooks}`);
  assert.ok(existsSync(python), `${python} is missing; npm run setup makes it`);
});

for (const name of notebooks) {
  test(`${name} runs from top to bottom at smoke scale, and ends with figures`, async () => {
    const into = mkdtempSync(join(tmpdir(), 'pathkernel-notebooks-'));
    try {
      const { code, log } = await execute(name, into);
      assert.equal(code, 0, log);
      const outputs = cellsOf(join(into, name)).flatMap((cell) => cell.outputs ?? []);
      const errors = outputs.filter(({ output_type }) => output_type === 'error');
      assert.deepEqual(errors, []);
      assert.ok(outputs.some(({ data }) => data && 'application/vnd.plotly.v1+json' in data));
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  });

  test(`${name} is stored with its outputs, without errors, in less than 1 MB`, () => {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    assert.ok(text.length < 1e6, `${text.length} characters`);
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

  test(`${name} has no cell of code longer than 15 lines`, () => {
    for (const { cell_type, source, id } of cellsOf(join(folder, name))) {
      const lines = [source].flat().join('').split('\n').length;
      if (cell_type === 'code') assert.ok(lines <= 15, `${id} has ${lines} lines`);
    }
  });
}

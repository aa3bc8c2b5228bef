import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { invalid } from '../../base';
import { projectRoot } from '../../data/dataFolder';
import type { Scale } from '../../experiment/scale';
import { cleanNotebook } from './cleanNotebook';
import type { Notebook } from './notebook';
import { parameterCell } from './parameterCell';
import { type ParameterValues, withParameters } from './withParameters';

export interface ExecuteOptions {
  /** How much the notebook does; that of PATHKERNEL_SCALE by default. */
  scale?: Scale;
  /** The folder with the runs that it reads and does; that of PATHKERNEL_RUNS, else `data/runs`, by default. */
  runs?: string;
  /** The longest that a cell may run, in minutes; then the notebook has failed there. 60 by default. */
  minutes?: number;
  /** Other values of constants in the cell tagged `parameters`; none by default. */
  parameters?: ParameterValues;
  /** The cells from the one tagged `parameters` on once more, in the same kernel, with other values of its constants; not by default. */
  again?: ParameterValues;
}

export interface Executed {
  /** With its outputs, and without what differs from one execution to the next for no reason. */
  notebook: Notebook;
  /** The cells that ran once more. */
  again?: Notebook;
  /** The cell that failed and its traceback; undefined where every cell ran. */
  error?: string;
  seconds: number;
}

/**
 * Runs every cell of a notebook in a new kernel, in the notebook's folder. The file is left as it is.
 *
 * @throws `invalid notebook; no such file: PATH`, `invalid minutes; not above 0: …`, and as {@link withParameters} does
 */
export async function executeNotebook(path: string, options: ExecuteOptions = {}): Promise<Executed> {
  if (!existsSync(path)) throw invalid('notebook', 'no such file', path);
  const { minutes = 60, parameters, again } = options;
  if (!(minutes > 0)) throw invalid('minutes', 'not above 0', minutes);
  const stored: Notebook = JSON.parse(readFileSync(path, 'utf8'));
  const notebooks = [parameters ? withParameters(stored, parameters) : stored];
  if (again) {
    const changed = withParameters(stored, again);
    notebooks.push({ ...changed, cells: changed.cells.slice(parameterCell(changed)) });
  }
  const began = performance.now();
  const { texts, error } = await nbclient(path, notebooks, minutes * 60, {
    ...(options.scale && { PATHKERNEL_SCALE: options.scale }),
    ...(options.runs && { PATHKERNEL_RUNS: options.runs }),
  });
  const seconds = (performance.now() - began) / 1000;
  const [notebook, second] = texts.map((text) => cleanNotebook(JSON.parse(text)));
  return { notebook, again: second, error: error ?? undefined, seconds };
}

function nbclient(
  path: string,
  notebooks: readonly Notebook[],
  seconds: number,
  extra: Record<string, string>,
): Promise<{ texts: string[]; error?: string }> {
  const python = join(projectRoot, '.venv', 'bin', 'python');
  assert.ok(existsSync(python), 'Jupyter is not installed in .venv: run npm run setup');
  const runtime = join(projectRoot, '.setup', 'jupyter', 'runtime');
  const child = spawn(python, [join(__dirname, 'executeNotebook.py'), dirname(path), String(seconds)], {
    env: { JUPYTER_RUNTIME_DIR: runtime, ...process.env, ...extra },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}); // of a process that ended before it had read all: its code says so
  child.stdin.end(JSON.stringify(notebooks.map((notebook) => JSON.stringify(notebook))));
  let [answer, complaints] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    complaints += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(answer));
      else reject(new Error(`nbclient did not run ${path}:\n${complaints}`));
    });
  });
}

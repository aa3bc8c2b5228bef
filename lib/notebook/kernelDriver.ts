import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A message a cell sent, by Jupyter's type of message. */
export interface Output {
  type: string;
  name?: string;
  text?: string;
  data?: Record<string, unknown>;
  transient?: { display_id?: string };
  ename?: string;
  evalue?: string;
  traceback?: string[];
  /** Of what came late: the `id` of the cell it belongs to. */
  parent?: string;
}

/** What a front end has seen of one cell. */
export interface Ran {
  id: string;
  outputs: Output[];
  /** What the cell asked. */
  questions: string[];
  reply: { status: string; execution_count?: number };
  input?: { code: string; execution_count: number };
  seconds: number;
}

export interface RunOptions {
  stop_on_error?: boolean;
  silent?: boolean;
  store_history?: boolean;
  user_expressions?: Record<string, string>;
  allow_stdin?: boolean;
  /** To the questions of the cell. */
  answers?: string[];
  /** Text in the output at which the kernel is interrupted. */
  interrupt_on?: string;
  /** By message rather than by signal. */
  by_message?: boolean;
  /** How many times; 1 by default. */
  presses?: number;
  /** Seconds between them, and before the first; 0.3 by default. */
  pause?: number;
  /** In seconds; 300 by default. */
  timeout?: number;
  /** What the notebook calls the cell; nothing by default. */
  cell?: string;
}

/** Real kernels behind the Jupyter protocol, driven by a Python process; for tests. */
export interface KernelDriver {
  /** A folder beside which packages can be put for the notebooks in it; holds pathkernel. */
  folder: string;
  /** A folder with no packages in reach, where a kernel starts quickly. */
  bare: string;
  call<T>(op: string, fields: object): Promise<T>;
  run(id: string, code: string, options?: RunOptions): Promise<Ran>;
  close(): Promise<void>;
}

const ROOT = dirname(dirname(__dirname));

/** A place of its own for kernels under test. */
export interface KernelPlace {
  /** A folder for notebooks, with pathkernel in reach. */
  folder: string;
  /** A folder with no packages in reach. */
  bare: string;
  /** The Python of `.venv`, and the environment in which its Jupyter knows the kernel. */
  python: string;
  env: NodeJS.ProcessEnv;
  remove(): void;
}

/** @throws where Jupyter is not installed in `.venv` */
export function kernelPlace(): KernelPlace {
  const python = join(ROOT, '.venv', 'bin', 'python');
  assert.ok(existsSync(python), 'these tests need Jupyter in .venv: run npm run setup');
  const home = mkdtempSync(join(tmpdir(), 'pathkernel-notebooks-'));
  const bare = mkdtempSync(join(tmpdir(), 'pathkernel-bare-'));
  const [folder, packages] = ['notebooks', 'node_modules'].map((name) => join(home, name));
  const spec = join(home, 'jupyter', 'kernels', 'pathkernel');
  for (const path of [folder, packages, spec]) mkdirSync(path, { recursive: true });
  symlinkSync(join(ROOT, 'lib'), join(packages, 'pathkernel'));
  const argv = [process.execPath, join(__dirname, 'kernel.cjs'), '{connection_file}'];
  writeFileSync(
    join(spec, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'test', language: 'typescript' }),
  );
  const env = {
    ...process.env,
    JUPYTER_PATH: [join(home, 'jupyter'), process.env.JUPYTER_PATH].filter(Boolean).join(delimiter),
    TF_NUM_INTRAOP_THREADS: '1',
  };
  const remove = () => {
    for (const path of [home, bare]) rmSync(path, { recursive: true });
  };
  return { folder, bare, python, env, remove };
}

export function openDriver(): KernelDriver {
  const { folder, bare, python, env, remove } = kernelPlace();
  const child: ChildProcess = spawn(python, [join(__dirname, 'kernelDriver.py')], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  assert.ok(child.stdout && child.stdin);
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  const ended = new Promise<void>((resolve) =>
    child.on('close', () => {
      for (const { reject } of waiting) reject(new Error(`the driver of the kernels ended: ${complaints}`));
      resolve();
    }),
  );

  async function call<T>(op: string, fields: object): Promise<T> {
    const line = await new Promise<string>((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin?.write(`${JSON.stringify({ op, ...fields })}\n`);
    });
    const answer: { value: T; error?: string } = JSON.parse(line);
    assert.equal(answer.error, undefined, answer.error);
    return answer.value;
  }

  return {
    folder,
    bare,
    call,
    run: (id, code, options) => call('run', { id, code, ...options }),
    async close() {
      child.stdin?.end();
      await ended;
      remove();
    },
  };
}

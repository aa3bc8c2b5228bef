import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../data/dataFolder';

/** A JupyterLab as `npm start` starts it, in a folder of its own that goes with it; for tests. */
export interface JupyterLab {
  /** Holds `notebooks`, and `node_modules`, where packages can be put. */
  home: string;
  /** Its notebooks. */
  folder: string;
  /** The address of a file in the folder, with the token. */
  address(path: string): string;
  close(): Promise<void>;
}

/** What the set-up's modules give, which have no types. */
interface SetUp {
  labArguments(place: { root: string }, args: string[]): string[];
  jupyterEnvironment(place: { venv: string; jupyter: string }): NodeJS.ProcessEnv;
}

/** How long a server may take to start, in milliseconds. */
const START = 600_000;

/** How long it may take to end its kernels and itself. */
const END = 60_000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** No questions and no requests to other machines: JupyterLab would ask for news of itself. */
const SETTINGS = { '@jupyterlab/apputils-extension/notification': { fetchNews: 'false' } };

/** @throws where JupyterLab ends or does not answer within ten minutes */
export async function openJupyterLab(): Promise<JupyterLab> {
  // Inside of the project, so that its packages are found as they are from its notebooks.
  const state = join(projectRoot, '.setup');
  mkdirSync(state, { recursive: true });
  const home = mkdtempSync(join(state, 'lab-'));
  const [folder, packages, jupyter, settings] = ['notebooks', 'node_modules', 'jupyter', 'settings'].map(
    (name) => join(home, name),
  );
  for (const path of [folder, packages]) mkdirSync(path);
  for (const [name, values] of Object.entries(SETTINGS)) {
    const path = join(settings, `${name}.jupyterlab-settings`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(values));
  }

  const venv = join(projectRoot, '.venv');
  const { labArguments, jupyterEnvironment } = await setUp();
  const args = labArguments({ root: home }, ['--no-browser', '--port=0']);
  const child = spawn(join(venv, 'bin', 'python'), ['-m', 'jupyterlab', ...args], {
    cwd: folder,
    env: {
      ...jupyterEnvironment({ venv, jupyter }),
      ...Object.fromEntries(['CONFIG', 'DATA', 'RUNTIME'].map((name) => [`JUPYTER_${name}_DIR`, jupyter])),
      JUPYTERLAB_SETTINGS_DIR: settings,
      JUPYTERLAB_WORKSPACES_DIR: join(home, 'workspaces'),
      PATHKERNEL_SCALE: 'smoke',
      PATHKERNEL_RUNS: join(home, 'runs'),
      TF_NUM_INTRAOP_THREADS: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      log += chunk;
    });
  const remove = () => rmSync(home, { recursive: true, force: true });
  // Where the tests are stopped, nothing stays behind: kernels end by themselves without their server.
  const leave = () => {
    child.kill('SIGKILL');
    remove();
  };
  const stop = () => process.exit(1);
  process.on('exit', leave);
  for (const signal of SIGNALS) process.on(signal, stop);
  // The kernels write to the same streams: these close when the last of them has ended.
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));

  async function close(): Promise<void> {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), END);
    await ended;
    clearTimeout(late);
    process.off('exit', leave);
    for (const signal of SIGNALS) process.off(signal, stop);
    remove();
  }

  for (const end = Date.now() + START; ; await sleep(200)) {
    const server = serverIn(jupyter);
    const answer =
      server && (await fetch(`${server.url}api/status?token=${server.token}`).catch(() => undefined));
    if (server && answer?.ok)
      return {
        home,
        folder,
        close,
        address: (path) => `${server.url}lab/tree/${path}?token=${server.token}`,
      };
    if (child.exitCode === null && Date.now() < end) continue;
    await close();
    throw new Error(`JupyterLab does not start:\n${log}`);
  }
}

/** Where a server is found and the token it made for itself, from what it writes for `jupyter server list`. */
function serverIn(runtime: string): { url: string; token: string } | undefined {
  try {
    const name = readdirSync(runtime).find((file) => /^jpserver-\d+\.json$/.test(file));
    return name && JSON.parse(readFileSync(join(runtime, name), 'utf8'));
  } catch {
    // Not yet there, or not yet written to the end.
    return undefined;
  }
}

async function setUp(): Promise<SetUp> {
  const load = (...path: string[]) => import(join(projectRoot, 'setup', ...path));
  return { ...(await load('labArguments.mjs')), ...(await load('base', 'environment.mjs')) };
}

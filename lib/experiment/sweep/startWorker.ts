import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Progress } from '../../base';
import type { Order, Outcome, Report } from './messages';

/** A process that does runs, one at a time. */
export interface Worker {
  /** Kept once the process has loaded what it needs, or has ended. */
  ready: Promise<void>;
  /** Does a run; a process that ends under way is a failure, and the worker is of no more use. */
  run(
    work: Omit<Extract<Order, { kind: 'run' }>, 'kind'>,
    onProgress?: (progress: Progress) => void,
  ): Promise<Outcome>;
  /** Asks for the run under way to stop at its next step. */
  stop(): void;
  /** Ends the process at once; its run can be gone on with. */
  kill(): void;
  /** Lets the process end; kept once it has. */
  close(): Promise<void>;
  isAlive(): boolean;
  /** Milliseconds since 1970 when it was started: the code it has is older. */
  started: number;
  /** Bytes of memory that it held after its first run and after its last; 0 before. */
  held(): { first: number; last: number };
}

/**
 * Starts a worker process.
 *
 * @param threads how many TensorFlow may compute with
 * @param memory bytes it may count on; as many as this process by default
 */
export function startWorker(threads: number, memory?: number): Worker {
  const child = fork(join(__dirname, 'worker.ts'), [], {
    execArgv: ['--require', require.resolve('tsx/cjs')],
    env: {
      ...process.env,
      PATHKERNEL_THREADS: String(threads),
      ...(memory === undefined ? {} : { PATHKERNEL_MEMORY: String(Math.floor(memory)) }),
      // Several processes on a GPU: each takes what it needs, not all there is.
      TF_FORCE_GPU_ALLOW_GROWTH: process.env.TF_FORCE_GPU_ALLOW_GROWTH ?? 'true',
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const started = Date.now();
  let isAlive = true;
  let held = { first: 0, last: 0 };
  let said = ''; // the end of what it wrote to standard error, for the case that it ends
  let current: { settle: (outcome: Outcome) => void; onProgress?: (progress: Progress) => void } | undefined;
  let setReady = () => {};
  const ready = new Promise<void>((resolve) => {
    setReady = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve()); // Node has no `close` for one that was disconnected
    child.on('error', () => resolve());
  });
  const settle = (outcome: Outcome) => {
    current?.settle(outcome);
    current = undefined;
  };
  const end = (how: string) => {
    isAlive = false;
    setReady();
    settle({ state: 'failed', error: [`its process ${how}`, ...complaints(said)].join('\n') });
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  child.on('close', (code, signal) => end(signal === null ? `ended with status ${code}` : wasEnded(signal)));
  child.on('error', (error) => end(`could not be started or spoken to: ${error.message}`));
  child.on('message', (report: Report) => {
    if (report.kind === 'ready') setReady();
    if (report.kind === 'progress') current?.onProgress?.(report.progress);
    if (report.kind !== 'end') return;
    held = { first: held.first || report.bytes, last: report.bytes };
    settle(report.outcome);
  });
  const send = (order: Order) => {
    if (child.connected) child.send(order);
  };
  return {
    ready,
    run: (work, onProgress) =>
      new Promise((resolve) => {
        current = { settle: resolve, onProgress };
        if (isAlive) send({ kind: 'run', ...work });
        else end('has ended');
      }),
    stop: () => send({ kind: 'stop' }),
    kill: () => void child.kill('SIGKILL'),
    close() {
      disconnect(child);
      return ended;
    },
    isAlive: () => isAlive,
    started,
    held: () => held,
  };
}

function disconnect(child: ChildProcess): void {
  if (child.connected) child.disconnect();
}

function wasEnded(signal: string): string {
  const why = signal === 'SIGKILL' ? ', as the system does where memory runs out: try fewer --workers' : '';
  return `was ended by ${signal}${why}`;
}

/** What a process said, without TensorFlow's greetings. */
function complaints(said: string): string[] {
  const greeting = /^(WARNING: All log messages before absl|[IW]0000 )/;
  return said.split('\n').filter((line) => line.trim() !== '' && !greeting.test(line));
}

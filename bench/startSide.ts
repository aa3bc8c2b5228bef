import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Peaks } from '../lib/tensor/profile';
import type { Measurement } from './runCase';

/** One program under comparison: how it is started for a case. */
export interface Side {
  /** The name of its column. */
  name: string;
  command: string;
  args: readonly string[];
}

/** A process that has made its first call and makes more when asked. */
export interface Started {
  readonly first: Measurement;
  repeat(repetitions: number): Promise<Measurement>;
  /** What the machine can do; a process of ours alone says. */
  peaks(): Promise<Peaks>;
  stop(): Promise<void>;
}

/** @throws with what the process wrote to standard error where it ends before it has answered */
export async function startSide({ command, args }: Side, threads: number): Promise<Started> {
  const env = { ...process.env, PATHKERNEL_THREADS: String(threads), OMP_NUM_THREADS: String(threads) };
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {}); // it has ended: the next answer says so
  let errors = '';
  child.stderr.on('data', (text) => {
    errors = `${errors}${text}`.slice(-4000);
  });
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args.join(' ')} failed:\n${errors}`);
    return JSON.parse(value);
  };
  const ask = (line: string) => {
    child.stdin.write(`${line}\n`);
    return answer();
  };
  return {
    first: await answer(),
    repeat: (repetitions) => ask(String(repetitions)),
    peaks: () => ask('peaks'),
    stop() {
      child.stdin.end();
      return closed;
    },
  };
}

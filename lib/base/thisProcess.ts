import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells a process from every other, also from a later one that was given the same number. */
export interface ProcessName {
  host: string;
  pid: number;
  /** When it began, in ticks since the machine's start, with the name of that start; absent where that cannot be read. */
  started?: string;
}

/** The name of this process. */
export function thisProcess(): ProcessName {
  return { host: hostname(), pid: process.pid, started: startOf(process.pid) };
}

/** Whether a process is of this machine and runs no more. */
export function isGone({ host, pid, started }: ProcessName): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0); // sends nothing, only asks
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
  const now = startOf(pid);
  return started !== undefined && now !== undefined && now !== started;
}

function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in parentheses, may hold anything; the start is the 20th field after it.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

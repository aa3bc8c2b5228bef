import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a process may use, of cores and of bytes of memory: of these all there may be, and what is not in use. */
export interface Limits {
  cores: number;
  total: number;
  free: number;
}

/**
 * The limits that containers and queues such as Slurm set by control groups, of version 1 and 2: the tightest of the group of this process and
 * of those around it. Infinite where there is none. Of the memory in use, the files the system has cached count as free.
 *
 * @param root where the file systems `proc` and `sys` are; `/` by default
 */
export function cgroupLimits(root = '/'): Limits {
  const mounts = join(root, 'sys', 'fs', 'cgroup');
  const levels = wordsOf(join(root, 'proc', 'self', 'cgroup')).flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    const homes = controllers === '' ? ['', 'unified'] : [controllers, ...controllers.split(',')];
    return homes.flatMap((home) => upwards(path).map((level) => join(mounts, home, level)));
  });
  const all = levels.map(limitsOf);
  const least = (of: keyof Limits) => Math.min(Number.POSITIVE_INFINITY, ...all.map((one) => one[of]));
  return { cores: least('cores'), total: least('total'), free: least('free') };
}

/** A path and those above it, up to ''. */
function upwards(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, i) => parts.slice(0, parts.length - i).join('/'));
}

function limitsOf(group: string): Limits {
  const numbers = (file: string) => wordsOf(join(group, file)).map(Number);
  const first = (...files: string[]) => files.map((file) => numbers(file)[0]).find(Number.isFinite);
  const shares = ['cpu.max', 'cpu.cfs_quota_us', 'cpu.cfs_period_us'].flatMap(numbers);
  const [quota, period] = shares.filter((value) => value > 0); // no limit is 'max' or -1
  const total = first('memory.max', 'memory.limit_in_bytes') ?? Number.POSITIVE_INFINITY;
  const used = first('memory.current', 'memory.usage_in_bytes') ?? 0;
  return {
    cores: period > 0 ? quota / period : Number.POSITIVE_INFINITY,
    total,
    free: Math.max(0, Math.min(total, total - used + cachedIn(wordsOf(join(group, 'memory.stat'))))),
  };
}

/** Bytes of files that the system keeps in memory as long as nobody else wants it; those of groups within have names of their own in version 1. */
function cachedIn(words: readonly string[]): number {
  const of = (name: string) => Number(words[words.indexOf(name) + 1]);
  const prefix = words.includes('total_inactive_file') ? 'total_' : '';
  const [active, inactive] = ['active_file', 'inactive_file'].map((name) => of(prefix + name));
  return active + inactive || 0;
}

function wordsOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(/\s+/).filter(Boolean);
  } catch {
    return []; // not there on this machine
  }
}

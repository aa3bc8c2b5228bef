import type { Progress } from '../../base';
import type { Config } from '../config';
import type { SweepRun } from './survey';

/** A run under way. */
export interface ActiveRun {
  hash: string;
  config: Config;
  progress: Progress;
}

/** Where a sweep stands. */
export interface SweepStatus {
  name: string;
  /** Runs in all, done, failed or damaged, and in the hands of other processes. */
  total: number;
  done: number;
  failed: number;
  elsewhere: number;
  active: ActiveRun[];
  /** How much of the work is done, from 0 to 1, what was done before included. */
  share: number;
  /** Seconds left if it goes on as until now; absent before there is anything to go by. */
  secondsLeft?: number;
}

/** Keeps count of a sweep. */
export interface Tally {
  begin(run: SweepRun): void;
  advance(run: SweepRun, progress: Progress): void;
  end(run: SweepRun): void;
  status(): SweepStatus;
}

/**
 * Keeps count of a sweep: how many runs are done, and how long the others may take, by the work estimated for each.
 *
 * @param workOf how much a run that is to be done is, in any unit; others count for nothing
 * @param now the time in seconds, for tests
 */
export function createTally(
  name: string,
  runs: readonly SweepRun[],
  workOf: (hash: string) => number,
  now = () => performance.now() / 1000,
): Tally {
  const began = now();
  const active = new Map<string, ActiveRun>();
  /** What an earlier start had done of a run, as its first sign of progress tells. */
  const before = new Map<string, number>();
  const ended = new Set<string>();
  const all = runs.reduce((sum, { hash }) => sum + workOf(hash), 0);
  const fraction = (hash: string) => {
    if (ended.has(hash)) return 1;
    const { done, total } = active.get(hash)?.progress ?? { done: 0, total: 1 };
    return total > 0 ? done / total : 0;
  };
  return {
    begin: ({ hash, config }) => void active.set(hash, { hash, config, progress: { done: 0, total: 1 } }),
    advance({ hash, config, epochs }, progress) {
      active.set(hash, { hash, config, progress });
      if (!before.has(hash)) before.set(hash, epochs > 0 ? fraction(hash) : 0);
    },
    end({ hash }) {
      active.delete(hash);
      ended.add(hash);
    },
    status() {
      // A run that is still to be done counts as nothing yet, also where it failed before.
      const settled = runs.filter(({ hash }) => ended.has(hash) || workOf(hash) === 0);
      const count = (...states: SweepRun['state'][]) =>
        settled.filter(({ state }) => states.includes(state)).length;
      let worked = 0;
      let resumed = 0;
      for (const { hash } of runs) {
        worked += workOf(hash) * fraction(hash);
        resumed += workOf(hash) * (before.get(hash) ?? 0);
      }
      const speed = (worked - resumed) / (now() - began);
      return {
        name,
        total: runs.length,
        done: count('done'),
        failed: count('failed', 'corrupt'),
        elsewhere: count('running'),
        active: [...active.values()],
        share: all > 0 ? worked / all : 1,
        ...(speed > 0 && { secondsLeft: (all - worked) / speed }),
      };
    },
  };
}

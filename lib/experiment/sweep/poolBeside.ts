import type { Limits } from '../../base/cgroupLimits';
import { memoryText } from '../../base/memorySize';
import type { Claim } from './claims';
import { asked, usable, workerCount } from './workerCount';

/** The processes of a sweep, and what it takes with them. */
export interface Pool extends Claim {
  workers: number;
  /** Of each. */
  threads: number;
  /** Why there are not as many as could be, or even one may be too many. */
  remarks: string[];
}

/**
 * The processes of a sweep beside what other sweeps have taken: no more memory than is left, and no core that others have; where a number is
 * wished for, no more than there are cores, whoever has them. One in any case.
 *
 * @param bytes what each of the runs asks for
 * @param processors cores there are, even if `cores` are asked for
 * @param wanted the wish
 */
export function poolBeside(
  bytes: readonly number[],
  { cores, total, free, processors }: Limits & { processors: number },
  others: Claim,
  wanted?: number,
): Pool {
  const memory = Math.max(0, Math.min(free, total - others.bytes));
  const unclaimed = Math.max(1, cores - others.cores);
  const most = wanted === undefined ? unclaimed : Math.min(wanted, Math.max(cores, processors));
  const fit = workerCount(bytes, { cores: most, memory });
  const { workers } = fit;
  const threads = wanted === undefined ? fit.threads : Math.max(1, Math.floor(cores / most));
  const goal = Math.min(wanted ?? cores, bytes.length);
  const remarks: string[] = [];
  if (workers < goal) {
    const have =
      wanted === undefined
        ? `other sweeps have ${others.cores} of ${cores} cores`
        : `there are ${most} cores`;
    const why = workers < Math.min(most, bytes.length) ? `${memoryText(memory)} of memory are left` : have;
    remarks.push(`${workers} of ${goal} runs at a time: ${why}`);
  }
  if (asked(bytes, 1) > memory)
    remarks.push(`a run may take ${memoryText(asked(bytes, 1))} of memory, ${memoryText(memory)} are left`);
  return { workers, threads, remarks, cores: workers * threads, bytes: asked(bytes, workers) };
}

/**
 * The memory that a process of a sweep may count on, however many there will be: by it, it decides which data sets it keeps in memory.
 */
export function shareOf({ cores, free }: Limits, runs: number): number {
  return usable(free) / Math.max(1, Math.min(cores, runs));
}

import { availableParallelism, freemem } from 'node:os';

/** Of the free memory, left for other programs and for what an estimate misses. */
const RESERVE = 0.2;

/** What a machine has to give. */
export interface Machine {
  cores: number;
  /** Bytes that are free. */
  memory: number;
}

/** This machine: the cores this process may use, PATHKERNEL_THREADS of them where that is set, and its free memory. */
export function thisMachine(): Machine {
  // Newer Nodes know of the memory limits of containers.
  const { availableMemory } = process as { availableMemory?: () => number };
  return {
    cores: Number(process.env.PATHKERNEL_THREADS) || availableParallelism(),
    memory: Math.min(freemem(), availableMemory?.call(process) ?? Number.POSITIVE_INFINITY),
  };
}

/**
 * How many processes at a time, and the threads of each: one a core, as several runs with a thread each get further than one
 * with all of them; fewer where there are fewer runs or the memory would not do.
 *
 * @param bytes what each of the runs asks for
 */
export function workerCount(
  bytes: readonly number[],
  { cores, memory }: Machine,
): { workers: number; threads: number } {
  const largest = [...bytes].sort((a, b) => b - a);
  let workers = 1;
  const fits = (count: number) =>
    largest.slice(0, count).reduce((sum, one) => sum + one, 0) <= memory * (1 - RESERVE);
  while (workers < Math.min(cores, bytes.length) && fits(workers + 1)) workers++;
  return { workers, threads: Math.max(1, Math.floor(cores / workers)) };
}

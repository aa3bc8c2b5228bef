/** Of the free memory, left for other programs and for what an estimate misses. */
const RESERVE = 0.2;

/** What a machine has to give. */
export interface Machine {
  cores: number;
  /** Bytes that are free. */
  memory: number;
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
  let workers = 1;
  while (workers < Math.min(cores, bytes.length) && asked(bytes, workers + 1) <= usable(memory)) workers++;
  return { workers, threads: Math.max(1, Math.floor(cores / workers)) };
}

/** The part of the free memory that runs may use. */
export function usable(memory: number): number {
  return memory * (1 - RESERVE);
}

/**
 * How much a process may hold between two runs, of what it keeps for the next: with all processes at it, and what the runs ask for at most,
 * no more than the reserve is used as well.
 */
export function holdable(bytes: readonly number[]): number {
  return asked(bytes, 1) / (1 - RESERVE);
}

/** What so many of the runs ask for at a time, at most. */
export function asked(bytes: readonly number[], count: number): number {
  const largest = [...bytes].sort((a, b) => b - a).slice(0, count);
  return largest.reduce((sum, one) => sum + one, 0);
}

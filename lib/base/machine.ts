import { availableParallelism, freemem, totalmem } from 'node:os';
import { cgroupLimits, type Limits } from './cgroupLimits';
import { memorySize } from './memorySize';

/**
 * What this process may use of the machine: what the system, control groups and Slurm leave it. PATHKERNEL_THREADS and PATHKERNEL_MEMORY,
 * where they are set, take the place of that.
 *
 * @param env the process's own by default
 * @param groups the limits of control groups; those of this process by default
 */
export function thisMachine(env: NodeJS.ProcessEnv = process.env, groups = cgroupLimits()): Limits {
  const unlimited = Number.POSITIVE_INFINITY;
  const jobCores = Number(env.SLURM_CPUS_PER_TASK ?? env.SLURM_CPUS_ON_NODE) || unlimited;
  const cores = Math.max(1, Math.floor(Math.min(availableParallelism(), groups.cores, jobCores)));
  const megabytes = Number(env.SLURM_MEM_PER_NODE) || Number(env.SLURM_MEM_PER_CPU) * cores;
  const total = Math.min(totalmem(), groups.total, megabytes * 2 ** 20 || unlimited); // 0: all of the node
  const own = env.PATHKERNEL_MEMORY ? memorySize('PATHKERNEL_MEMORY', env.PATHKERNEL_MEMORY) : undefined;
  return {
    cores: Number(env.PATHKERNEL_THREADS) || cores,
    total: own ?? total,
    free: own ?? Math.min(total, freemem(), groups.free),
  };
}

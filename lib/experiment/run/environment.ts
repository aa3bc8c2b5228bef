import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, hostname } from 'node:os';
import { projectRoot } from '../../data';
import type { Network } from '../../network';
import { nativeBackend } from '../../tensor';
import { type Computation, computationOf } from '../../train';
import { codeNow } from '../code/codeNow';
import type { Config } from '../config';
import { scale } from '../scale';

/** What a run was computed with. */
export interface Environment {
  /** Version of this library, of Node and of TensorFlow. */
  pathkernel: string;
  node: string;
  tensorflow: string;
  /** The commit of the project, with `-dirty` where files were changed; null outside a repository. */
  commit: string | null;
  /** Hash of the code that the run's numbers depend on; absent in older records. */
  code?: string;
  platform: string;
  host: string;
  processor: string;
  device: 'CPU' | 'GPU';
  /** How training steps are computed; absent in older records, of steps one op at a time. */
  computation?: Computation;
  /** Where the smaller network was trained that a masked one comes down to; absent where it was the whole one. */
  compact?: true;
  /** Threads TensorFlow computes with: numbers are the same, to the bit, on one machine with one count. */
  threads: number;
  scale: string;
}

/**
 * What this process computes the network of a configuration with.
 *
 * @param trained the network that is trained: it, or a smaller one
 */
export function environment(config: Config, network: Network, trained = network): Environment {
  const { binding } = nativeBackend();
  return {
    pathkernel: (require('../../package.json') as { version: string }).version,
    node: process.versions.node,
    tensorflow: binding.TF_Version,
    commit: commit(),
    code: codeNow(config).hash,
    platform: `${process.platform}-${process.arch}`,
    host: hostname(),
    processor: cpus()[0]?.model.trim() ?? '',
    device: binding.isUsingGpuDevice() ? 'GPU' : 'CPU',
    computation: computationOf(trained),
    ...(trained !== network && { compact: true }),
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
    scale: scale(),
  };
}

let known: { commit: string | null } | undefined;

function commit(): string | null {
  known ??= { commit: describe() };
  return known.commit;
}

function describe(): string | null {
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    return execFileSync('git', args, {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

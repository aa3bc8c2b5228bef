import { join } from 'node:path';
import type { LongWork } from '../../base';
import type { Dataset } from '../../data';
import { checkMask, type Mask, type Network, type Params, saveParams } from '../../network';
import { methods, type Pruned, prune } from '../../prune';
import { tf } from '../../tensor';
import type { Config } from '../config';
import { loadIfWhole } from './checkpoint';
import { writeJson } from './files';
import { runFiles } from './runRecord';

/** What a configuration calls the ways to choose weights. */
const selects = { exact: 'top', 'as-published': 'threshold', sampled: 'sampled' } as const;

/**
 * The mask of a run: that of its folder, where an earlier start of the run left it, or a new one, which is left there.
 *
 * @param isKnown whether the folder holds the report on pruning, which is written last
 * @returns undefined for a run that does not prune; the caller disposes of the mask
 */
export async function pruneOnce(
  { network, params, data }: { network: Network; params: Params; data: Dataset },
  config: Config,
  folder: string,
  isKnown: boolean,
  { signal, onProgress }: LongWork,
): Promise<Mask | undefined> {
  if (config.prune === undefined) return undefined;
  const path = join(folder, runFiles.mask);
  const stored = isKnown ? await loadIfWhole(path) : undefined;
  if (stored) {
    checkMask(network, stored.tensors);
    return stored.tensors;
  }
  const { perClass, images, rule, version: _, apply: __, ...options } = config.prune;
  const scored = methods[options.method].needs === 'nothing' ? {} : { data, perClass, images };
  const pruned: Pruned = await prune(network, params, {
    ...options,
    select: selects[rule],
    ...(options.gate === 'reinitialise' && { initialiser: config.initialiser }),
    ...scored,
    seed: config.seed,
    signal,
    onProgress,
  });
  try {
    await saveParams(path, pruned.mask);
    await writeJson(join(folder, runFiles.pruning), pruned.report);
    return pruned.mask;
  } catch (error) {
    tf.dispose(pruned.mask);
    throw error;
  }
}

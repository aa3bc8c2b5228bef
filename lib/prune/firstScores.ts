import { invalid } from '../base';
import type { Network, Params } from '../network';
import { gatherContext } from './gatherContext';
import { isBuilding, type Method, type ScoreArray } from './method';
import { methodOf } from './methodOf';
import type { MethodName } from './methods';
import type { PruneOptions } from './prune';
import { scoreArrays } from './scoring';

/** What a method is told before it scores. */
export type ScoreOptions = Pick<
  PruneOptions,
  'data' | 'batch' | 'perClass' | 'images' | 'batchNorm' | 'seed'
>;

/**
 * The scores of all weights before any is cut, in order of the kernels.
 *
 * @throws `invalid method; …` for one that builds a mask
 */
export async function firstScores(
  network: Network,
  params: Params,
  given: MethodName | Method,
  options: ScoreOptions,
  signal: AbortSignal,
): Promise<ScoreArray[]> {
  const { method, label } = methodOf(given);
  if (isBuilding(method)) throw invalid('method', 'has no scores', label);
  const { context, release } = gatherContext(method, label, options, options.seed ?? 1, signal);
  try {
    return scoreArrays(network, await method.score(network, params, context));
  } finally {
    release();
  }
}

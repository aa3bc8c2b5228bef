import { checkNames, invalid, type LongWork } from '../base';
import { interruptible } from '../base/interrupt';
import type { Network, Params } from '../network';
import { createRandom } from '../tensor';
import { checkDensity, type HowMuch } from './checkDensity';
import { isBuilding, type Method } from './method';
import { type MethodName, methodNamed } from './methods';
import { type PruneStep, progressOf, pruneSteps } from './pruneSteps';
import type { Schedule } from './schedule';
import { selections } from './select';
import { cutBetween, layerSums } from './targets';

export interface CutOptions extends HowMuch, LongWork {
  /** A method that scores without images: with them, a score is no part of a whole. */
  method: MethodName | Method;
  /** By default the method's own. */
  iterations?: number | 'adaptive';
  /** `exponential` by default. */
  schedule?: Schedule;
}

/** One iteration of pruning. */
export interface CutSize {
  /** The density it leads to. */
  density: number;
  /** Σ of the scores of the weights it takes out. */
  cut: number;
  /** The smallest layer sum before it: less than that is not enough to empty a layer. */
  layer: number;
  /** The largest layer sum over the smallest: 1 where the score is conserved, Infinity once a layer has no score, NaN once none has. */
  imbalance: number;
}

/**
 * What each iteration of pruning takes out, against the sum of a layer. As long as `cut < layer` no layer can have been
 * emptied; with a conserved score all layers have the same sum, R (arXiv 2006.05467, theorem 3), in a network without shortcuts.
 *
 * @throws `invalid …` as `prune`, and `invalid method; …` for SNIP, GraSP and the Dist methods, and one that builds a mask
 */
export async function cutSizes(network: Network, params: Params, options: CutOptions): Promise<CutSize[]> {
  const names = { method: 1, iterations: 1, schedule: 1, density: 1, compression: 1 };
  checkNames('cutSizes', options, { ...names, signal: 1, onProgress: 1 });
  const { schedule, onProgress, compression } = options;
  const method = typeof options.method === 'string' ? methodNamed(options.method) : options.method;
  if (method.needs !== 'nothing') throw invalid('method', 'scores with images', options.method);
  if (isBuilding(method)) throw invalid('method', 'has no scores', options.method);
  const { iterations = method.iterations } = options;
  const density = checkDensity(network, { density: options.density, compression });
  const how = { density, iterations, schedule, scope: 'global', select: selections.top } as const;
  return interruptible(async (signal) => {
    const found: CutSize[] = [];
    for await (const step of pruneSteps(network, params, method, how, { random: createRandom(1), signal })) {
      found.push(cutOf(step));
      onProgress?.(progressOf(step));
    }
    return found;
  }, options.signal);
}

function cutOf({ density, scores, before, kept }: PruneStep): CutSize {
  const sums = layerSums(scores, before);
  const layer = Math.min(...sums);
  return {
    density,
    cut: cutBetween(sums, layerSums(scores, kept)),
    layer,
    imbalance: Math.max(...sums) / layer,
  };
}

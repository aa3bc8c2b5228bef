import { checkNames, invalid } from '../base';
import { interruptible } from '../base/interrupt';
import { rankCorrelation } from '../base/rankCorrelation';
import type { Network, Params } from '../network';
import { tf } from '../tensor';
import { firstScores } from './firstScores';
import { jaccardIndex } from './jaccardIndex';
import { isBuilding, type Method } from './method';
import { methodOf } from './methodOf';
import type { MethodName } from './methods';
import { type Pruned, type PruneOptions, prune } from './prune';

export interface CompareMethodsOptions
  extends Pick<
    PruneOptions,
    'data' | 'batch' | 'perClass' | 'images' | 'batchNorm' | 'seed' | 'signal' | 'onProgress'
  > {
  /** Fractions of the weights to keep; each is pruned to with every number of iterations. */
  densities: readonly number[];
  /** Numbers of iterations; [1] by default. */
  iterations?: readonly number[];
}

/** How alike two methods are. */
export interface MethodsCompared {
  /** Spearman's correlation of the scores over all weights, before any is cut. */
  rankCorrelation: number;
  masks: MaskOverlap[];
}

/** How alike the masks are that two methods arrive at, each after its own masks on the way. */
export interface MaskOverlap {
  density: number;
  iterations: number;
  /** Weights that each keeps. */
  kept: number;
  /** Of the weights that one of them keeps, the share that both keep. */
  jaccard: number;
}

/**
 * Whether two methods come to the same: the order in which they put the weights of a network, and the masks they make of it.
 *
 *     const { rankCorrelation, masks } = await pruning.compareMethods(network, params, ['px', 'synflow-l2'], {
 *       densities: [0.1, 0.01], iterations: [1, 100], data,
 *     });
 *
 * @param methods two, by name or methods of one's own, that score
 * @returns overlaps in order of the iterations, then of the densities
 * @throws what `prune` throws
 */
export async function compareMethods(
  network: Network,
  params: Params,
  methods: readonly [MethodName | Method, MethodName | Method],
  options: CompareMethodsOptions,
): Promise<MethodsCompared> {
  checkNames('compareMethods', options, optionNames);
  const { densities, iterations = [1], onProgress, signal: given, ...how } = options;
  return interruptible(async (signal) => {
    const [one, other] = [
      await allScores(network, params, methods[0], how, signal),
      await allScores(network, params, methods[1], how, signal),
    ];
    const masks: MaskOverlap[] = [];
    const total = iterations.length * densities.length;
    for (const count of iterations)
      for (const density of densities) {
        masks.push(await overlapOf(network, params, methods, { ...how, signal }, density, count));
        onProgress?.({ done: masks.length, total, message: `density ${density}, ${count} iterations` });
      }
    return { rankCorrelation: rankCorrelation(one, other), masks };
  }, given);
}

const optionNames: Record<keyof CompareMethodsOptions, 1> = {
  ...{ densities: 1, iterations: 1, data: 1, batch: 1, perClass: 1, images: 1 },
  ...{ batchNorm: 1, seed: 1, signal: 1, onProgress: 1 },
};

type How = Omit<CompareMethodsOptions, 'densities' | 'iterations' | 'onProgress'>;

/** What a method of the two is told: of images only one that looks at them. */
function optionsFor({ needs }: Method, { data, batch, batchNorm, ...how }: How): How {
  return needs === 'nothing' ? how : { ...how, data, batch, batchNorm };
}

/** The scores of all weights, kernel after kernel. */
async function allScores(
  network: Network,
  params: Params,
  given: MethodName | Method,
  how: How,
  signal: AbortSignal,
): Promise<Float64Array> {
  const { method, label } = methodOf(given);
  if (isBuilding(method)) throw invalid('method', 'has no scores to compare', label);
  const scores = await firstScores(network, params, method, optionsFor(method, how), signal);
  return Float64Array.from(scores.flatMap((values) => [...values]));
}

async function overlapOf(
  network: Network,
  params: Params,
  methods: readonly (MethodName | Method)[],
  how: How,
  density: number,
  iterations: number,
): Promise<MaskOverlap> {
  const found: Pruned[] = [];
  try {
    for (const method of methods) {
      const own = optionsFor(methodOf(method).method, how);
      found.push(await prune(network, params, { ...own, method, density, iterations }));
    }
    const [a, b] = found;
    return { density, iterations, kept: a.report.kept, jaccard: jaccardIndex(a.mask, b.mask) };
  } finally {
    tf.dispose(found.map(({ mask }) => mask));
  }
}

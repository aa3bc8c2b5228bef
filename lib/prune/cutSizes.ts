import { breathe, invalid, type LongWork, lookUp } from '../base';
import { interruptible } from '../base/interrupt';
import { kernelsOf, type Network, type Params } from '../network';
import { createRandom, tf } from '../tensor';
import { checkDensity, type HowMuch } from './checkDensity';
import { narrowSurvivors } from './narrow';
import { densities, type Schedule } from './schedule';
import { type MethodName, scores } from './scores';
import { allSurvive } from './survivors';

export interface CutOptions extends HowMuch, LongWork {
  /** A method that needs no images: for those, a score is no part of a whole. */
  method: MethodName;
  /** By default the method's own. */
  iterations?: number;
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
 * emptied; with a conserved score all layers have the same sum, R (arXiv 2006.05467, theorem 3).
 *
 * Sums are of scores without their common factor, and so compare within an iteration only.
 *
 * @throws `invalid …` as `prune`, and `invalid method; scores with images` for SNIP, GraSP and the Dist methods
 */
export async function cutSizes(network: Network, params: Params, options: CutOptions): Promise<CutSize[]> {
  const method = lookUp('method', scores, options.method);
  if (method.needs !== 'nothing') throw invalid('method', 'scores with images', options.method);
  const { iterations = method.iterations, schedule, onProgress } = options;
  const steps = densities(checkDensity(network, options), iterations, schedule);
  const kernels = kernelsOf(network);
  const weights = kernels.map(({ name }) => params[name].dataSync().slice() as Float32Array);
  const survivors = allSurvive(weights.map(({ length }) => length));
  const random = createRandom(1);
  return interruptible(async (signal) => {
    const found: CutSize[] = [];
    for (const [step, density] of steps.entries()) {
      signal.throwIfAborted();
      const masked = Object.fromEntries(
        kernels.map(({ name, shape }, k) => [name, tf.tensor(weights[k], [...shape])]),
      );
      const scored = await method.score(network, { ...params, ...masked }, { random: random.fork(step) });
      const arrays = kernels.map(({ name }) => scored.scores[name].dataSync() as Float32Array);
      tf.dispose([scored.scores, masked]);
      const sums = survivors.map((indices, k) => sumAt(arrays[k], indices));
      narrowSurvivors(arrays, survivors, density, { weights });
      const cut = survivors.reduce((total, indices, k) => total + sums[k] - sumAt(arrays[k], indices), 0);
      const layer = Math.min(...sums);
      found.push({ density, cut, layer, imbalance: Math.max(...sums) / layer });
      onProgress?.({ done: step + 1, total: steps.length, message: `${options.method}: density ${density}` });
      await breathe();
    }
    return found;
  }, options.signal);
}

function sumAt(values: Float32Array, indices: Uint32Array): number {
  let sum = 0;
  for (const index of indices) sum += values[index];
  return sum;
}

import { checkNames, invalid, type LongWork, lookUp } from '../../base';
import { interruptible } from '../../base/interrupt';
import { checkParams, kernelsOf, type Mask, type Network, type Params } from '../../network';
import { createRandom, mapRecord, tf } from '../../tensor';
import { checkDensity, type HowMuch } from '../checkDensity';
import { firstScores, type ScoreOptions } from '../firstScores';
import { maskOf } from '../maskOf';
import type { Method } from '../method';
import type { MethodName } from '../methods';
import { allSurvive, checkSampling, narrow, type Sampling, type Scope, type Select } from '../select';
import { drawn } from '../select/sampled';
import { rescaledWeights } from './linearSketch';

export interface SketchOptions
  extends HowMuch,
    ScoreOptions,
    Pick<Sampling, 'temperature'>,
    Pick<LongWork, 'signal'> {
  /** A method that scores. */
  method: MethodName | Method;
  /** `global` (default) draws from all weights; `layer` as many for its size from each layer. */
  scope?: Scope;
}

/** Weights drawn with replacement, once with their rescaled values and once as a plain mask. */
export interface Sketch {
  /** The parameters with kernels count_i θ_i / (s p_i), whose mean over draws is θ; the caller disposes of them. */
  params: Params;
  /** Which weights were drawn, as `prune` with `select: 'sampled'` and `replacement: true` keeps them; the caller disposes of it. */
  mask: Mask;
  /** How often each weight was drawn, by kernel name. */
  counts: Record<string, Uint32Array>;
}

/**
 * Pruning as sketching (Bar and Giryes 2023, arXiv 2305.17559): s = round(density · N) draws with replacement, each with probability
 * p ∝ score^(1/T), and the weights drawn rescaled by count / (s p), so that no weight changes in the mean. A mask alone leaves the
 * sums of a layer smaller.
 *
 *     const { params: sketched } = await pruning.sketch(network, params, { method: 'magnitude', density: 0.1 });
 *
 * Ours: that paper speaks of a linear model, here each weight of a network is drawn so.
 *
 * @throws as `prune` does
 */
export async function sketch(network: Network, params: Params, options: SketchOptions): Promise<Sketch> {
  checkNames('sketch', options, optionNames);
  const { method, density: fraction, compression, signal: given, ...how } = options;
  const { scope = 'global', temperature = 1, seed = 1 } = options;
  lookUp('scope', { global: 1, layer: 1 }, scope);
  const density = checkDensity(network, { density: fraction, compression });
  checkSampling({ temperature, replacement: true });
  if (!Number.isFinite(seed)) throw invalid('seed', 'not a finite number', seed);
  checkParams(network, params);
  return interruptible(async (signal) => {
    const kernels = kernelsOf(network);
    const scores = await firstScores(network, params, method, how, signal);
    const counts: Record<string, Uint32Array> = {};
    const sketched: Params = mapRecord(params, (tensor) => tensor.clone());
    const note: Select = (choice) =>
      drawn(choice, temperature).map(({ counts: own, probabilities }, k) => {
        const { name, shape } = choice.kernels[k];
        const weights = rescaledWeights(params[name].dataSync(), own, probabilities, choice.count);
        counts[name] = own;
        sketched[name].dispose();
        sketched[name] = tf.tensor(Float32Array.from(weights), [...shape]);
        return choice.candidates[k].filter((_, j) => own[j] > 0);
      });
    const candidates = allSurvive(kernels.map(({ name }) => params[name].size));
    const random = createRandom(seed).fork('prune').fork('select').fork(0); // those of prune
    try {
      const kept = narrow(note, scope, { scores, candidates, density, kernels, random });
      return { params: sketched, mask: maskOf(network, kept), counts };
    } catch (error) {
      tf.dispose(sketched);
      throw error;
    }
  }, given);
}

const optionNames: Record<keyof SketchOptions, 1> = {
  ...{ method: 1, density: 1, compression: 1, scope: 1, temperature: 1, seed: 1 },
  ...{ data: 1, batch: 1, perClass: 1, images: 1, batchNorm: 1, signal: 1 },
};

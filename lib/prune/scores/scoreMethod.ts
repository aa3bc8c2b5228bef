import type { Mask, Network, Params } from '../../network';
import type { Random, TensorRecord, tf } from '../../tensor';

/** What a score may draw on besides the weights. */
export interface ScoreContext {
  /** Seeded random numbers, for this iteration's scores alone. */
  random: Random;
  /** Images `[batch, ...network.input]` and labels `[batch]`, int32; where the method needs a `batch`. */
  batch?: { images: tf.Tensor; labels: tf.Tensor1D };
  /** `[1, ...network.input]`, pixels in [0, 1]; where the method needs a `meanImage`. */
  meanImage?: tf.Tensor;
  /** Which weights are kept so far; all where absent. */
  mask?: Mask;
  /** Stops between micro-batches by throwing its reason. */
  signal?: AbortSignal;
}

/** Scores of all kernels, up to one common factor that leaves float32 in deep networks. */
export interface Scores {
  /** By kernel name, a tensor of its shape; the caller disposes of them. */
  scores: TensorRecord;
  /** The scores proper are `scores · exp(logScale)`. */
  logScale: number;
}

/** A rule that says how much each weight matters; the weights with the highest scores are kept. */
export interface ScoreMethod {
  /** One line: the formula and where it is from. */
  description: string;
  needs: 'nothing' | 'batch' | 'meanImage';
  /** How often the masked network is scored anew on the way to the density, by default. */
  iterations: number;
  /**
   * Whether the scores into a hidden unit sum to those out of it, so that every layer has the same sum (arXiv 2006.05467,
   * theorems 1 and 2): with iteration, such a method cannot disconnect a network that need not be.
   */
  isConserved: boolean;
  /** @param params with pruned weights at 0 */
  score(network: Network, params: Params, context: ScoreContext): Scores | Promise<Scores>;
}

import type { PruningBatch } from '../data';
import type { Mask, Network, ParameterSpec, Params } from '../network';
import type { Random, tf } from '../tensor';
import { type About, checkAbout } from './about';

/** Images `[batch, ...network.input]` with labels `[batch]`, int32; `normalisedBy` as `pruningBatch` gives it. */
export interface ScoreBatch extends Pick<PruningBatch, 'labels' | 'normalisedBy'> {
  images: tf.Tensor;
}

/** What a method may draw on besides the weights. */
export interface ScoreContext {
  /** Seeded random numbers, for this iteration alone. */
  random: Random;
  /** Images `[batch, ...network.input]` and labels `[batch]`, int32; where the method needs a `batch`. */
  batch?: ScoreBatch;
  /** `[1, ...network.input]`, pixels in [0, 1]; where the method needs a `meanImage`. */
  meanImage?: tf.Tensor;
  /** The network that was pruned, where the one scored is what it comes down to. */
  whole?: Network;
  /** Which weights are kept so far; all where absent. */
  mask?: Mask;
  /**
   * Whether a loss is scored with batch norm's statistics of the batch or with the running ones, which stay as they are;
   * absent: as the method has it.
   */
  batchNorm?: 'training' | 'inference';
  /** Stops between micro-batches by throwing its reason. */
  signal?: AbortSignal;
}

export type ScoreArray = Float32Array | Float64Array;

/** Scores by kernel name: a tensor of the kernel's shape, or its numbers in that order. Whoever asked disposes of tensors. */
export type ScoreRecord = Readonly<Record<string, tf.Tensor | ScoreArray>>;

interface MethodFields {
  /** One line: the formula and where it is from. */
  description: string;
  /** Where it is from and where it stands; each built-in method has it. */
  about?: About;
  /** What `prune` has to be given for it: nothing but the weights, images with labels, or the mean image. */
  needs: 'nothing' | 'batch' | 'meanImage';
  /** Counts changes of meaning; 1 by default. From 2 on it is part of the identity of runs. */
  version?: number;
  /**
   * Weights cut earlier may return, those outside a starting mask too. `score` is then given all weights as they are, with
   * the `mask` beside them. False by default.
   */
  readmits?: boolean;
  /**
   * Whether the scores into a hidden unit sum to those out of it, so that without shortcuts every layer has the same sum (arXiv 2006.05467,
   * theorems 1 and 2). Then no layer is cut as long as each step takes less than that sum. False by default.
   */
  isConserved?: boolean;
}

/** A rule that says how much each weight matters; the weights with the highest scores are kept. */
export interface ScoringMethod extends MethodFields {
  /** How often the masked network is scored anew on the way to the density, by default. */
  iterations: number;
  /**
   * The mode of `nets.compact` in which a masked network can be cut down without another score: what it takes out the method
   * gives 0, and the rest what it has in the whole. Absent where it is no such method.
   */
  compacts?: 'paths' | 'training';
  /** @param params with pruned weights at 0, unless the method `readmits` */
  score(network: Network, params: Params, context: ScoreContext): ScoreRecord | Promise<ScoreRecord>;
  build?: undefined;
}

/** What a method that makes a mask may draw on. */
export interface BuildContext extends ScoreContext {
  /** The kernels that are pruned, in order of the layers; what the mask says of others is passed over. */
  kernels: readonly ParameterSpec[];
  /** Fraction of their weights to keep. */
  density: number;
}

/** A rule that makes a mask at one go, without scores. */
export interface BuildingMethod extends MethodFields {
  /** @returns 1 and 0 by kernel name */
  build(network: Network, params: Params, context: BuildContext): Mask | Promise<Mask>;
  score?: undefined;
  compacts?: undefined;
  iterations?: undefined;
}

/** A way to choose the weights to keep. */
export type Method = ScoringMethod | BuildingMethod;

/** Whether a method makes its mask at one go. */
export function isBuilding(method: Method): method is BuildingMethod {
  return typeof method.build === 'function';
}

/** A method with what it is about. */
export type Described<M extends Method = Method> = M & { about: About };

/**
 * The method, and what it is about.
 *
 * @throws `invalid method.about; …` for what is no such record
 */
export function described<M extends Method>(method: M, about: About): Described<M> {
  checkAbout('method', about);
  return { ...method, about };
}

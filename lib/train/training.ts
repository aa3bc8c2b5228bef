import type { Batch } from '../data';
import type { Mask, Network, Params } from '../network';
import type { TensorRecord } from '../tensor';
import type { Freeze } from './freeze';
import type { Look } from './lookAt';
import type { Objective } from './objective';
import type { Optimiser } from './optimiser';
import type { Penalty } from './penalty';
import type { TrainingState } from './trainingState';

/** Parameters in training: they, their mask and the optimiser, apart from data, epochs and what is measured. */
export interface Training {
  params(): Params;
  mask(): Mask | undefined;
  /** Both are checked already. */
  setMask(mask: Mask, regrown?: TensorRecord): void;
  /**
   * What a pass over a batch gives, by which nothing changes.
   *
   * @param batch stays the caller's, as what is given becomes
   * @param drops whether dropout drops what it will in the next step; nothing otherwise
   */
  look(batch: Batch, drops?: boolean): Look;
  /**
   * Takes a step on a batch.
   *
   * @param batch disposed of here
   * @param place names the step in the error
   * @param strength of the penalty, where there is one; 0 by default
   * @throws `invalid loss; …` where the loss is not finite; nothing is updated then
   */
  step(batch: Batch, learningRate: number, place: string, strength?: number): StepResult;
  /** Steps taken. */
  steps(): number;
  /** The network that is trained in place of the one given, and how to have its parameters; they are the caller's then. */
  readonly small: { network: Network; params: () => Params } | undefined;
  /** Where the network is linearised, masked; undefined where it is not. Stays the training's own. */
  linearisedAt(): Params | undefined;
  /** The parts of a `TrainingState` that are known here. */
  state(): Pick<TrainingState, 'step' | 'tensors'>;
  dispose(): void;
}

/** What a step saw before its update. */
export interface StepResult {
  /** Images in the batch. */
  count: number;
  /** Mean loss. */
  loss: number;
  top1: number;
  top5: number;
  outputMean: number;
  outputNorm: number;
}

export interface StartOptions extends Objective {
  optimiser: Optimiser;
  /** Of what dropout drops; 1 by default. */
  seed?: number;
  mask?: Mask;
  freeze?: Freeze;
  penalty?: Penalty;
  /** The state to go on from. */
  resume?: Pick<TrainingState, 'step' | 'tensors'>;
}

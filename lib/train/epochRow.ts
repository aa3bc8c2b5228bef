import type { Metrics } from './metrics';

/** One epoch's measurements, plain JSON; epoch 0 is the state before training. */
export interface EpochRow {
  epoch: number;
  /** Rate of this epoch's steps; null in epoch 0. */
  learningRate: number | null;
  /** Mean cross-entropy in nats over the epoch's steps, each taken before its update, in training mode; null in epoch 0. */
  trainLoss: number | null;
  /** Fraction of training images right at those steps; null in epoch 0. */
  trainTop1: number | null;
  /** The same among the five largest outputs; null in epoch 0. */
  trainTop5: number | null;
  /** Mean cross-entropy in nats on the test images; null where not recorded, as the next two. */
  testLoss: number | null;
  testTop1: number | null;
  testTop5: number | null;
  /** ln Tr Π of the masked network; null where not recorded or where no path is left. */
  pathKernelTrace: number | null;
  /** ‖θ_t − θ_0‖ over the prunable weights, after masking. */
  weightMovement: number;
  /** ‖θ_t − θ_1‖, from the weights after the first epoch, as in the published code; null in epoch 0. */
  weightMovementFromFirst: number | null;
  /** ‖θ_t‖ over the prunable weights: the published code's first entry of weight movement is this one of epoch 1. */
  weightNorm: number;
  /** Mean of the outputs for the first 64 test images, in inference mode. */
  outputMean: number;
  /** Euclidean norm of those outputs. */
  outputNorm: number;
  /** Mean of the outputs at the epoch's first step, in training mode, as in the published code; null in epoch 0. */
  firstBatchMean: number | null;
  /** Euclidean norm of those outputs; null in epoch 0. */
  firstBatchNorm: number | null;
  /** Time the training steps took, without measuring. */
  seconds: number;
}

/** The part of a row that is measured on the state after the epoch. */
export type StateRow = Pick<
  EpochRow,
  | 'testLoss'
  | 'testTop1'
  | 'testTop5'
  | 'pathKernelTrace'
  | 'weightMovement'
  | 'weightMovementFromFirst'
  | 'weightNorm'
  | 'outputMean'
  | 'outputNorm'
>;

/** The part that comes of the epoch's steps. */
export interface EpochResult {
  learningRate: number;
  metrics: Metrics;
  /** What the first step saw. */
  opening?: { outputMean: number; outputNorm: number };
  seconds: number;
}

/** A row from its two parts; without the second, that of the state before training. */
export function epochRow(epoch: number, state: StateRow, result?: EpochResult): EpochRow {
  return {
    epoch,
    learningRate: result?.learningRate ?? null,
    trainLoss: result?.metrics.loss ?? null,
    trainTop1: result?.metrics.top1 ?? null,
    trainTop5: result?.metrics.top5 ?? null,
    ...state,
    firstBatchMean: result?.opening?.outputMean ?? null,
    firstBatchNorm: result?.opening?.outputNorm ?? null,
    seconds: result?.seconds ?? 0,
  };
}

import type { Network, Params } from '../../network';
import { type TensorRecord, tf, zipRecords } from '../../tensor';
import type { ScoreContext, ScoreRecord } from '../method';
import { inReach, precisely } from './inReach';
import { type BatchNormMode, lossGradient } from './lossGradient';

/** The score of a kernel's weights from the loss's gradient and the weights. */
export type GradientFormula = (gradient: tf.Tensor, weights: tf.Tensor) => tf.Tensor;

interface GradientScoreOptions {
  batchNorm: BatchNormMode;
  formula: GradientFormula;
  /** Where the gradient is taken; at `params` by default. */
  at?: Params;
}

/** Scores from the gradient of the loss, in the precision that holds them. */
export function gradientScores(
  network: Network,
  params: Params,
  context: ScoreContext,
  { batchNorm, formula, at = params }: GradientScoreOptions,
): Promise<ScoreRecord> {
  const combined = ({ gradient, weights }: { gradient: TensorRecord; weights: TensorRecord }) =>
    zipRecords(gradient, weights, formula);
  return inReach(network, params, async (precision) => {
    const gradient = await lossGradient(network, at, context, { batchNorm, precision });
    const scores = precisely(precision, combined)({ gradient, weights: params });
    tf.dispose(gradient);
    return scores;
  });
}

import { invalid } from '../base';
import { type EpochSeriesOptions, epochSeries, type RunEpoch } from './epochSeries';
import type { Figure } from './figure';

export interface MovementEpoch extends RunEpoch {
  /** ‖θ_t − θ_0‖ */
  weightMovement: number;
  /** ‖θ_t − θ_1‖; null before the first epoch's end */
  weightMovementFromFirst: number | null;
}

export interface WeightMovementOptions extends EpochSeriesOptions {
  /** Where it is measured from: the initial weights, 0 (the default), or those after the first epoch, 1, as published. */
  from?: 0 | 1;
}

/**
 * How far the weights have moved over training, a line a method or a model, coloured by the trace before training
 * (arXiv 2101.10552).
 *
 * @param rows one for each epoch of each run, as `movementsOverEpochs` selects them
 * @param options as of all figures over epochs; here `color` is `trace` by default
 * @throws `invalid rows; …` where there are none, or no run has a trace, `invalid from; not 0 or 1: …`
 */
export function weightMovement(
  rows: readonly MovementEpoch[],
  { from = 0, color = 'trace', ...options }: WeightMovementOptions = {},
): Figure {
  if (from !== 0 && from !== 1) throw invalid('from', 'not 0 or 1', from);
  return epochSeries(
    rows,
    {
      value: (row) => (from === 0 ? row.weightMovement : row.weightMovementFromFirst),
      title: from === 0 ? 'Weight movement' : 'Weight movement from the first epoch',
      axis: from === 0 ? '‖θₜ − θ₀‖' : '‖θₜ − θ₁‖',
    },
    { color, ...options },
  );
}

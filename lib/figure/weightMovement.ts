import { checkNames, invalid } from '../base';
import {
  type EpochSeriesOptions,
  epochSeries,
  epochSeriesNames,
  type RunEpoch,
  requireEpochs,
} from './epochSeries';
import type { Figure } from './figure';
import { namesOf } from './quantityNames';

export interface MovementEpoch extends RunEpoch {
  /** ‖θ_t − θ_0‖ */
  weightMovement: number;
  /** ‖θ_t − θ_1‖; null before the first epoch's end */
  weightMovementFromFirst: number | null;
  /** ‖θ_t‖ */
  weightNorm: number;
}

export interface WeightMovementOptions extends EpochSeriesOptions {
  /** Where it is measured from: the initial weights, 0 (the default), or those after the first epoch, 1, as published. */
  from?: 0 | 1;
  /** Divides by the norm of the weights it is measured from, ‖θ_0‖ or ‖θ_1‖; false by default. */
  relative?: boolean;
}

/**
 * How far the weights have moved over training, a line a method or a model, coloured by the trace before training
 * (arXiv 2101.10552). The published plots divide by the first entry of a record whose entries are ‖θ_1‖, ‖θ_2 − θ_1‖,
 * ‖θ_3 − θ_1‖ and so on: they are those of `{ from: 1, relative: true }`, except that they begin at 1 for 0.
 *
 * @param rows one for each epoch of each run, as `movementsOverEpochs` selects them
 * @param options as of all figures over epochs; here `color` is `trace` by default
 * @throws `invalid rows; …` where there are none, or no run has a trace, `invalid from; not 0 or 1: …`
 */
export function weightMovement(rows: readonly MovementEpoch[], options: WeightMovementOptions = {}): Figure {
  checkNames('weightMovement', options, { from: 1, relative: 1, ...epochSeriesNames });
  const { from = 0, relative = false, color = 'trace', ...series } = options;
  if (from !== 0 && from !== 1) throw invalid('from', 'not 0 or 1', from);
  requireEpochs(rows);
  const norms = new Map(rows.filter(({ epoch }) => epoch === from).map((row) => [row.hash, row.weightNorm]));
  const name = from === 0 ? 'weightMovement' : 'weightMovementFromFirst';
  const { title, label } = namesOf(name);
  return epochSeries(
    rows,
    {
      value: (row) => {
        const moved = row[name];
        return relative && moved !== null ? moved / (norms.get(row.hash) ?? Number.NaN) : moved;
      },
      title: relative ? `Relative w${title.slice(1)}` : title,
      axis: relative ? `${label} / ‖${from === 0 ? 'θ₀' : 'θ₁'}‖` : label,
    },
    { color, ...series },
  );
}

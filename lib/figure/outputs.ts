import { lookUp } from '../base';
import type { EpochSeriesOptions, RunEpoch } from './epochSeries';
import type { Figure } from './figure';
import { quantityOverEpochs } from './quantityOverEpochs';

export interface OutputEpoch extends RunEpoch {
  /** Of the outputs for the first 64 test images, in inference mode. */
  outputMean: number;
  outputNorm: number;
  /** Of the outputs at the epoch's first step, in training mode; null before training. */
  firstBatchMean: number | null;
  firstBatchNorm: number | null;
}

export type OutputQuantity = 'outputMean' | 'outputNorm' | 'firstBatchMean' | 'firstBatchNorm';

const CHOICES = ['outputMean', 'outputNorm', 'firstBatchMean', 'firstBatchNorm'];

/**
 * Mean or norm of a network's outputs over training, a line a method or a model, coloured by the trace before training
 * (arXiv 2101.10552). The published plots show `firstBatchMean` and `firstBatchNorm`.
 *
 * @param rows one for each epoch of each run, as `outputsOverEpochs` selects them
 * @param quantity `outputMean`, `outputNorm`, `firstBatchMean` or `firstBatchNorm`
 * @param options as of all figures over epochs; here `color` is `trace` by default
 * @throws `invalid rows; …` where there are none, or no run has a trace, `invalid quantity; unknown, …`
 */
export function outputs(
  rows: readonly OutputEpoch[],
  quantity: OutputQuantity,
  { color = 'trace', ...options }: EpochSeriesOptions = {},
): Figure {
  lookUp('quantity', Object.fromEntries(CHOICES.map((name) => [name, name])), quantity);
  return quantityOverEpochs(rows, quantity, { color, ...options });
}

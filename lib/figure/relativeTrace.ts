import { checkNames, invalid } from '../base';
import {
  type EpochSeriesOptions,
  epochSeries,
  epochSeriesNames,
  type RunEpoch,
  requireEpochs,
  tracesAt,
} from './epochSeries';
import type { Figure } from './figure';

export interface RelativeTraceOptions extends EpochSeriesOptions {
  /** What it is relative to: the trace before training, 0 (the default), or after the first epoch, 1, as published. */
  from?: 0 | 1;
  /** Draws Tr Π_t / Tr Π_from on a logarithmic axis, for changes by factors; false by default. */
  log?: boolean;
}

/**
 * The change of the Path-Kernel trace over training, relative to where it started: (Tr Π_t − Tr Π_0) / Tr Π_0, a line a method
 * or a model (arXiv 2101.10552; the published plots start from the trace after the first epoch and leave out what is before).
 *
 * @param rows one for each epoch of each run, as `tracesOverEpochs` selects them; a run without a trace to start from is left out
 * @throws `invalid rows; …` where there are none, or none has a trace, `invalid from; not 0 or 1: …`
 */
export function relativeTrace(rows: readonly RunEpoch[], options: RelativeTraceOptions = {}): Figure {
  checkNames('relativeTrace', options, { from: 1, ...epochSeriesNames });
  const { from = 0, ...series } = options;
  const { log = false } = series;
  if (from !== 0 && from !== 1) throw invalid('from', 'not 0 or 1', from);
  requireEpochs(rows);
  const start = tracesAt(rows, from);
  const t0 = from === 0 ? '₀' : '₁';
  const value = ({ hash, epoch, pathKernelTrace }: RunEpoch) => {
    const first = start.get(hash);
    if (first === undefined || epoch < from || !Number.isFinite(pathKernelTrace)) return null;
    const change = (pathKernelTrace as number) - first;
    return log ? Math.exp(change) : Math.expm1(change);
  };
  return epochSeries(
    rows,
    {
      value,
      title: `Path-Kernel trace over training, relative to ${from === 0 ? 'its start' : 'the first epoch'}`,
      axis: log ? `Tr Πₜ / Tr Π${t0}` : `(Tr Πₜ − Tr Π${t0}) / Tr Π${t0}`,
    },
    series,
  );
}

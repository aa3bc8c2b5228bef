import { type EpochSeriesOptions, epochSeries, type RunEpoch } from './epochSeries';
import type { Figure } from './figure';
import { namesOf } from './quantityNames';

/**
 * A quantity over training, a line a method or a model, as `epochsOfRuns` selects it: loss, accuracy, any of `quantities` and of
 * those that runs were asked to record.
 *
 *     figures.quantityOverEpochs(await epochsOfRuns(['testTop1'], { hashes }), 'testTop1');
 *
 * @param rows one for each epoch of each run
 * @param quantity a field of the rows
 * @throws `invalid rows; …` where there are none, or none has a number of it
 */
export function quantityOverEpochs<Name extends string>(
  rows: readonly (RunEpoch & { readonly [name in Name]?: number | null })[],
  quantity: Name,
  options: EpochSeriesOptions = {},
): Figure {
  const { title, label, axis } = namesOf(quantity);
  return epochSeries(
    rows,
    { value: (row) => row[quantity] ?? null, title, axis: label, isExponent: axis === 'exponent' },
    { log: axis === 'log', ...options },
  );
}

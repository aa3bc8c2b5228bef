import { checkNames, invalid, lookUp } from '../base';
import type { SparseUpdate } from '../train';
import type { Figure } from './figure';
import { type LinesOptions, lines } from './lines';

/** What the figure reads of an update of the mask, as `train` hands it out. */
export type DrawnUpdate = Pick<SparseUpdate, 'step' | 'kept' | 'density' | 'grown' | 'pruned'>;

const SHOWN = {
  density: {
    title: 'Density over mask updates',
    y: 'weights kept',
    log: 'y' as const,
    of: ({ density }: DrawnUpdate) => density,
  },
  grown: {
    title: 'Weights grown by mask updates',
    y: 'grown of those kept',
    log: undefined,
    of: ({ grown, kept }: DrawnUpdate) => (kept === 0 ? 0 : grown / kept),
  },
} as const;

/**
 * What the updates of the mask did during trainings: the density after each, or which part of the kept weights had been pruned before it.
 *
 *     figures.maskUpdates({ rigl: history, granet: other }, 'grown');
 *
 * @param trainings what `train` returned, or its updates, by label
 * @throws `invalid trainings; …` where none has an update, `invalid show; unknown, …`
 */
export function maskUpdates(
  trainings: Readonly<Record<string, readonly DrawnUpdate[] | { readonly updates: readonly DrawnUpdate[] }>>,
  show: 'density' | 'grown' = 'density',
  options: Partial<Pick<LinesOptions, 'title' | 'log'>> = {},
): Figure {
  checkNames('maskUpdates', options, { title: 1, log: 1 });
  const { of, ...usual } = lookUp('show', SHOWN, show);
  const rows = Object.entries(trainings ?? {}).flatMap(([line, training]) =>
    ('updates' in training ? training.updates : training).map((update) => ({
      line,
      x: update.step,
      y: of(update),
    })),
  );
  if (rows.length === 0)
    throw invalid('trainings', 'none has an update of its mask', Object.keys(trainings ?? {}));
  return lines(rows, { ...usual, x: 'step', legend: 'training', ...options });
}

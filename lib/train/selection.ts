import type { EpochRow } from './epochRow';
import type { Selection, SparseOptions } from './sparse';
import { readSparseOptions } from './sparse/sparseTrainings';
import type { TrainerOptions } from './trainOptions';

/** The part of the training images that is held out. */
export function heldOutBy({ validation, sparse }: Pick<TrainerOptions, 'validation' | 'sparse'>): number {
  return validation ?? (usual(sparse) === 'validation' ? 0.1 : 0);
}

/** Which images choose the epoch that is reported. */
export function selectionOf(options: Pick<TrainerOptions, 'validation' | 'sparse'>): Selection {
  if (heldOutBy(options) > 0) return 'validation';
  const own = usual(options.sparse);
  return own === 'validation' ? 'last' : own;
}

function usual(sparse: SparseOptions | undefined): Selection {
  return sparse ? (readSparseOptions(sparse).training.selection ?? 'validation') : 'last';
}

/**
 * The row of the epoch to report: of those whose density is the last one's already, the one with the most images right, the first of equal
 * ones.
 *
 * @param by `validation` images or, as published code does it, the `test` images themselves
 * @returns undefined for `last`, and where no epoch was trained or measured so
 */
export function bestEpoch(rows: readonly EpochRow[], by: Selection): EpochRow | undefined {
  if (by === 'last') return undefined;
  const right = (row: EpochRow) => (by === 'test' ? row.testTop1 : row.validationTop1) ?? -1;
  const last = rows.at(-1)?.maskDensity;
  const isSettled = (_: EpochRow, from: number) =>
    rows.slice(from).every(({ maskDensity }) => maskDensity === last);
  const candidates = rows.filter(isSettled).filter((row) => row.epoch > 0 && right(row) >= 0);
  return candidates.reduce<EpochRow | undefined>(
    (best, row) => (best === undefined || right(row) > right(best) ? row : best),
    undefined,
  );
}

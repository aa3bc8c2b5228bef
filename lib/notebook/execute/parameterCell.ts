import type { Notebook } from './notebook';

/** The place of the cell tagged `parameters`, as papermill marks what may be changed before a run; −1 where there is none. */
export function parameterCell({ cells }: Notebook): number {
  return cells.findIndex(
    ({ cell_type, metadata: { tags } }) =>
      cell_type === 'code' && Array.isArray(tags) && tags.includes('parameters'),
  );
}

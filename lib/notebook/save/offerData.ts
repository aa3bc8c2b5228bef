import { escapeHtml } from '../escapeHtml';
import type { FigureLike } from '../figureBundle';
import { publish } from '../publish';
import { asCsv } from './asCsv';
import { figureRows } from './figureRows';

/**
 * Shows a link that saves the data of a figure as CSV on the machine of the reader, where the notebook may be a file without a
 * kernel: the data are in the link.
 *
 *     show(figure);
 *     display.offerData(figure, 'densities.csv');
 *
 * @param name of the file; `figure.csv` by default
 * @throws `invalid figure; …` for what is none
 */
export function offerData(figure: FigureLike, name = 'figure.csv'): void {
  const rows = figureRows(figure);
  const columns = (['series', 'x', 'y', 'z'] as const).filter((column) => rows.some((row) => column in row));
  const cells = rows.map((row) =>
    columns.map((column) => (row[column] == null ? null : String(row[column]))),
  );
  const csv = asCsv({ columns, cells, numeric: columns.map(() => false) });
  const address = `data:text/csv;base64,${Buffer.from(csv).toString('base64')}`;
  publish({
    'text/html': `<a href="${address}" download="${escapeHtml(name)}">${escapeHtml(name)}</a>`,
    'text/plain': `${name}: ${rows.length} rows`,
  });
}

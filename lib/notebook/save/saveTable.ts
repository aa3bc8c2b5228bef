import { checkNames } from '../../base/checkNames';
import { interruptible } from '../../base/interrupt';
import { invalid } from '../../base/invalid';
import { toJson } from '../../base/toJson';
import { isFrame, isRecord } from '../../figure/frameLike';
import { type Tabular, toGrid } from '../grid';
import { formatCell } from '../table';
import { asCsv } from './asCsv';
import { asLatex } from './asLatex';
import { asMarkdown } from './asMarkdown';
import { saveAs } from './saveAs';
import type { TableText } from './tableText';

export interface SaveTableOptions {
  /** What the table shows, in `.tex` and `.md`; the table's own by default. */
  caption?: string;
  /** Significant digits of fractions; in `.csv` all by default, elsewhere 4, as `table` shows them. */
  digits?: number;
}

/**
 * Saves a whole table: as data in `.csv`, for a paper in `.tex`, with the rules of the package booktabs, or in `.md`. Cells stand
 * under their names; what a row lacks is left empty.
 *
 *     await display.saveTable(pruned.report.rows, 'paper/layers.tex', { caption: 'What SynFlow keeps' });
 *
 * @param data an array of records, a danfo DataFrame or Series, or `{ rows, columns, caption }`
 * @param file where to; folders that are missing are made, a file that is there is replaced
 * @returns the file's absolute path
 * @throws `invalid table; …`, `invalid digits; …`, `invalid extension of FILE; unknown, did you mean …`; `cannot write FILE: …`
 */
export function saveTable(data: Tabular, file: string, options: SaveTableOptions = {}): Promise<string> {
  return interruptible(async () => {
    checkNames('saveTable', options, { caption: 1, digits: 1 });
    const { caption, digits } = options;
    if (digits !== undefined && !(Number.isInteger(digits) && 1 <= digits && digits <= 17))
      throw invalid('digits', 'not a whole number from 1 to 17', digits);
    const grid = gridOf(data);
    const text = (cellOf: (value: unknown) => string): TableText => ({
      caption: caption ?? grid.caption,
      columns: grid.columns,
      cells: grid.cells.map((row) => row.map((cell) => (cell == null ? null : cellOf(cell)))),
      numeric: grid.columns.map((_, j) => grid.cells.every((row) => row[j] == null || isNumber(row[j]))),
    });
    const shown = (value: unknown) => (typeof value === 'string' ? value : formatCell(value, digits));
    return saveAs(file, {
      '.csv': () => asCsv(text((value) => dataOf(value, digits) ?? shown(value))),
      '.tex': () => asLatex(text(shown)),
      '.md': () => asMarkdown(text(shown)),
    });
  });
}

/** A table taken apart; a frame's index, where it is more than a count, is its first column, and its NaN are gaps. */
function gridOf(data: Tabular) {
  const { columns, labels, cells, caption } = toGrid(data);
  if (columns.length === 0) throw invalid('table', 'has no columns to save', 'rows without fields');
  if (!isFrame(data)) return { columns, cells, caption };
  const isNamed = labels.some((label, i) => label !== String(i));
  return {
    columns: isNamed ? ['', ...columns] : columns,
    cells: cells.map((row, i) => [
      ...(isNamed ? [labels[i]] : []),
      ...row.map((cell) => (Number.isNaN(cell) ? null : cell)),
    ]),
    caption,
  };
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** A number, list or record as other programs read it. */
function dataOf(value: unknown, digits?: number): string | undefined {
  if (typeof value === 'number')
    return String(
      digits === undefined || !Number.isFinite(value) ? value : Number(value.toPrecision(digits)),
    );
  return Array.isArray(value) || isRecord(value) ? toJson(value) : undefined;
}

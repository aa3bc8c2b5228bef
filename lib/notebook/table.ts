import { max } from 'd3-array';
import { checkNames } from '../base';
import { invalid } from '../base/invalid';
import { shorten } from '../base/shorten';
import { toJson } from '../base/toJson';
import { isRecord } from '../figure/frameLike';
import { escapeHtml } from './escapeHtml';
import { formatNumber } from './formatNumber';
import { type Grid, type Tabular, toGrid } from './grid';
import { type Bundle, publish } from './publish';
import { textOf } from './textOf';

export interface TableOptions {
  /** What the table shows, above it; the table's own by default. */
  caption?: string;
  /** At most this many rows, from both ends; 20 by default. */
  rows?: number;
  /** At most this many columns, from both ends; 12 by default. */
  cols?: number;
  /** Significant digits of fractions; 4 by default. */
  digits?: number;
}

/**
 * Shows rows as a table: in a notebook as HTML, elsewhere as text.
 *
 * @param data an array of records, a danfo DataFrame or Series, or `{ rows, columns, caption }`
 * @throws `invalid table; …` for anything else, `invalid rows; …` and `invalid cols; …` for sizes below 1
 */
export function table(data: Tabular, options: TableOptions = {}): void {
  publish(tableBundle(data, options));
}

/** A table in its two representations, HTML and text. */
export function tableBundle(data: Tabular, options: TableOptions = {}): Bundle {
  checkNames('table', options, { caption: 1, rows: 1, cols: 1, digits: 1 });
  const { rows = 20, cols = 12, digits = 4 } = options;
  if (!(rows >= 1)) throw invalid('rows', 'not at least 1', rows);
  if (!(cols >= 1)) throw invalid('cols', 'not at least 1', cols);
  const whole = toGrid(data);
  const grid = { ...whole, columns: whole.columns.map(cut), labels: whole.labels.map(cut) };
  const window: Window = {
    rows: ends(grid.cells.length, rows),
    columns: ends(grid.columns.length, cols),
    digits,
  };
  const caption = cut(options.caption ?? grid.caption ?? '');
  return { 'text/html': toHtml(grid, window, caption), 'text/plain': toText(grid, window, caption) };
}

/** The indices shown; undefined stands for those left out between head and tail. */
interface Window {
  rows: (number | undefined)[];
  columns: (number | undefined)[];
  digits: number;
}

function ends(length: number, most: number): (number | undefined)[] {
  const all = Array.from({ length }, (_, i) => i);
  if (length <= most) return all;
  const tail = Math.floor(most / 2);
  return [...all.slice(0, most - tail), undefined, ...all.slice(length - tail)];
}

function toHtml(grid: Grid, window: Window, caption?: string): string {
  const named = grid.labels.length > 0;
  const numeric = grid.columns.map((_, j) =>
    grid.cells.every((row) => row[j] == null || typeof row[j] === 'number'),
  );
  const align = (j?: number) => `style="text-align: ${j !== undefined && !numeric[j] ? 'left' : 'right'}"`;
  const head = window.columns.map(
    (j) => `<th ${align(j)}>${j === undefined ? '…' : escapeHtml(grid.columns[j])}</th>`,
  );
  const body = window.rows.map((i) => {
    const label = named ? `<th>${i === undefined ? '⋮' : escapeHtml(grid.labels[i])}</th>` : '';
    const cells = window.columns.map(
      (j) => `<td ${align(j)}>${escapeHtml(cellText(grid, window, i, j))}</td>`,
    );
    return `<tr>${label}${cells.join('')}</tr>`;
  });
  return [
    '<table class="dataframe">',
    caption ? `<caption>${escapeHtml(caption)}</caption>` : '',
    `<thead><tr>${named ? '<th></th>' : ''}${head.join('')}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody>`,
    '</table>',
    isCut(window) ? `<p>${size(grid)}</p>` : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function toText(grid: Grid, window: Window, caption?: string): string {
  const named = grid.labels.length > 0;
  const lines = [
    [...(named ? [''] : []), ...window.columns.map((j) => (j === undefined ? '…' : grid.columns[j]))],
    ...window.rows.map((i) => [
      ...(named ? [i === undefined ? '⋮' : grid.labels[i]] : []),
      ...window.columns.map((j) => cellText(grid, window, i, j)),
    ]),
  ];
  const widths = lines[0].map((_, j) => max(lines, (line) => line[j].length) as number);
  const text = lines.map((line) => line.map((cell, j) => cell.padStart(widths[j])).join('  '));
  return [...(caption ? [caption] : []), ...text, ...(isCut(window) ? [size(grid)] : [])].join('\n');
}

function cellText(grid: Grid, { digits }: Window, i?: number, j?: number): string {
  return i === undefined || j === undefined ? '…' : formatCell(grid.cells[i][j], digits);
}

/** The longest cell, in characters, and the longest list in one, in entries. */
const MOST = { characters: 1000, entries: 100, depth: 2 };

/** A value as it stands in a table; nothing for null and undefined. Whatever the value, nothing throws. */
export function formatCell(value: unknown, digits = 4, depth = 0): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return formatNumber(value, digits);
  if (typeof value === 'bigint') return cut(String(value));
  try {
    if (Array.isArray(value) && value.length <= MOST.entries && depth < MOST.depth)
      return cut(`[${value.map((one) => formatCell(one, digits, depth + 1)).join(', ')}]`);
    if (isRecord(value)) return cut(toJson(value));
  } catch {
    // A getter, or a proxy.
  }
  return cut(textOf(value, { breakLength: Number.POSITIVE_INFINITY, compact: true }));
}

function cut(text: string): string {
  return shorten(text, MOST.characters);
}

function isCut(window: Window): boolean {
  return window.rows.includes(undefined) || window.columns.includes(undefined);
}

function size(grid: Grid): string {
  return `${formatNumber(grid.cells.length)} rows × ${formatNumber(grid.columns.length)} columns`;
}

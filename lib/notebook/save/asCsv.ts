import type { TableText } from './tableText';

/** A table as comma-separated values (RFC 4180, lines ended by \n): a gap is an empty field, an empty text a quoted one. */
export function asCsv({ columns, cells }: TableText): string {
  return [columns, ...cells].map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

function quoted(cell: string | null): string {
  if (cell === null) return '';
  return /^$|[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}

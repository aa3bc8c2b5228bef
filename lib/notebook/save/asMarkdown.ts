import type { TableText } from './tableText';

/** A table as Markdown has it on GitHub and in notebooks, its columns in line. */
export function asMarkdown({ caption, columns, cells, numeric }: TableText): string {
  const rows = [columns, ...cells].map((row) => row.map((cell) => escaped(cell ?? '')));
  const widths = columns.map((_, j) => rows.reduce((most, row) => Math.max(most, row[j].length), 3));
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |\n`;
  const [head, ...body] = rows.map((row) =>
    line(row.map((cell, j) => (numeric[j] ? cell.padStart(widths[j]) : cell.padEnd(widths[j])))),
  );
  const rule = line(widths.map((width, j) => `${'-'.repeat(width - 1)}${numeric[j] ? ':' : '-'}`));
  return [caption ? `${escaped(caption)}\n\n` : '', head, rule, ...body].join('');
}

/** As it stands: without meaning for Markdown, on one line. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|~$]/g, '\\$&').replace(/\r\n|\r|\n/g, '<br>');
}

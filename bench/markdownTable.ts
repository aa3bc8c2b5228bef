/** The lines of a table; columns of numbers alone, or nothing, stand to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const isText = head.map((_, i) => rows.every((row) => !/^[\d.,]+$/.test(row[i])));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${isText.map((text) => (text ? '---' : '--:')).join('|')}|`, ...rows.map(line)];
}

/**
 * A line of a figure's text as several where it is too long, broken between words; tags, and what is between them, stay whole.
 *
 * @param most letters a line
 */
export function wrap(line: string, most: number): string[] {
  const words = line.match(/(?:<[^>]*>|[^\s<])+/g) ?? [];
  if (lengthOf(line) <= most) return [line];
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.length - 1;
    if (last >= 0 && lengthOf(`${lines[last]} ${word}`) <= most) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

function lengthOf(text: string): number {
  return text.replace(/<[^>]*>/g, '').replace(/&[^;\s]+;/g, '_').length;
}

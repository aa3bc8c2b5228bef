import { max } from 'd3-array';

/** The width of a page and of a letter on an axis, in pixels. */
export const [PAGE, LETTER] = [700, 7];

/** The letters of the longest of several texts, tags not counted. */
export function longest(texts: readonly string[]): number {
  return max(texts, (text) => text.replace(/<[^>]*>/g, '').length) ?? 0;
}

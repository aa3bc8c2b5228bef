/**
 * The beginning of a long text, and how much more there was.
 *
 * @param most characters that are kept
 */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… (${(text.length - most).toLocaleString('en')} more characters)`;
}

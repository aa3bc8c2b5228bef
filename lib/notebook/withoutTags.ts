/** The text of a piece of HTML, such as a figure's title, in one line; entities stay. */
export function withoutTags(html: string): string {
  return html.replace(/<br\s*\/?>/g, ' ').replace(/<[^>]*>/g, '');
}

/** A piece of TypeScript in a page of text. */
export interface CodeBlock {
  code: string;
  /** Marked `slow`: checked, but not to be run. */
  isSlow: boolean;
}

/** The pieces of a Markdown page between ```` ```ts ```` and ```` ``` ````. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```ts( slow)?\n(.*?)^```$/gms)].map(([, slow, code]) => ({
    code,
    isSlow: slow !== undefined,
  }));
}

/** The same pieces as one script: imports first, as a module without `await` at the top may have them, then the rest. */
export function asScript(blocks: readonly CodeBlock[]): string {
  const lines = blocks.flatMap(({ code }) => code.split('\n'));
  const isImport = (line: string) => /^import .* from '[^']+';$/.test(line);
  const body = lines.filter((line) => !isImport(line));
  return [...lines.filter(isImport), 'async function main() {', ...body, '}', 'main();'].join('\n');
}

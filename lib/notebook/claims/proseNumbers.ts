/** A number as it stands in a sentence. */
export interface ProseNumber {
  /** Its place in the text. */
  at: number;
  text: string;
  value: number;
  /** Digits after the point. */
  decimals: number;
}

/** What holds digits and no number of a result: code, formulas, headings, links, names of papers and of places in the text. */
const NAMES: RegExp[] = [
  /```[\s\S]*?```/g,
  /\$\$[\s\S]*?\$\$/g,
  /\$[^$\n]*\$/g,
  /`[^`\n]*`/g,
  /^#+ .*$/gm,
  /^\*\*\d+ ★+/gm,
  /\[[^\]\n]*\]\([^)\n]*\)/g,
  /<[^>\n]*>/g,
  /\b(arXiv|doi) [\w.:/]+/g,
  /\b20[12]\d\b(?!,\d)/g,
  /\b(notebook|exercise|equation|figure|section|table|appendix|lemma|theorem|corollary)s? \d+((, | and | to | or )\d+)*/gi,
];

/** Not what is a part of a word: `ResNet-20`, `L2`, `1st`. */
const NUMBER = /(?<![\p{L}\d_.,/^-])−?\d+(?:,\d{3})*(?:\.\d+)?(?![\p{L}_^]|[.,]\d)/gu;

/** The numbers in the sentences of a text in Markdown, in order. */
export function proseNumbers(markdown: string): ProseNumber[] {
  const sentences = NAMES.reduce(
    (text, name) => text.replace(name, (whole) => whole.replace(/[^\n]/g, ' ')),
    markdown,
  );
  return [...sentences.matchAll(NUMBER)].map(({ 0: text, index: at }) => ({
    at,
    text,
    value: Number(text.replaceAll(',', '').replace('−', '-')),
    decimals: text.split('.')[1]?.length ?? 0,
  }));
}

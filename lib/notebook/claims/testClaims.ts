import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ProseNumber, proseNumbers } from './proseNumbers';
import { type StoredNotebook, storedNotebook } from './storedNotebook';

/**
 * A piece of a sentence as it stands in the notebook, and what its numbers are, in order, computed from what the notebook is stored
 * with; or whether what it says is so.
 */
export type Claim =
  | readonly [sentence: string, ...numbers: number[]]
  | readonly [sentence: string, holds: boolean];

/** Pieces of sentences whose numbers are not the notebook's own, and where each is from. */
export type Given = Readonly<Record<string, string>>;

const SWEEPS = join(__dirname, '..', '..', '..', 'data', 'sweeps');

/**
 * Tests that the sentences of a notebook hold of its stored outputs, and that none has a number without a source.
 *
 * @param name its path in the folder of notebooks, without `.ipynb`
 */
export function testClaims(
  name: string,
  claimsOf: (stored: StoredNotebook) => readonly Claim[],
  given: Given = {},
): void {
  const stored = storedNotebook(name);
  const claims = claimsOf(stored);
  test(`${name}: what its sentences say is what it is stored with`, () => {
    assert.deepEqual(wrongClaims(stored, claims), []);
  });
  test(`${name}: no sentence has a number without its source`, () => {
    assert.deepEqual(withoutSource(stored, claims, given), []);
  });
}

/** What is wrong with claims, each in a line; those too that are not in the notebook, or more than once. */
export function wrongClaims({ prose }: Pick<StoredNotebook, 'prose'>, claims: readonly Claim[]): string[] {
  return claims.flatMap((claim) => wrong(prose, claim));
}

/**
 * The numbers in sentences that are neither claimed nor given: those with a fraction, and whole ones from 10 on that are no setting in the
 * notebook's code or its sweeps; and what is given and not there.
 */
export function withoutSource(
  { prose, code }: Pick<StoredNotebook, 'prose' | 'code'>,
  claims: readonly Claim[],
  given: Given = {},
): string[] {
  const sources = [...claims.map(([sentence]) => sentence), ...Object.keys(given)];
  const settings = settingsIn(code);
  const open = prose.flatMap((text) =>
    proseNumbers(text)
      .filter((number) => asksForSource(number, settings) && !isIn(text, number, sources))
      .map(({ at, text: shown }) => `${shown}: …${text.slice(Math.max(0, at - 60), at + 30)}…`),
  );
  const absent = Object.keys(given).filter((piece) => !prose.some((text) => text.includes(piece)));
  return [...open, ...absent.map((piece) => `“${piece}” is given, and not in the notebook`)];
}

function wrong(prose: readonly string[], [sentence, ...numbers]: Claim): string[] {
  const texts = prose.filter((one) => one.includes(sentence));
  if (texts.length !== 1) return [`“${sentence}” is in ${texts.length} cells`];
  const [text] = texts;
  const start = text.indexOf(sentence);
  if (text.includes(sentence, start + 1)) return [`“${sentence}” is in a cell more than once`];
  if (typeof numbers[0] === 'boolean') return numbers[0] ? [] : [`“${sentence}” does not hold`];
  const shown = proseNumbers(text).filter(({ at }) => at >= start && at < start + sentence.length);
  const isRight = shown.length === numbers.length && shown.every((one, i) => agrees(one, Number(numbers[i])));
  return isRight ? [] : [`“${sentence}” is ${numbers.join(', ')}`];
}

/** Whether a number is shown as it is, up to rounding. */
function agrees({ value, decimals }: ProseNumber, number: number): boolean {
  return Math.abs(value - number) <= 0.5 * 10 ** -decimals + 1e-9 * Math.abs(number);
}

function asksForSource({ value, decimals }: ProseNumber, settings: ReadonlySet<number>): boolean {
  return decimals > 0 || (Math.abs(value) >= 10 && !settings.has(value));
}

/** Whether a number at a place in the text is in one of the pieces. */
function isIn(text: string, { at }: ProseNumber, pieces: readonly string[]): boolean {
  return pieces.some((piece) => {
    for (let start = text.indexOf(piece); start >= 0; start = text.indexOf(piece, start + 1))
      if (start <= at && at < start + piece.length) return true;
    return false;
  });
}

/** The numbers in code, though not in its names, and in the sweeps that it names. */
function settingsIn(code: readonly string[]): Set<number> {
  const quoted = code.flatMap((text) => [...text.matchAll(/'([\w-]+)'/g)].map(([, name]) => name));
  const sweeps = quoted.map((name) => join(SWEEPS, `${name}.json`)).filter(existsSync);
  const texts = [...code, ...sweeps.map((path) => readFileSync(path, 'utf8'))];
  return new Set(texts.flatMap((text) => (text.match(/(?<![\p{L}\d.])\d+(\.\d+)?/gu) ?? []).map(Number)));
}

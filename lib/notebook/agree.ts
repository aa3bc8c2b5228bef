import { max } from 'd3-array';
import { invalid } from '../base/invalid';
import { nestedLists } from '../base/nestedLists';
import { isRecord } from '../figure/frameLike';
import { isTensor } from '../tensor/tensorLike';

/** How far a number may be off, and why it may: as a share of the expected one, or by so much. */
export type Tolerance = ({ relative: number } | { absolute: number }) & { because: string };

/** @throws `invalid tolerance; …` */
export function checkTolerance(tolerance: Tolerance): void {
  const { relative, absolute, because } = tolerance as { [name in string]?: unknown };
  const size = relative ?? absolute;
  if ((relative === undefined) === (absolute === undefined) || !(typeof size === 'number' && size >= 0))
    throw invalid('tolerance', 'not { relative } or { absolute }, a number of at least 0', tolerance);
  if (typeof because !== 'string' || because.trim() === '')
    throw invalid('tolerance', 'without a reason: { because }', tolerance);
}

/** Where no tolerance is given: whole numbers are counts, of others three digits will do. */
const USUAL = { whole: 1e-6, fraction: 0.005 };

/** Rounding of float32, beside the largest number of a list. */
const ROUNDING = 1e-7;

/**
 * Whether an answer is what it should be: numbers within the tolerance, texts in any case and spacing, lists, typed
 * arrays and tensors entry by entry, a list against an expected Set in any order, records field by field.
 *
 * @param tolerance by default a millionth for an expected whole number and 0.5 % for any other
 * @param largest the largest number of the list it is in
 */
export function agree(answer: unknown, expected: unknown, tolerance?: Tolerance, largest = 0): boolean {
  const [a, b] = [plain(answer), plain(expected)];
  if (isNumber(a) && isNumber(b)) return isNear(a, b, largest, tolerance);
  if (typeof a === 'string' && typeof b === 'string') return words(a) === words(b);
  if (expected instanceof Set)
    return agree(inOrder(answer instanceof Set ? answer : a), inOrder(expected), tolerance);
  if (Array.isArray(a) && Array.isArray(b)) {
    const size = Math.max(largest, max(b, (one) => (isNumber(one) ? Math.abs(Number(one)) : 0)) ?? 0);
    return a.length === b.length && a.every((one, i) => agree(one, b[i], tolerance, size));
  }
  if (isRecord(a) && isRecord(b)) {
    const fields = Object.keys(b);
    return (
      Object.keys(a).length === fields.length &&
      fields.every((field) => Object.hasOwn(a, field) && agree(a[field], b[field], tolerance))
    );
  }
  return Object.is(a, b);
}

/** What a value is compared as, in a word for a hint. */
export function wordFor(value: unknown): string {
  const one = value instanceof Set ? [] : plain(value);
  if (isNumber(one)) return 'a number';
  if (typeof one === 'string') return 'a text';
  if (typeof one === 'boolean') return 'true or false';
  if (typeof one === 'function') return 'a function';
  if (one === null) return 'null';
  return Array.isArray(one) ? 'a list' : 'an object';
}

/** Lists of every sort as arrays, a tensor as nested ones. */
function plain(value: unknown): unknown {
  if (isTensor(value)) {
    const lists = nestedLists(Array.from(value.dataSync()), value.shape);
    return value.shape.length === 0 ? lists[0] : lists;
  }
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as Float64Array)
    : value;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isNear(a: number | bigint, b: number | bigint, largest: number, tolerance?: Tolerance): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a === 'bigint' && typeof b === 'bigint') return false;
  const expected = Number(b);
  const usual = Number.isInteger(expected) ? USUAL.whole : USUAL.fraction;
  const { relative = usual, absolute } = (tolerance ?? {}) as { relative?: number; absolute?: number };
  return Math.abs(Number(a) - expected) <= (absolute ?? relative * Math.abs(expected) + ROUNDING * largest);
}

function words(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
}

/** Texts of what is in a list or a set, sorted; undefined where it is neither. */
function inOrder(values: unknown): string[] | undefined {
  if (!Array.isArray(values) && !(values instanceof Set)) return undefined;
  return Array.from(values as Iterable<unknown>, (one) => words(String(one))).sort();
}

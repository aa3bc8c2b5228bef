import { invalid } from '../base';

/**
 * The names of rows or columns: those given, or their numbers from 1.
 *
 * @param one what stands before a number: `child `
 * @throws `invalid SUBJECT; …` for names that are not one each, or two alike
 */
export function partNames(
  subject: string,
  given: readonly string[] | undefined,
  count: number,
  one = '',
): readonly string[] {
  if (!given) return Array.from({ length: count }, (_, i) => `${one}${i + 1}`);
  if (given.length !== count) throw invalid(subject, `not one name for each of ${count}`, given.length);
  if (new Set(given).size !== count) throw invalid(subject, 'a name comes twice', given);
  return given;
}

import { absoluteError, type Comparison, relativeErrorOf } from '../comparison';
import type { Fields } from '../jsonFields';
import type { Tolerances } from '../tolerances';

/** A number of this library, with its logarithm where the number itself may be out of reach. */
export type Found = number | { readonly value: number; readonly log: number };

/**
 * Compares those fields of one object that this library computes: `name` with the number, `ln_name` with its logarithm.
 *
 * @param compute by field name; called only for what the file asks for, once each
 */
export function compareValues(
  prefix: string,
  fields: Fields,
  compute: Readonly<Record<string, () => Found>>,
  { value, logarithm }: Pick<Tolerances, 'value' | 'logarithm'>,
): Comparison[] {
  return Object.entries(compute).flatMap(([name, find]) => {
    const expected = fields[name];
    const expectedLog = fields[`ln_${name}`];
    if (expected === undefined && expectedLog === undefined) return [];
    const found = find();
    const number = typeof found === 'number' ? found : found.value;
    const log = typeof found === 'number' ? Math.log(found) : found.log;
    const compared: Comparison[] = [];
    if (expected !== undefined)
      compared.push({
        quantity: prefix + name,
        error: relativeErrorOf(number, expected),
        tolerance: value,
        measure: 'relative',
      });
    if (expectedLog !== undefined)
      compared.push({
        quantity: `${prefix}ln_${name}`,
        error: absoluteError(log, expectedLog),
        tolerance: logarithm,
        measure: 'absolute',
      });
    return compared;
  });
}

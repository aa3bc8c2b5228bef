import { invalid } from '../../../base';
import { type Comparison, relativeError } from '../../comparison';
import type { Fields } from '../../jsonFields';
import type { Subject } from '../../subject';
import { tolerancesOf } from '../../tolerances';

/** The data that sets gates. */
export const dataOf = ({ data, network }: Subject) => {
  if (data === undefined) throw invalid('reference file', 'has no inputs to set gates', network.name);
  return data;
};

/** A list of the file, where it has it. */
export function* list(
  subject: Subject,
  name: string,
  fields: Fields,
  found: Float64Array,
  prefix = '',
): Generator<Comparison> {
  if (fields[name] !== undefined) yield relative(subject, prefix + name, relativeError(found, fields[name]));
}

export const relative = (subject: Subject, quantity: string, error: number): Comparison => ({
  quantity,
  error,
  tolerance: tolerancesOf(subject).value,
  measure: 'relative',
});

/** A count that is to be exact. */
export function entries(quantity: string, expected: unknown, found: number): Comparison {
  const error = typeof expected === 'number' ? Math.abs(found - expected) : Number.POSITIVE_INFINITY;
  return { quantity, error, tolerance: 0, measure: 'entries' };
}

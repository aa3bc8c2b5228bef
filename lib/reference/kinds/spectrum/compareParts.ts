import { type Comparison, relativeError } from '../../comparison';
import { isFields } from '../../jsonFields';
import { relative } from './limits';

/** Parts of a whole, by weight tensor. */

export function* compareParts(
  quantity: string,
  found: Readonly<Record<string, number>>,
  expected: unknown,
  tolerance: number,
): Generator<Comparison> {
  if (!isFields(expected)) return;
  const names = Object.keys(expected);
  yield relative(
    quantity,
    relativeError(
      names.map((name) => found[name] ?? Number.NaN),
      names.map((name) => expected[name]),
    ),
    tolerance,
  );
}

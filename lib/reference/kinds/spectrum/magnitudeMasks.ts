import { invalid } from '../../../base';
import { compareValues } from '../../checks/values';
import type { Comparison } from '../../comparison';
import { type Fields, isNumbers } from '../../jsonFields';
import type { Subject } from '../../subject';
import { EXACT } from './limits';

/** The weights that a mask by magnitude keeps, flat over the file's tensors; ties to the lower index. */
export function keptBy({ listed, prunable }: Subject, name: string): Uint8Array[] {
  const [, scope, text] = /^magnitude_(local|global)_(\S+)$/.exec(name) ?? [];
  if (scope === undefined) throw invalid('reference file', 'a mask of a kind that is not known', name);
  const density = Number(text);
  const tensors = prunable.map((tensor) => listed.find((parameter) => parameter.name === tensor)!.values);
  const places = tensors.flatMap((values, t) =>
    Array.from(values, (value, i) => ({ size: Math.abs(value), t, i })),
  );
  const bits = tensors.map(({ length }) => new Uint8Array(length));
  const keep = (among: typeof places) => {
    const count = Math.floor(density * among.length + 0.5);
    for (const { t, i } of [...among].sort((a, b) => b.size - a.size).slice(0, count)) bits[t][i] = 1;
  };
  if (scope === 'global') keep(places);
  else for (const [t] of tensors.entries()) keep(places.filter((place) => place.t === t));
  return bits;
}

/** How many weights a mask keeps, and which. */
export function* compareKept(
  { prunable, listed }: Subject,
  prefix: string,
  fields: Fields,
  kept?: readonly Uint8Array[],
): Generator<Comparison> {
  const whole = prunable.map((name) => listed.find((parameter) => parameter.name === name)!.values.length);
  const bits = kept ?? whole.map((length) => new Uint8Array(length).fill(1));
  const counts = bits.map((tensor) => tensor.reduce((sum, bit) => sum + bit, 0));
  const indices: number[] = [];
  let offset = 0;
  for (const tensor of bits) {
    tensor.forEach((bit, i) => {
      if (bit) indices.push(offset + i);
    });
    offset += tensor.length;
  }
  const entries = (quantity: string, found: readonly number[], expected: unknown): Comparison => ({
    quantity: `${prefix}${quantity}`,
    error: isNumbers(expected)
      ? found.filter((value, i) => value !== expected[i]).length
      : Number.POSITIVE_INFINITY,
    tolerance: 0,
    measure: 'entries',
  });
  yield entries('kept_by_tensor', counts, fields.kept_by_tensor);
  if (fields.kept_indices_first20 !== undefined)
    yield entries('kept_indices_first20', indices.slice(0, 20), fields.kept_indices_first20);
  const sum = indices.reduce((total, index) => total + index, 0);
  yield* compareValues(prefix, fields, { kept_index_sum: () => sum }, EXACT);
}

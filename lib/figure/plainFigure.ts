import { invalid } from '../base/invalid';
import { nestedLists } from '../base/nestedLists';
import { isTensor, type TensorLike } from '../tensor/tensorLike';
import { isFrame } from './frameLike';

/** More than any browser draws, and than a message holds. */
const MOST = 4_000_000;

/**
 * A figure as Plotly reads it out of JSON: arrays where it has typed arrays, tensors, danfo's Series and frames or sets; bigints
 * as numbers, or as their digits where a number does not hold them; null, which is a gap, for NaN and infinite numbers, invalid
 * dates and what is no value at all.
 *
 * Of a tensor or frame with more dimensions than its place takes (two in `z`, one elsewhere) those of extent 1 are left out.
 *
 * @throws `invalid figure; PLACE …` for a disposed or complex tensor, a promise, or what holds itself; `invalid figure; has more
 *   than 4,000,000 values, …`
 */
export function plainFigure<T extends object>(figure: T): T {
  const above = new Set<object>();
  let count = 0;

  function plain(value: unknown, place: string): unknown {
    if (typeof value !== 'object' || value === null) return plainValue(value);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof Promise) throw invalid('figure', `${place} is a promise`, 'await it first');
    if (above.has(value)) throw invalid('figure', 'holds itself at', place);
    above.add(value);
    const list = listOf(value, place);
    const result = list ? plainList(list, place) : plainRecord(value, place);
    above.delete(value);
    return result;
  }

  function plainList(list: ArrayLike<unknown>, place: string): unknown[] {
    count += list.length;
    if (count > MOST)
      throw invalid(
        'figure',
        `has more than ${MOST.toLocaleString('en')} values, too many to draw; at`,
        place,
      );
    return Array.from(list, (one, i) =>
      typeof one === 'object' ? plain(one, `${place}[${i}]`) : plainValue(one),
    );
  }

  function plainRecord(record: object, place: string): object {
    const entries = Object.entries(record).filter(
      ([, one]) => one !== undefined && typeof one !== 'function',
    );
    return Object.fromEntries(
      entries.map(([name, one]) => [name, plain(one, place ? `${place}.${name}` : name)]),
    );
  }

  return plain(figure, '') as T;
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** What stands in a list of any kind, list of lists for several dimensions; undefined for what is no list. */
function listOf(value: object, place: string): ArrayLike<unknown> | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Set) return [...value];
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return value as Uint8Array;
  const most = place.endsWith('.z') ? 2 : 1;
  if (isFrame(value)) {
    const rows = value.values as unknown[];
    return value.$isSeries || (most === 1 && value.columns.length === 1) ? rows.flat() : rows;
  }
  return isTensor(value) ? listOfTensor(value, place, most) : undefined;
}

function listOfTensor(tensor: TensorLike, place: string, most: number): ArrayLike<unknown> {
  const { shape, dtype, isDisposed } = tensor;
  if (isDisposed) throw invalid('figure', `${place} is a tensor that was disposed, of shape`, shape);
  if (dtype === 'complex64')
    throw invalid('figure', `${place} is complex; take its real or absolute part`, dtype);
  let extra = shape.length - most;
  const extents = shape.filter((extent) => extent !== 1 || extra-- <= 0);
  const values = Array.from(tensor.dataSync());
  return values.length === 0 ? [] : nestedLists(values, extents);
}

import type { Mask, Network } from '../network';
import { cloneRecord, mapRecord, multiplyNoNan, type TensorRecord, tf } from '../tensor';
import { type Freeze, movable } from './freeze';

/** By parameter name: 1 where an update counts, 0 where it does not; no entry where all do, `none` where none does. */
export type Moving = Readonly<Record<string, tf.Tensor | 'none'>>;

/** Which weights a training keeps, and which of those it moves. */
export interface Masking {
  /** By kernel name; undefined where all weights are kept. Stays the masking's own. */
  mask(): Mask | undefined;
  /** Stays the masking's own. */
  moving(): Moving;
  /** Takes another mask; the tensors given stay the caller's. */
  set(mask: Mask): void;
  dispose(): void;
}

/** Starts with a mask, or with all weights; the tensors given stay the caller's. */
export function startMasking(network: Network, mask: Mask | undefined, freeze: Freeze | undefined): Masking {
  const free = movable(network, freeze);
  let kept: Mask | undefined;
  let moving: Record<string, tf.Tensor | 'none'> = {};
  const drop = () => tf.dispose([kept ?? {}, tensorsIn(moving)]);
  const set = (next?: Mask) => {
    drop();
    kept = next && cloneRecord(next);
    moving = Object.fromEntries(
      Object.keys({ ...free, ...next }).map((name) => [name, both(free[name], next?.[name])]),
    );
  };
  set(mask);
  return {
    mask: () => kept,
    moving: () => moving,
    set,
    dispose() {
      drop();
      tf.dispose(tensorsIn(free));
    },
  };
}

function both(a: tf.Tensor | 'none' | undefined, b: tf.Tensor | undefined): tf.Tensor | 'none' {
  if (a === 'none') return a;
  return a && b ? a.mul(b) : ((a ?? b) as tf.Tensor).clone();
}

/** What weights start with that were pruned and are so no longer, 0 elsewhere; to be called in a tidy. */
export function regrowth(before: Mask | undefined, next: Mask, regrown: TensorRecord): TensorRecord {
  if (!before) return {};
  return mapRecord(regrown, (values, name) =>
    multiplyNoNan(values, next[name].greater(before[name]).toFloat()),
  );
}

/** The entries that are tensors. */
export function tensorsIn(record: Moving): TensorRecord {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, tf.Tensor] => entry[1] !== 'none'),
  );
}

import { product } from '../../base';
import type { ParameterSpec } from '../../network';

export type Direction = 'forward' | 'reverse';

/** A layer with a kernel, along whose weights walks go. */
export interface WalkLayer {
  /** Name of its kernel. */
  readonly name: string;
  /** Elements of a kernel between an input and an output: 1 in a dense layer. */
  readonly taps: number;
  /** Inputs of one group, and outputs of all. */
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
  /** What a weight is drawn by, by flat index: |θ|^power. */
  readonly size: (index: number) => number;
  readonly isKept: (index: number) => boolean;
  /** Σ of the sizes of the elements kept, and whether there are any: `[inputs, outputs]`. */
  readonly pairs: Float64Array;
  readonly open: Uint8Array;
}

/** @param kept 0 where a weight is cut; all are kept where absent */
export function walkLayer(
  { name, shape, groups = 1 }: ParameterSpec,
  weights: ArrayLike<number>,
  power: number,
  kept?: ArrayLike<number>,
): WalkLayer {
  const [inputs, outputs] = shape.slice(-2);
  const size = sizes(weights, power);
  const isKept = (index: number) => kept === undefined || kept[index] !== 0;
  const pairs = new Float64Array(inputs * outputs);
  const open = new Uint8Array(inputs * outputs);
  for (let i = 0; i < weights.length; i++) {
    if (!isKept(i)) continue;
    pairs[i % pairs.length] += size(i);
    open[i % pairs.length] = 1;
  }
  const taps = product(shape) / pairs.length;
  return { name, taps, inputs, outputs, groups, size, isKept, pairs, open };
}

function sizes(weights: ArrayLike<number>, power: number): (index: number) => number {
  if (power === 0) return () => 1;
  if (power === 1) return (index) => Math.abs(weights[index]);
  return (index) => (weights[index] === 0 ? 0 : Math.abs(weights[index]) ** power);
}

/** The pair of channels, as a place in `pairs`, for each unit that a walk may step to from one; the first unit is numbered `from`. */
function pairsAt({ inputs, outputs, groups }: WalkLayer, direction: Direction, channel: number) {
  const within = outputs / groups;
  if (direction === 'forward') {
    const from = Math.floor(channel / inputs) * within;
    const row = (channel % inputs) * outputs + from;
    return { from, count: within, pair: (i: number) => row + i };
  }
  const from = Math.floor(channel / within) * inputs;
  return { from, count: inputs, pair: (i: number) => i * outputs + channel };
}

/** Units that kept weights lead to from a channel. */
export function unitsFrom(layer: WalkLayer, direction: Direction, channel: number): number[] {
  const { from, count, pair } = pairsAt(layer, direction, channel);
  const found: number[] = [];
  for (let i = 0; i < count; i++) if (layer.open[pair(i)]) found.push(from + i);
  return found;
}

/** Chances of the units that a step may lead to: those from number `from` on. */
export interface UnitChances {
  readonly from: number;
  readonly chances: Float64Array;
}

/**
 * P(u → v) = Σ_k |w_vuk| / Σ_v' Σ_k |w_v'uk| forward, and backward from v likewise over u; alike where all sizes are 0.
 *
 * @param isOpen units that the walk can go on from
 */
export function unitChances(
  layer: WalkLayer,
  direction: Direction,
  channel: number,
  isOpen: ArrayLike<number>,
): UnitChances {
  const { from, count, pair } = pairsAt(layer, direction, channel);
  const among = (i: number) => layer.open[pair(i)] === 1 && isOpen[from + i] === 1;
  return { from, chances: shares(count, among, (i) => layer.pairs[pair(i)]) };
}

/** Chances of the elements between an input and an output, by tap: |w_vuk| / Σ_k' |w_vuk'|. */
export function tapChances(layer: WalkLayer, input: number, output: number): Float64Array {
  const index = (tap: number) => tapIndex(layer, input, output, tap);
  return shares(
    layer.taps,
    (tap) => layer.isKept(index(tap)),
    (tap) => layer.size(index(tap)),
  );
}

/** The flat index of a weight. */
export function tapIndex({ inputs, outputs }: WalkLayer, input: number, output: number, tap: number): number {
  return (tap * inputs + (input % inputs)) * outputs + output;
}

/** The first tap whose size with those before exceeds a share u of all: a draw by {@link tapChances}. */
export function drawTap(layer: WalkLayer, input: number, output: number, u: number): number {
  const { taps, pairs, size, isKept } = layer;
  const pair = tapIndex(layer, input, output, 0);
  if (pairs[pair] === 0) return drawAlike(layer, pair, u);
  let left = u * pairs[pair];
  let last = 0;
  for (let tap = 0; tap < taps; tap++) {
    const index = tap * pairs.length + pair;
    if (!isKept(index)) continue;
    const part = size(index);
    if (left < part) return tap;
    if (part > 0) last = tap;
    left -= part;
  }
  return last; // rounding
}

function drawAlike({ taps, pairs, isKept }: WalkLayer, pair: number, u: number): number {
  const kept = Array.from({ length: taps }, (_, tap) => tap).filter((tap) =>
    isKept(tap * pairs.length + pair),
  );
  return kept[Math.floor(u * kept.length)];
}

function shares(count: number, isOpen: (i: number) => boolean, sizeOf: (i: number) => number): Float64Array {
  const found = new Float64Array(count);
  let sum = 0;
  let open = 0;
  for (let i = 0; i < count; i++) {
    if (!isOpen(i)) continue;
    open++;
    found[i] = sizeOf(i);
    sum += found[i];
  }
  const isFlat = sum === 0;
  for (let i = 0; i < count; i++) {
    if (isFlat) found[i] = isOpen(i) ? 1 / open : 0;
    else found[i] /= sum;
  }
  return found;
}

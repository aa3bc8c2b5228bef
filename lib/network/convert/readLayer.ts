import { invalid } from '../../base';
import type { GraphBuilder } from '../builder';
import type { Padding, Shape } from '../graph';

/** What a layer is read from: its class and name, its options as `getConfig` gives them. */
export interface LayerSource {
  readonly kind: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Shape of the first input. */
  readonly input: Shape;
}

/** Layers that do nothing or nothing but normalise the output, and may be left out. */
export type Strippable = 'Softmax' | 'Dropout';

/** The error for a layer that has no counterpart here. */
export function unsupported({ kind, name }: LayerSource, what: string, value: unknown): Error {
  return invalid(`${kind} ${name}`, `${what} is not supported`, value);
}

/** Refuses options whose value is not the one that means "nothing special". */
export function expectOptions(source: LayerSource, expected: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(expected)) {
    const found = source.config[option] ?? value;
    if (JSON.stringify(found) !== JSON.stringify(value)) throw unsupported(source, option, found);
  }
}

/** The one number of an option that may be given per dimension. */
export function single(source: LayerSource, option: string): number {
  const values = [source.config[option]].flat();
  const [first] = values;
  if (typeof first !== 'number' || values.some((value) => value !== first))
    throw unsupported(source, `${option} that differs between height and width`, source.config[option]);
  return first;
}

/** Height and width of an option that may be given as one number. */
export function pair(source: LayerSource, option: string): [number, number] {
  const [height, width = height] = [source.config[option]].flat() as number[];
  return [height, width];
}

/**
 * The zeros that `padding` puts on each side. TensorFlow's `same` gives ceil(extent / stride) windows and puts an odd
 * zero at the bottom and the right.
 */
export function explicitPadding(
  source: LayerSource,
  size: readonly [number, number],
  stride: number,
): Padding {
  const { padding } = source.config;
  if (padding === 'valid') return 0;
  if (padding !== 'same') throw unsupported(source, 'padding', padding);
  const [top, bottom, left, right] = [0, 1].flatMap((axis) => {
    const extent = source.input[axis];
    const windows = Math.ceil(extent / stride);
    const zeros = Math.max((windows - 1) * stride + size[axis] - extent, 0);
    return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
  });
  return [top, bottom, left, right];
}

/** The sum of two paddings. */
export function addPadding(a: Padding, b: Padding): Padding {
  const [sidesOfA, sidesOfB] = [a, b].map((padding) =>
    typeof padding === 'number' ? [padding, padding, padding, padding] : padding,
  );
  const [top, bottom, left, right] = sidesOfA.map((side, i) => side + sidesOfB[i]);
  return [top, bottom, left, right];
}

/** Adds the activation of a layer as a node of its own. */
export function addActivation(
  g: GraphBuilder,
  source: LayerSource,
  id: string,
  x: string,
  strip: readonly Strippable[],
): string {
  const { activation = 'linear' } = source.config;
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return g.relu(id, x);
    case 'softmax':
      expectStripped(source, 'Softmax', strip);
      return x;
    default:
      throw unsupported(source, 'activation', activation);
  }
}

/** Refuses a layer that may be left out unless the caller said so. */
export function expectStripped(source: LayerSource, what: Strippable, strip: readonly Strippable[]): void {
  if (strip.includes(what)) return;
  const why =
    what === 'Softmax' ? 'networks here end in logits' : 'networks here have none, it acts in training only';
  throw invalid(`${source.kind} ${source.name}`, `${why}; leave it out with strip: ['${what}']`, what);
}

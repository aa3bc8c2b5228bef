import { invalid } from '../../base';
import type { tf } from '../../tensor';
import type { GraphBuilder } from '../builder';
import type { Padding, Shape } from '../graph';

/** Layers that may be left out: a softmax at the end, and dropout, which acts in training only. */
export type Strippable = 'Softmax' | 'Dropout';

/** A layer of a LayersModel as the conversion reads it. */
export interface LayerSource {
  /** Class of the layer: `Conv2D`. */
  readonly kind: string;
  readonly name: string;
  /** Its options, with their defaults filled in. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Shape of the first input, without the batch. */
  readonly input: Shape;
  /** Its weights in tfjs's order; they belong to the layer. */
  readonly weights: readonly tf.Tensor[];
  /** Whether its output is the model's. */
  readonly last: boolean;
  /** What the caller allows to be left out. */
  readonly strip: readonly Strippable[];
}

/** The node a layer's output became, with the zeros that the convolution reading it is to add around it. */
export interface Value {
  readonly id: string;
  readonly padding?: Padding;
}

/** Adds a layer's nodes to `g` and notes how to copy its parameters. */
export type LayerReader = (
  g: GraphBuilder,
  source: LayerSource,
  inputs: readonly Value[],
  params: Record<string, () => tf.Tensor>,
) => Value;

/** The error for a layer or an option that has no counterpart here: `invalid Conv2D conv1; dilationRate is not supported: [2, 2]`. */
export function unsupported({ kind, name }: LayerSource, what: string, value: unknown): Error {
  return invalid(`${kind} ${name}`, `${what} is not supported`, value);
}

/** Refuses an option set to anything but `value`. */
export function expectOption(source: LayerSource, option: string, value: unknown): void {
  const found = source.config[option] ?? value;
  if (JSON.stringify(found) !== JSON.stringify(value)) throw unsupported(source, option, found);
}

/** Height and width of an option that may be given as one number. */
export function pair(source: LayerSource, option: string): [height: number, width: number] {
  const [height, width = height] = [source.config[option]].flat() as number[];
  return [height, width];
}

/** The value of an option that must be the same for height and width. */
export function single(source: LayerSource, option: string): number {
  const [height, width] = pair(source, option);
  if (height !== width)
    throw unsupported(source, `${option} that differs between height and width`, [height, width]);
  return height;
}

/** The zeros a layer puts on each side by its `padding` option. */
export function paddingOf(source: LayerSource, size: readonly [number, number], stride: number): Padding {
  const { padding } = source.config;
  if (padding === 'valid') return 0;
  if (padding !== 'same') throw unsupported(source, 'padding', padding);
  return samePadding(source.input, size, stride);
}

/** TensorFlow's `same`: ceil(extent / stride) windows; of an odd number of zeros the extra one is at the bottom or right. */
export function samePadding(input: Shape, size: readonly [number, number], stride: number): Padding {
  const [rows, columns] = size.map((extent, axis) => {
    const windows = Math.ceil(input[axis] / stride);
    return Math.max((windows - 1) * stride + extent - input[axis], 0);
  });
  return [Math.floor(rows / 2), Math.ceil(rows / 2), Math.floor(columns / 2), Math.ceil(columns / 2)];
}

/** Refuses a softmax that the caller has not allowed to be left out, or that is not at the end. */
export function expectStrippableSoftmax(source: LayerSource): void {
  if (!source.last) throw unsupported(source, 'softmax before the end', 'softmax');
  if (!source.strip.includes('Softmax'))
    throw invalid(
      `${source.kind} ${source.name}`,
      "networks here end in logits; leave the softmax out with strip: ['Softmax']",
      'softmax',
    );
}

/** The activation of a layer as a node of its own. */
export function activation(g: GraphBuilder, source: LayerSource, x: string, id = `${x}/relu`): Value {
  switch (source.config.activation) {
    case 'relu':
      return { id: g.relu(id, x) };
    case 'softmax':
      expectStrippableSoftmax(source);
      return { id: x };
    case 'linear':
      return { id: x };
    default:
      throw unsupported(source, 'activation', source.config.activation);
  }
}

/** Notes how to copy the weights of a layer that has a kernel and perhaps a bias. */
export function copyKernelAndBias(
  { name, weights: [kernel, bias] }: LayerSource,
  params: Record<string, () => tf.Tensor>,
): void {
  params[`${name}/kernel`] = () => kernel.clone();
  if (bias !== undefined) params[`${name}/bias`] = () => bias.clone();
}

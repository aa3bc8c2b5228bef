import { invalid } from '../../base';
import { tf } from '../../tensor';
import type { GraphBuilder } from '../builder';
import type { Padding } from '../graph';
import {
  expectOption,
  expectStrippableSoftmax,
  type LayerSource,
  paddingOf,
  pair,
  sides,
  single,
  unsupported,
} from './layerSource';

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

const dense: LayerReader = (g, source, [{ id: x }], params) => {
  const { units, useBias } = source.config as { units: number; useBias: boolean };
  const id = g.dense(source.name, x, { units, bias: useBias });
  copyKernelAndBias(source, params);
  return activation(g, source, id);
};

const conv2d: LayerReader = (g, source, [{ id: x, padding: outer = 0 }], params) => {
  const { filters, useBias } = source.config as { filters: number; useBias: boolean };
  expectOption(source, 'dilationRate', [1, 1]);
  const size = pair(source, 'kernelSize');
  const stride = single(source, 'strides');
  const inner = sides(paddingOf(source, size, stride));
  const [top, bottom, left, right] = sides(outer).map((side, i) => side + inner[i]);
  const padding: Padding = [top, bottom, left, right];
  const id = g.conv2d(source.name, x, { filters, size, stride, padding, bias: useBias });
  copyKernelAndBias(source, params);
  return activation(g, source, id);
};

const batchNormalization: LayerReader = (g, source, [{ id: x }], params) => {
  const { axis, epsilon, scale, center } = source.config as {
    axis: number;
    epsilon: number;
    scale: boolean;
    center: boolean;
  };
  if (axis !== -1 && axis !== source.input.length) throw unsupported(source, 'axis', axis);
  const weights = [...source.weights];
  const channels = [source.input[source.input.length - 1]];
  const { name } = source;
  const gamma = scale ? weights.shift() : undefined;
  const beta = center ? weights.shift() : undefined;
  const [mean, variance] = weights;
  params[`${name}/gamma`] = () => gamma?.clone() ?? tf.ones(channels);
  params[`${name}/beta`] = () => beta?.clone() ?? tf.zeros(channels);
  params[`${name}/mean`] = () => mean.clone();
  params[`${name}/variance`] = () => variance.clone();
  return { id: g.batchNorm(name, x, { epsilon }) };
};

const depthwiseConv2d: LayerReader = (g, source, [{ id: x }], params) => {
  expectOption(source, 'kernelSize', [1, 1]);
  expectOption(source, 'strides', [1, 1]);
  expectOption(source, 'depthMultiplier', 1);
  expectOption(source, 'useBias', false);
  expectOption(source, 'activation', 'linear');
  params[`${source.name}/scale`] = () => source.weights[0].flatten();
  return { id: g.channelScale(source.name, x) };
};

function pool(op: 'maxPool' | 'avgPool'): LayerReader {
  return (g, source, [{ id: x }]) => {
    const size = single(source, 'poolSize');
    const stride = single(source, 'strides');
    if (sides(paddingOf(source, [size, size], stride)).some((side) => side > 0))
      throw unsupported(source, `padding of [${source.input.join(', ')}] by a pool`, source.config.padding);
    return { id: g[op](source.name, x, { size, stride }) };
  };
}

const zeroPadding2d: LayerReader = (_, source, [{ id, padding: outer = 0 }]) => {
  const [[top, bottom], [left, right]] = source.config.padding as [[number, number], [number, number]];
  const [a, b, c, d] = [top, bottom, left, right].map((side, i) => side + sides(outer)[i]);
  return { id, padding: [a, b, c, d] };
};

const reLU: LayerReader = (g, source, [{ id: x }]) => {
  if (source.config.maxValue !== undefined && source.config.maxValue !== null)
    throw unsupported(source, 'maxValue', source.config.maxValue);
  return { id: g.relu(source.name, x) };
};

const activationLayer: LayerReader = (g, source, [{ id: x }]) => activation(g, source, x, source.name);

const softmax: LayerReader = (_, source, [{ id }]) => {
  expectStrippableSoftmax(source);
  return { id };
};

const dropout: LayerReader = (_, source, [{ id }]) => {
  if (!source.strip.includes('Dropout'))
    throw invalid(
      `Dropout ${source.name}`,
      "networks here have none; it acts in training only, leave it out with strip: ['Dropout']",
      source.config.rate,
    );
  return { id };
};

/** How each supported class of layer is read. */
export const layerReaders: Readonly<Record<string, LayerReader>> = {
  Dense: dense,
  Conv2D: conv2d,
  DepthwiseConv2D: depthwiseConv2d,
  BatchNormalization: batchNormalization,
  ReLU: reLU,
  Activation: activationLayer,
  Softmax: softmax,
  Dropout: dropout,
  MaxPooling2D: pool('maxPool'),
  AveragePooling2D: pool('avgPool'),
  GlobalAveragePooling2D: (g, source, [{ id: x }]) => ({ id: g.globalAvgPool(source.name, x) }),
  ZeroPadding2D: zeroPadding2d,
  Flatten: (g, source, [{ id: x }]) => ({ id: g.flatten(source.name, x) }),
  Add: (g, source, inputs) => ({ id: g.add(source.name, ...inputs.map(({ id }) => id)) }),
};

/** The activation of a layer as a node of its own. */
function activation(g: GraphBuilder, source: LayerSource, x: string, id = `${x}/relu`): Value {
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

function copyKernelAndBias(
  { name, weights: [kernel, bias] }: LayerSource,
  params: Record<string, () => tf.Tensor>,
): void {
  params[`${name}/kernel`] = () => kernel.clone();
  if (bias !== undefined) params[`${name}/bias`] = () => bias.clone();
}

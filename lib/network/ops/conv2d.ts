import { invalid, product } from '../../base';
import { conv2d as convolve, imagePatches, tf } from '../../tensor';
import type { GraphBuilder } from '../builder';
import {
  activation,
  copyKernelAndBias,
  expectOption,
  type LayerReader,
  type LayerSource,
  paddingOf,
  pair,
  samePadding,
  single,
  type Value,
} from '../convert/layerSource';
import type { NodeOf, Padding } from '../graph';
import { biasSpec, bilinear, type LayerOptions, layerWeights, mixedChannels, namesOf } from './bilinear';
import { isPositiveWhole, spatial } from './checks';
import type { ExampleGradients, Op } from './op';
import { through, vectorLayout } from './plain';
import { forEachTap, sides, spanOf, windows } from './windows';

/** Cross-correlation with a kernel `[height, width, in / groups, filters]`. */
export interface Conv2dNode extends NodeOf<'conv2d'> {
  readonly filters: number;
  readonly size: readonly [height: number, width: number];
  readonly stride: number;
  readonly padding: Padding;
  /** Distance between the taps of the kernel; 1 where absent. */
  readonly dilation?: number;
  /** Parts that inputs and filters are divided into, in order, each convolved by itself; 1 where absent. */
  readonly groups?: number;
  readonly kernel: string;
  readonly bias?: string;
}

export interface ConvOptions extends LayerOptions {
  filters: number;
  /** Extent of the kernel; 3 by default. */
  size?: number | readonly [height: number, width: number];
  /** 1 by default. */
  stride?: number;
  /** By default what keeps the extents at stride 1. */
  padding?: Padding;
  /** Distance between the taps of the kernel; 1 by default. */
  dilation?: number;
  /** Parts that channels and filters are divided into, each convolved by itself: as many as channels is depthwise; 1 by default. */
  groups?: number;
  /** Whether it adds a bias; `false` by default. */
  bias?: boolean;
}

/** The convolution of a layer, without its activation. */
function convolution(
  g: GraphBuilder,
  source: LayerSource,
  [{ id: x, padding: outer = 0 }]: readonly Value[],
  options: Pick<ConvOptions, 'filters' | 'groups' | 'bias'> & { id: string },
): string {
  const size = pair(source, 'kernelSize');
  const stride = single(source, 'strides');
  const dilation = source.config.dilationRate === null ? 1 : single(source, 'dilationRate');
  const inner = sides(paddingOf(source, spanOf({ size, dilation }), stride));
  const [top, bottom, left, right] = sides(outer).map((side, i) => side + inner[i]);
  const padding: Padding = [top, bottom, left, right];
  const { id, ...own } = options;
  return g.conv2d(id, x, { ...own, size, stride, padding, dilation });
}

function read(
  g: GraphBuilder,
  source: LayerSource,
  inputs: readonly Value[],
  options: Pick<ConvOptions, 'filters' | 'groups'>,
): Value {
  const bias = source.config.useBias as boolean;
  return activation(g, source, convolution(g, source, inputs, { ...options, id: source.name, bias }));
}

/** A convolution with a group for each channel; one of a single weight a channel is a channelScale. */
const readDepthwise: LayerReader = (g, source, inputs, params) => {
  expectOption(source, 'dilationRate', [1, 1]); // tfjs takes it and leaves it out
  const groups = source.input[2];
  const { depthMultiplier, useBias, activation: after } = source.config as Record<string, unknown>;
  const [kernel, bias] = source.weights;
  const { name } = source;
  const isScale = product(kernel.shape) === groups && !useBias && after === 'linear';
  if (isScale && inputs[0].padding === undefined && single(source, 'strides') === 1) {
    params[`${name}/scale`] = () => kernel.flatten();
    return { id: g.channelScale(name, inputs[0].id) };
  }
  const filters = groups * (depthMultiplier as number);
  params[`${name}/kernel`] = () => grouped(kernel, filters);
  if (bias !== undefined) params[`${name}/bias`] = () => bias.clone();
  return read(g, source, inputs, { filters, groups });
};

/** A convolution with a group for each channel, then one of single places. */
const readSeparable: LayerReader = (g, source, inputs, params) => {
  const groups = source.input[2];
  const [depthwise, pointwise, bias] = source.weights;
  const between = groups * depthwise.shape[3]!;
  const names = { depthwise: `${source.name}/depthwise`, pointwise: `${source.name}/pointwise` };
  params[`${names.depthwise}/kernel`] = () => grouped(depthwise, between);
  params[`${names.pointwise}/kernel`] = () => pointwise.clone();
  if (bias !== undefined) params[`${names.pointwise}/bias`] = () => bias.clone();
  const x = convolution(g, source, inputs, { id: names.depthwise, filters: between, groups });
  const filters = source.config.filters as number;
  return activation(g, source, g.conv2d(names.pointwise, x, { filters, size: 1, bias: bias !== undefined }));
};

/** tfjs's kernel `[height, width, channels, filters of each]` as one of groups. */
function grouped(kernel: tf.Tensor, filters: number): tf.Tensor {
  const [height, width] = kernel.shape;
  return kernel.reshape([height, width, 1, filters]);
}

/** Of each place what it sees beside its cotangents; with groups, written out, since each has what it sees and cotangents of its own. */
function kernelGradients(node: Conv2dNode, x: tf.Tensor, dy: tf.Tensor): ExampleGradients {
  const { size, stride, padding, dilation, groups = 1, filters } = node;
  const seen = imagePatches(x as tf.Tensor4D, size, { stride, padding: sides(padding), dilation });
  const [examples, cotangents, height, width] = dy.shape;
  const places = height * width!;
  if (groups === 1)
    return {
      read: seen.reshape([examples, places, -1]),
      cotangents: dy.reshape([examples, cotangents, places, filters]),
    };
  const taps = product(size);
  const inputs = x.shape[3]! / groups;
  const outputs = filters / groups;
  const left = seen
    .reshape([examples, places, taps, groups, inputs])
    .transpose([0, 3, 2, 4, 1])
    .reshape([examples, groups, taps * inputs, places]);
  const right = dy
    .reshape([examples, cotangents, places, groups, outputs])
    .transpose([0, 3, 2, 1, 4])
    .reshape([examples, groups, places, cotangents * outputs]);
  const rows = tf
    .matMul(left, right)
    .reshape([examples, groups, taps * inputs, cotangents, outputs])
    .transpose([0, 3, 2, 1, 4]) // [examples, cotangents, taps · inputs, groups, outputs]
    .reshape([examples, cotangents, ...size, inputs, filters]);
  return { rows };
}

export const conv2d: Op<Conv2dNode, [x: string, options: ConvOptions]> = {
  ...bilinear(
    ({ stride, padding, dilation, groups }, x, kernel) =>
      convolve(x as tf.Tensor4D, kernel as tf.Tensor4D, {
        stride,
        padding: sides(padding),
        dilation,
        groups,
      }),
    kernelGradients,
  ), // [batch, height, width, filters]
  node(id, x, { filters, size = 3, stride = 1, padding, dilation = 1, groups = 1, bias = false }) {
    const extents = typeof size === 'number' ? ([size, size] as const) : size;
    if (!Array.isArray(extents) || extents.length !== 2)
      throw invalid('network', `size of ${id} neither a number nor [height, width]`, size);
    const [rows, columns] = extents.map((extent) => Math.floor(((extent - 1) * dilation) / 2));
    return {
      id,
      op: 'conv2d',
      inputs: [x],
      filters,
      size: extents,
      stride,
      padding: padding ?? [rows, rows, columns, columns],
      ...(dilation !== 1 && { dilation }),
      ...(groups !== 1 && { groups }),
      ...namesOf(id, bias),
    };
  },
  shape(node, [x]) {
    if (!isPositiveWhole(node.filters))
      throw invalid('network', `filters of ${node.id} not a positive whole number`, node.filters);
    const { id, filters, groups = 1 } = node;
    const fits = isPositiveWhole(groups) && filters % groups === 0 && spatial(id, x)[2] % groups === 0;
    if (!fits)
      throw invalid(
        'network',
        `groups of ${id} do not divide ${x[2]} channels and ${filters} filters`,
        groups,
      );
    return [...windows(node.id, x, node), node.filters];
  },
  parameters({ kernel, bias, size: [height, width], filters, groups = 1 }, [[, , channels]]) {
    const shape = [height, width, channels / groups, filters];
    const fanIn = product(shape.slice(0, 3));
    return [
      { name: kernel, shape, role: 'kernel', fanIn, ...(groups > 1 && { groups }) },
      ...biasSpec(bias, filters),
    ];
  },
  edges(node, shapes, visit, { kept, channels = node.filters }) {
    const { filters, groups = 1 } = node;
    const depth = shapes.inputs[0][2];
    const [inputs, outputs] = [depth / groups, filters / groups];
    forEachTap(node, shapes, (tap, places) => {
      for (let input = 0; input < inputs; input++)
        for (let output = 0; output < Math.min(filters, channels); output++) {
          const weight = (tap * inputs + input) * filters + output;
          if (kept !== undefined && kept[weight] === 0) continue;
          const channel = Math.floor(output / outputs) * inputs + input;
          for (const [from, to] of places) visit(from * depth + channel, to * filters + output, weight);
        }
    });
  },
  uses(node, shapes) {
    const found: number[] = [];
    forEachTap(node, shapes, (tap, places) => {
      found[tap] = places.length;
    });
    return found;
  },
  channels: {
    ...mixedChannels,
    /** With groups, of which only whole ones can go, each holds its inputs and filters together. */
    ties({ groups = 1, filters }, { inputs: [[, , channels]] }, visit) {
      if (groups === 1) return;
      const [inputs, outputs] = [channels / groups, filters / groups];
      for (let group = 0; group < groups; group++) {
        for (let i = 0; i < inputs; i++) visit(0, group * inputs + i, group * outputs);
        for (let o = 0; o < outputs; o++) visit(0, group * inputs, group * outputs + o);
      }
    },
    narrow(node, { output }) {
      const { filters, groups = 1 } = node;
      const left = (output.length * groups) / filters;
      const { groups: _, ...others } = { ...node, filters: output.length };
      return groups > 1 && left > 1 ? { ...others, groups: left } : others;
    },
  },
  pytorch: {
    options: ({ weight: [filters, , height, width] = [], bias }) => ({
      filters,
      size: [height, width],
      padding: 0,
      bias: bias !== undefined,
    }),
    layouts(shapes, { kernel, bias }) {
      const [height, width, channels, filters] = shapes[kernel];
      return {
        [kernel]: {
          split: shapes[kernel],
          order: [3, 2, 0, 1],
          shape: [filters, channels, height, width],
        },
        ...(bias !== undefined && { [bias]: vectorLayout(shapes[bias]) }),
      };
    },
    flattened: () => undefined,
  },
  layersModel: {
    write(node, inputs, shapes) {
      const { id, filters, size, stride, padding, dilation = 1, groups = 1, bias } = node;
      const channels = shapes.inputs[0][2];
      if (groups > 1 && groups < channels)
        throw invalid(
          'network',
          `tfjs has no layer for the groups of ${id}, one for each channel or all in one`,
          groups,
        );
      if (dilation > 1 && groups > 1)
        throw invalid('network', `tfjs has no layer with groups and dilation, as ${id} has`, [
          groups,
          dilation,
        ]);
      if (dilation > 1 && stride > 1)
        throw invalid('network', `tfjs has no layer with stride and dilation, as ${id} has`, [
          stride,
          dilation,
        ]);
      const [top, bottom, left, right] = sides(padding);
      const isValid = top + bottom + left + right === 0;
      const isSame =
        sides(samePadding(shapes.inputs[0], spanOf(node), stride)).join() === sides(padding).join();
      const settings = {
        name: id,
        kernelSize: [...size] as [number, number],
        strides: stride,
        ...(dilation > 1 && { dilationRate: dilation }),
        padding: !isValid && isSame ? ('same' as const) : ('valid' as const),
        useBias: bias !== undefined,
      };
      const layer =
        groups === 1
          ? tf.layers.conv2d({ ...settings, filters, kernelInitializer: 'zeros' })
          : tf.layers.depthwiseConv2d({
              ...settings,
              depthMultiplier: filters / channels,
              depthwiseInitializer: 'zeros',
            });
      if (isValid || isSame) return through(layer, inputs);
      const pad = tf.layers.zeroPadding2d({
        name: `${id}/pad`,
        padding: [
          [top, bottom],
          [left, right],
        ],
      });
      return through(layer, [through(pad, inputs)]);
    },
    weights(node, params) {
      const [kernel, ...bias] = layerWeights(node, params);
      const { size, filters, groups = 1 } = node;
      return groups === 1
        ? [kernel, ...bias]
        : [kernel.reshape([...size, groups, filters / groups]), ...bias];
    },
    readers: {
      Conv2D: (g, source, inputs, params) => {
        copyKernelAndBias(source, params);
        return read(g, source, inputs, { filters: source.config.filters as number });
      },
      DepthwiseConv2D: readDepthwise,
      SeparableConv2D: readSeparable,
    },
  },
};

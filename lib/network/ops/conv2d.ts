import { invalid } from '../../base';
import { conv2d as convolve, tf } from '../../tensor';
import {
  activation,
  copyKernelAndBias,
  expectOption,
  type LayerReader,
  paddingOf,
  pair,
  samePadding,
  single,
} from '../convert/layerSource';
import type { NodeOf, Padding } from '../graph';
import { biasSpec, bilinear, type LayerOptions, layerWeights, namesOf } from './bilinear';
import { isPositiveWhole } from './checks';
import type { Op } from './op';
import { through, vectorLayout } from './plain';
import { forEachTap, sides, windows } from './windows';

/** Cross-correlation with a kernel `[height, width, in, filters]`. */
export interface Conv2dNode extends NodeOf<'conv2d'> {
  readonly filters: number;
  readonly size: readonly [height: number, width: number];
  readonly stride: number;
  readonly padding: Padding;
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
  /** Whether it adds a bias; `false` by default. */
  bias?: boolean;
}

const read: LayerReader = (g, source, [{ id: x, padding: outer = 0 }], params) => {
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

export const conv2d: Op<Conv2dNode, [x: string, options: ConvOptions]> = {
  ...bilinear(({ stride, padding }, x, kernel) =>
    convolve(x as tf.Tensor4D, kernel as tf.Tensor4D, { stride, padding: sides(padding) }),
  ), // [batch, height, width, filters]
  node(id, x, { filters, size = 3, stride = 1, padding, bias = false }) {
    const extents = typeof size === 'number' ? ([size, size] as const) : size;
    const [rows, columns] = extents.map((extent) => Math.floor((extent - 1) / 2));
    return {
      id,
      op: 'conv2d',
      inputs: [x],
      filters,
      size: extents,
      stride,
      padding: padding ?? [rows, rows, columns, columns],
      ...namesOf(id, bias),
    };
  },
  shape(node, [x]) {
    if (!isPositiveWhole(node.filters))
      throw invalid('network', `filters of ${node.id} not a positive whole number`, node.filters);
    return [...windows(node.id, x, node), node.filters];
  },
  parameters: ({ kernel, bias, size: [height, width], filters }, [[, , channels]]) => [
    {
      name: kernel,
      shape: [height, width, channels, filters],
      role: 'kernel',
      fanIn: height * width * channels,
    },
    ...biasSpec(bias, filters),
  ],
  edges(node, shapes, visit, { kept, channels = node.filters }) {
    const [, , inputs] = shapes.inputs[0];
    const { filters } = node;
    forEachTap(node, shapes, (tap, places) => {
      for (let input = 0; input < inputs; input++)
        for (let output = 0; output < Math.min(filters, channels); output++) {
          const weight = (tap * inputs + input) * filters + output;
          if (kept !== undefined && kept[weight] === 0) continue;
          for (const [from, to] of places) visit(from * inputs + input, to * filters + output, weight);
        }
    });
  },
  pytorch: {
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
    write({ id, filters, size, stride, padding, bias }, inputs, shapes) {
      const [top, bottom, left, right] = sides(padding);
      const isValid = top + bottom + left + right === 0;
      const isSame = sides(samePadding(shapes.inputs[0], size, stride)).join() === sides(padding).join();
      const layer = tf.layers.conv2d({
        name: id,
        filters,
        kernelSize: [...size],
        strides: stride,
        padding: !isValid && isSame ? 'same' : 'valid',
        useBias: bias !== undefined,
        kernelInitializer: 'zeros',
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
    weights: layerWeights,
    readers: { Conv2D: read },
  },
};

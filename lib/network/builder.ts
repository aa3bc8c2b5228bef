import { defineNetwork } from './defineNetwork';
import type { Network, Node, Padding, Shape } from './graph';

/** Writes a network layer by layer; each method adds a node and returns its id. */
export interface GraphBuilder {
  /** Id of the input. */
  readonly input: string;
  /** Dense layer; with a bias unless told otherwise. */
  dense(id: string, x: string, options: { units: number; bias?: boolean }): string;
  /** Convolution; `size` 3, `stride` 1, `padding` that keeps the extents at stride 1, no bias unless told otherwise. */
  conv2d(id: string, x: string, options: ConvOptions): string;
  /** Batch normalisation; `epsilon` 1e-5. */
  batchNorm(id: string, x: string, options?: { epsilon?: number }): string;
  relu(id: string, x: string): string;
  /** `stride` equals `size` (2) by default. */
  maxPool(id: string, x: string, options?: { size?: number; stride?: number }): string;
  avgPool(id: string, x: string, options?: { size?: number; stride?: number }): string;
  globalAvgPool(id: string, x: string): string;
  flatten(id: string, x: string): string;
  add(id: string, ...inputs: string[]): string;
  channelScale(id: string, x: string): string;
  /** The finished network; its output is the node added last. */
  build(name: string): Network;
}

export interface ConvOptions {
  filters: number;
  size?: number | readonly [height: number, width: number];
  stride?: number;
  padding?: Padding;
  bias?: boolean;
}

/** A builder for networks that read samples of shape `input`: `[features]` or `[height, width, channels]`. */
export function graphBuilder(input: Shape): GraphBuilder {
  const nodes: Node[] = [{ id: 'input', op: 'input', inputs: [], shape: input }];
  const push = (node: Node): string => {
    nodes.push(node);
    return node.id;
  };
  return {
    input: 'input',
    dense: (id, x, { units, bias = true }) =>
      push({
        id,
        op: 'dense',
        inputs: [x],
        units,
        kernel: `${id}/kernel`,
        ...(bias && { bias: `${id}/bias` }),
      }),
    conv2d(id, x, { filters, size = 3, stride = 1, padding, bias = false }) {
      const extents = typeof size === 'number' ? ([size, size] as const) : size;
      const [rows, columns] = extents.map((extent) => Math.floor((extent - 1) / 2));
      return push({
        id,
        op: 'conv2d',
        inputs: [x],
        filters,
        size: extents,
        stride,
        padding: padding ?? [rows, rows, columns, columns],
        kernel: `${id}/kernel`,
        ...(bias && { bias: `${id}/bias` }),
      });
    },
    batchNorm: (id, x, { epsilon = 1e-5 } = {}) =>
      push({
        id,
        op: 'batchNorm',
        inputs: [x],
        epsilon,
        gamma: `${id}/gamma`,
        beta: `${id}/beta`,
        mean: `${id}/mean`,
        variance: `${id}/variance`,
      }),
    relu: (id, x) => push({ id, op: 'relu', inputs: [x] }),
    maxPool: (id, x, { size = 2, stride = size } = {}) =>
      push({ id, op: 'maxPool', inputs: [x], size, stride }),
    avgPool: (id, x, { size = 2, stride = size } = {}) =>
      push({ id, op: 'avgPool', inputs: [x], size, stride }),
    globalAvgPool: (id, x) => push({ id, op: 'globalAvgPool', inputs: [x] }),
    flatten: (id, x) => push({ id, op: 'flatten', inputs: [x] }),
    add: (id, ...inputs) => push({ id, op: 'add', inputs }),
    channelScale: (id, x) => push({ id, op: 'channelScale', inputs: [x], scale: `${id}/scale` }),
    build: (name) => defineNetwork(name, nodes),
  };
}

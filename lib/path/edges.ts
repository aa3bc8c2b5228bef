import type { Network, Node } from '../network';

/** One step of a path: from a unit of a node's input to a unit of its value, over a weight or none (−1). */
export type VisitEdge = (from: number, to: number, weight: number) => void;

/** Name of the parameter whose entries lie on the paths through a node, if it has one. */
export function edgeParameter(node: Node): string | undefined {
  switch (node.op) {
    case 'dense':
    case 'conv2d':
      return node.kernel;
    case 'batchNorm':
      return node.gamma;
    case 'channelScale':
      return node.scale;
    default:
      return undefined;
  }
}

export interface EdgeOptions {
  /** Entries of the kernel at 0 are left out; all are visited by default. */
  kept?: ArrayLike<number>;
  /** Only the first so many output channels of dense and convolution layers; all by default. */
  channels?: number;
}

/**
 * Visits every edge of one node, convolutions unrolled: one for each tap, position, input and output channel. Units are
 * flat indices, channels fastest. A node with several inputs has these edges from each.
 */
export function forEachEdge(
  network: Network,
  node: Node,
  visit: VisitEdge,
  { kept, channels = Number.POSITIVE_INFINITY }: EdgeOptions = {},
): void {
  const [shape] = node.inputs.map((id) => network.shapes[id]);
  const result = network.shapes[node.id];
  switch (node.op) {
    case 'input':
      return;
    case 'dense': {
      const units = Math.min(node.units, channels);
      for (let from = 0; from < shape[0]; from++)
        for (let to = 0; to < units; to++) {
          const weight = from * node.units + to;
          if (kept === undefined || kept[weight] !== 0) visit(from, to, weight);
        }
      return;
    }
    case 'conv2d': {
      const [rows, columns, inputs] = shape;
      const [height, width, filters] = result;
      const { stride, padding } = node;
      const [top, , left] = typeof padding === 'number' ? [padding, padding, padding] : padding;
      const outputs = Math.min(filters, channels);
      for (let i = 0; i < node.size[0]; i++)
        for (let j = 0; j < node.size[1]; j++)
          for (let input = 0; input < inputs; input++)
            for (let output = 0; output < outputs; output++) {
              const weight = ((i * node.size[1] + j) * inputs + input) * filters + output;
              if (kept !== undefined && kept[weight] === 0) continue;
              for (let y = 0; y < height; y++) {
                const row = y * stride + i - top;
                if (row < 0 || row >= rows) continue;
                for (let x = 0; x < width; x++) {
                  const column = x * stride + j - left;
                  if (column < 0 || column >= columns) continue;
                  visit(
                    (row * columns + column) * inputs + input,
                    (y * width + x) * filters + output,
                    weight,
                  );
                }
              }
            }
      return;
    }
    case 'maxPool':
    case 'avgPool': {
      const columns = shape[1];
      const [height, width, depth] = result;
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          for (let i = 0; i < node.size; i++)
            for (let j = 0; j < node.size; j++)
              for (let c = 0; c < depth; c++) {
                const at = (y * node.stride + i) * columns + x * node.stride + j;
                visit(at * depth + c, (y * width + x) * depth + c, -1);
              }
      return;
    }
    case 'globalAvgPool': {
      const [rows, columns, depth] = shape;
      for (let at = 0; at < rows * columns; at++)
        for (let c = 0; c < depth; c++) visit(at * depth + c, c, -1);
      return;
    }
    case 'batchNorm':
    case 'channelScale': {
      const depth = result[result.length - 1];
      for (let unit = 0; unit < unitsOf(result); unit++) visit(unit, unit, unit % depth);
      return;
    }
    case 'relu':
    case 'flatten':
    case 'add':
      for (let unit = 0; unit < unitsOf(result); unit++) visit(unit, unit, -1);
      return;
  }
}

/** The number of units of a value of this shape. */
export function unitsOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

import fc from 'fast-check';
import { product } from '../base';
import { defineNetwork, type Network, type Node, opOf, ops, type Shape } from '../network';

/** One choice of what comes next; each op takes of the numbers what it needs. */
interface Step {
  op: number;
  a: number;
  b: number;
  /** Which of the values so far is read beside the last. */
  other: number;
}

type Make = (id: string, x: string, a: number, b: number, other: string) => Node;

const makers: readonly Make[] = [
  (id, x, a, b) => ops.conv2d.node(id, x, { filters: 1 + a, size: 1, stride: 1 + (b % 2), bias: b === 2 }),
  (id, x, a, b) =>
    ops.conv2d.node(id, x, { filters: 2, size: [2, 1], padding: [1, 0, 0, b], groups: 2, bias: a === 0 }),
  (id, x, a, b) =>
    ops.conv2d.node(id, x, { filters: 4, size: [1, 2], padding: [0, 0, 0, 1], groups: 1 + a, stride: 1 + b }),
  (id, x, a, b) =>
    ops.conv2d.node(id, x, { filters: 1 + a, size: 2, padding: 1, dilation: 2, stride: 1 + b }),
  (id, x, a, b) =>
    ops.conv2d.node(id, x, {
      filters: 4,
      size: 2,
      padding: 1,
      dilation: 1 + (a % 2),
      groups: 2,
      bias: b > 0,
    }),
  (id, x) => ops.batchNorm.node(id, x),
  (id, x) => ops.relu.node(id, x),
  (id, x, a) => ops.leakyRelu.node(id, x, { slope: a - 0.7 }),
  (id, x) => ops.parametricRelu.node(id, x),
  (id, x, a, b) => ops.maxPool.node(id, x, { size: 2, stride: 1 + a, padding: [b % 2, 1, 0, 1] }),
  (id, x, a, b) =>
    ops.avgPool.node(id, x, { size: 2, stride: 1 + a, padding: [0, 1, b % 2, 1], countPadding: b < 2 }),
  (id, x, _, __, other) => ops.add.node(id, x, other),
  (id, x) => ops.channelScale.node(id, x),
  (id, x, _, __, other) => ops.concat.node(id, other, x),
  (id, x) => ops.dropout.node(id, x),
  (id, x, a, b) => ops.padChannels.node(id, x, { before: a % 2, after: 1, stride: 1 + b }),
  (id, x) => ops.flatten.node(id, x),
  (id, x, a) => ops.dense.node(id, x, { units: 1 + a }),
  (id, x) => ops.globalAvgPool.node(id, x),
];

/** Random graphs of every op, on maps of 4×4 with two channels. */
export const randomNetworks = networksOf(7, 64);

/**
 * Random graphs of every op.
 *
 * @param steps how many nodes they have at most, but for the last two or three
 * @param units how many entries a value has at most
 */
export function networksOf(steps: number, units: number): fc.Arbitrary<Network> {
  const step = fc.record({
    op: fc.nat(makers.length - 1),
    a: fc.nat(2),
    b: fc.nat(2),
    other: fc.nat(steps - 1),
  });
  return fc.array(step, { minLength: 1, maxLength: steps }).map((chosen) => networkOf(chosen, units));
}

/** The network of some choices, of which those that do not fit are passed over; closed by a pool or flattening and a layer. */
function networkOf(steps: readonly Step[], units: number): Network {
  const nodes: Node[] = [ops.input.node('input', [4, 4, 2])];
  const shapes: Record<string, Shape> = { input: [4, 4, 2] };
  const push = (node: Node) => {
    const op = opOf(node);
    try {
      const shape = op.shape(
        node,
        node.inputs.map((id) => shapes[id]),
      );
      if (product(shape) > units) return;
      shapes[node.id] = shape;
      nodes.push(node);
    } catch {} // does not fit
  };
  steps.forEach(({ op, a, b, other }, i) => {
    const before = nodes[other % nodes.length].id;
    push(makers[op](`n${i}`, nodes[nodes.length - 1].id, a, b, before));
  });
  const { a, b } = steps[0];
  const last = nodes[nodes.length - 1].id;
  push(a === 0 ? ops.globalAvgPool.node('pool', last) : ops.flatten.node('flat', last));
  push(ops.dense.node('out', nodes[nodes.length - 1].id, { units: 2, bias: b === 0 }));
  return defineNetwork('random', nodes);
}

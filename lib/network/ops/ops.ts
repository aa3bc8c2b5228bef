import { add } from './add';
import { avgPool } from './avgPool';
import { batchNorm } from './batchNorm';
import { channelScale } from './channelScale';
import { concat } from './concat';
import { conv2d } from './conv2d';
import { dense } from './dense';
import { dropout } from './dropout';
import { flatten } from './flatten';
import { globalAvgPool } from './globalAvgPool';
import { input } from './input';
import { leakyRelu } from './leakyRelu';
import { maxPool } from './maxPool';
import type { Op } from './op';
import { padChannels } from './padChannels';
import { parametricRelu } from './parametricRelu';
import { relu } from './relu';

/** Every op by the name of its nodes and of the builder's method. */
export const ops = {
  input,
  dense,
  conv2d,
  batchNorm,
  relu,
  maxPool,
  avgPool,
  globalAvgPool,
  flatten,
  add,
  channelScale,
  concat,
  dropout,
  leakyRelu,
  parametricRelu,
  padChannels,
};

export type OpName = keyof typeof ops;
/** A node of one of some ops. */
export type NodeWith<O extends OpName> = ReturnType<(typeof ops)[O]['node']>;
export type Node = NodeWith<OpName>;

/** All that the op of a node is. */
export function opOf(node: Node): Op<Node, readonly unknown[]> {
  return ops[node.op] as unknown as Op<Node, readonly unknown[]>;
}

import { tf } from '../../tensor';
import type { Network } from '../graph';
import { type Node, opOf } from '../ops';
import type { Params } from '../params';
import { walk } from './walk';

/** How values go along the gates of a network. */
export interface AlongGates {
  /** What a node without a recorded gate makes of the values that come to it. */
  step: (node: Node, along: tf.Tensor[]) => tf.Tensor;
  /** Whether a node with a gate has it as the samples set it. */
  isRecorded: (node: Node) => boolean;
  power: 1 | 2;
  /** Batch norm's statistics where the gates are set; `inference` by default. */
  mode?: 'inference' | 'training';
}

/** Carries values through a network whose gates are set by samples; `gatedPass` is the linear case. */
export function alongGates(
  network: Network,
  params: Params,
  x: tf.Tensor,
  { step, isRecorded, power, mode = 'inference' }: AlongGates,
): tf.Tensor2D {
  const context = { params, x, mode, directions: {} };
  const apply = (node: Node, read: Pair[]): Pair => {
    const op = opOf(node);
    const inputs = read.map(({ value }) => value);
    const along = read.map(({ sum }) => sum);
    const output = op.forward(node, inputs, context);
    if (!isRecorded(node)) return { value: output, sum: step(node, along) };
    // A gate passes one entry on, times its slope; its derivative does so to other values than its own.
    const open = (tangents: tf.Tensor[]) =>
      op.tangent(node, { inputs, tangents, output }, context) as tf.Tensor;
    const slope = () => open(along.map((values) => tf.onesLike(values)));
    return { value: output, sum: power === 1 ? open(along) : open(along).mul(slope()) };
  };
  const release = ({ value, sum }: Pair) => tf.dispose([value, sum]);
  return tf.tidy(() => walk(network, apply, release).sum as tf.Tensor2D);
}

/** A node's value in the network, and what has come to it along the gates. */
interface Pair {
  value: tf.Tensor;
  sum: tf.Tensor;
}

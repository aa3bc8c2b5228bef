import { type ForwardContext, type Network, type Node, opOf, type Params, walk } from '../network';
import { compiled, single, tf } from '../tensor';

/** How many of the units behind a ReLU are open in float32 and closed in double precision, or the reverse. */
export interface ReluFlips {
  readonly flips: number;
  readonly units: number;
}

/**
 * Counts the ReLUs that rounding opens or closes for these inputs: those of SNIP's and GraSP's gradients, which are in float32,
 * are then others than those of a reference in double precision.
 *
 * @param inputs `[samples, ...network.input]`
 */
export function reluFlips(network: Network, params: Params, inputs: tf.Tensor): ReluFlips {
  const opened = ({ params, x }: { params: Params; x: tf.Tensor }) => {
    const found: tf.Tensor[] = [];
    const context: ForwardContext = { params, x, mode: 'inference' };
    walk(network, (node: Node, values: tf.Tensor[]) => {
      const value = opOf(node).forward(node, values, context);
      if (node.op === 'relu') found.push(single(value));
      return value;
    });
    return found;
  };
  const exact = compiled(opened, { precision: 'double' });
  try {
    return tf.tidy(() => {
      const theirs = exact({ params, x: inputs });
      let [flips, units] = [0, 0];
      opened({ params, x: inputs }).forEach((tensor, k) => {
        const [ours, other] = [tensor.dataSync(), theirs[k].dataSync()];
        for (let i = 0; i < ours.length; i++) if (ours[i] > 0 !== other[i] > 0) flips++;
        units += ours.length;
      });
      return { flips, units };
    });
  } finally {
    exact.dispose();
  }
}

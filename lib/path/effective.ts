import {
  checkKernels,
  checkMask,
  cuts,
  kernelsOf,
  linearPass,
  type Mask,
  type Network,
  type Node,
} from '../network';
import { mapRecord, tf, valueAndGradients } from '../tensor';

/** What of a masked network lies on a complete path from input to output. */
export interface Effective {
  /** The mask with weights on no complete path set to 0; the caller disposes of it. */
  mask: Mask;
  /** Outputs that some path reaches. */
  outputs: number;
  /** Where no output is reached: the first layer or sum that every path would go through and none reaches. */
  brokenAt?: string;
}

/**
 * Finds the kept weights that lie on at least one complete path: only they can matter to an output or be trained.
 *
 * One pass with 0 and 1 forwards and one backwards, clipped to 0 and 1 at every layer, so that nothing over- or underflows.
 *
 * @throws `invalid mask; …` for a mask of another network
 */
export function effective(network: Network, mask: Mask): Effective {
  checkKernels(network, kernelsOf(network));
  checkMask(network, mask);
  let reached = 0;
  const { value, gradients } = valueAndGradients((at) => {
    const outputs = reach(network, at);
    reached = outputs.sum().dataSync()[0];
    return outputs.sum();
  }, mask);
  value.dispose();
  const kept = mapRecord(gradients, (gradient, name) => {
    const onPath = tf.tidy(() => gradient.greater(0).mul(mask[name]));
    gradient.dispose();
    return onPath;
  });
  return { mask: kept, outputs: reached, ...(reached === 0 && { brokenAt: brokenAt(network, mask) }) };
}

/** For each output 1 if a path reaches it, else 0: `[1, classes]`; `onValue` sees every node's units. */
function reach(network: Network, mask: Mask, onValue?: (node: Node, units: tf.Tensor) => void): tf.Tensor {
  const others = network.parameters.filter(({ name }) => !Object.hasOwn(mask, name));
  const ones = Object.fromEntries(others.map(({ name, shape }) => [name, tf.ones([...shape])]));
  const through = (node: Node, units: tf.Tensor) => {
    const reached = clip(units);
    onValue?.(node, reached);
    return reached;
  };
  const x = tf.ones([1, ...network.input]);
  return linearPass(network, { ...ones, ...mask }, x, 1, { batchNorm: 'skip', maxPool: 'sum' }, through);
}

/** 1 where positive, else 0, in both directions: only whether a path exists is carried on, not how many do. */
const clip = tf.customGrad((x) => ({
  value: tf.sign(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.sign(dy),
})) as (x: tf.Tensor) => tf.Tensor;

/** The first node that every path goes through and none reaches. */
function brokenAt(network: Network, mask: Mask): string | undefined {
  const passages = cuts(network);
  let first: string | undefined;
  tf.tidy(() => {
    reach(network, mask, ({ id }, units) => {
      if (first === undefined && passages.has(id) && units.max().dataSync()[0] === 0) first = id;
    });
  });
  return first;
}

import { type Network, opOf, type Params, walk } from '../../network';
import { linearContext } from '../../network/passes/linear';
import { lift } from '../../path';
import { compiled, compiledFor, mapRecord, readDoubles, tf } from '../../tensor';

/**
 * For each kernel and each channel that it reads, the sum of |v| over the paths of two weights through that channel: from a
 * unit that a layer before reads, over its kernel, batch norm, pools and additions and on over this kernel. With the layers
 * written as matrices it is the sum of all entries of |M_b[:, c]| |D M_a[c, :]|.
 *
 * Two passes of ones stand for the matrices: one through the layer before, one back through this layer.
 *
 * @param producer kernel of the only layer before to count; all by default
 * @returns by kernel, float64 `[input channels]`
 */
export function twoHopMass(
  network: Network,
  params: Params,
  producer?: string,
): Record<string, Float64Array> {
  const run = compiledFor(network, ['two-hop mass', producer], () =>
    compiled((inputs: Params) => massOf(network, inputs, producer), { precision: 'double' }),
  );
  const masses = run(params);
  try {
    return mapRecord(masses, (mass) => Float64Array.from(readDoubles(mass)));
  } finally {
    tf.dispose(masses);
  }
}

function massOf(network: Network, params: Params, producer?: string): Params {
  const kernels = new Set(network.parameters.filter(({ role }) => role === 'kernel').map(({ name }) => name));
  const found: Params = {};
  const context = linearContext(lift(network, params, 1), tf.zeros([1, ...network.input]), 1, {});
  walk<tf.Tensor>(network, (node, inputs) => {
    const op = opOf(node);
    const kernel = op.weight?.(node) ?? '';
    if (!kernels.has(kernel)) return op.linear(node, inputs, context);
    const through = (x: tf.Tensor) => op.linear(node, [x], context);
    const [mass] = inputs; // [1, ...places, channels]
    const back = tf.grad((x: tf.Tensor) => through(x).sum())(mass);
    found[kernel] = mass.mul(back).sum(mass.shape.map((_, axis) => axis).slice(0, -1)); // [channels]
    const counts = producer === undefined || producer === kernel;
    return through(counts ? tf.onesLike(mass) : tf.zerosLike(mass));
  });
  return found;
}

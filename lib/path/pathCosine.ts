import { checkFinite, checkParams, linearPass, type Network, type Params } from '../network';
import { compiled, compiledFor, mapRecord, readDoubles, tf } from '../tensor';
import { enumeratedPolicy } from './enumeratedPolicy';
import { foldBatchNorm } from './foldBatchNorm';
import { isInReach, outOfReach } from './outOfReach';

/**
 * The cosine of the angle between the path values of one network at two sets of parameters, Σ_p v_p v'_p over the root of
 * Σ_p v_p² Σ_p v'_p². As Σ_p v_p v'_p is the linear network at θ ⊙ θ', three passes without a sample do, in double precision.
 *
 * About 0 for parameters that were drawn apart, 1 for the same function in any parametrisation: a rescaling of hidden units
 * (`nets.rescale`) changes no path. Paths are those of `enumeratePaths`, from inputs alone; batch norm is the scale γ / σ that it
 * comes down to.
 *
 * @param params masked already where the network is pruned
 * @param others of the same network
 * @returns in [−1, 1]; NaN where one of the two has no path left
 * @throws `invalid params; …`, `invalid other params; …` where they do not fit the network, `invalid path norm; leaves float64 …`
 */
export function pathCosine(network: Network, params: Params, others: Params): number {
  checkParams(network, params);
  checkParams(network, others, 'other params');
  for (const theta of [params, others]) checkFinite(network, theta);
  const run = compiledFor(network, ['paths', 'cosine'], () =>
    compiled(
      (inputs: { params: Params; others: Params }) => {
        const [a, b] = [inputs.params, inputs.others].map((theta) => foldBatchNorm(network, theta));
        const x = tf.ones([1, ...network.input]);
        const inner = (one: Params, other: Params) =>
          linearPass(
            network,
            mapRecord(one, (value, name) => value.mul(other[name])),
            x,
            2,
            policy,
          ).sum();
        return tf.stack([inner(a, b), inner(a, a), inner(b, b)]);
      },
      { precision: 'double' },
    ),
  );
  const found = run({ params, others });
  const [both, first, second] = readDoubles(found);
  found.dispose();
  for (const [theta, square] of [
    [params, first],
    [others, second],
  ] as const)
    if (!isInReach(square))
      throw outOfReach('path norm', square, { network, params: theta, power: 2, options: { policy } });
  return both / Math.sqrt(first) / Math.sqrt(second);
}

const policy = { ...enumeratedPolicy, batchNorm: 'fold' } as const;

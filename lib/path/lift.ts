import { checkNames, invalid, lookUp } from '../base';
import { applyMask, checkParams, type Mask, type Network, type Params } from '../network';
import { mapRecord, tf } from '../tensor';

export interface LiftOptions {
  /** Which weights are kept; all of them by default. */
  mask?: Mask;
  /**
   * What becomes of batch norm's running mean and variance: `keep` (default) uses them as they are; `lift` raises them
   * like the weights, as published code does.
   */
  statistics?: 'keep' | 'lift';
}

/**
 * The non-negative parameters s = |θ|^power at which sums over paths are evaluated. The caller disposes of them.
 *
 * @param power 1 for |θ|, 2 for θ²
 * @throws `invalid power; …`, `invalid params; …`, `invalid mask; …`
 */
export function lift(network: Network, params: Params, power: 1 | 2, options: LiftOptions = {}): Params {
  checkNames('lift', options, { mask: 1, statistics: 1 });
  const { mask, statistics = 'keep' } = options;
  lookUp('statistics', { keep: 1, lift: 1 }, statistics);
  if (!(power === 1 || power === 2)) throw invalid('power', 'not 1 or 2', power);
  checkParams(network, params);
  const roles = new Map(network.parameters.map(({ name, role }) => [name, role]));
  const isStatistic = (name: string) => roles.get(name) === 'mean' || roles.get(name) === 'variance';
  return tf.tidy(() =>
    mapRecord(mask ? applyMask(network, params, mask) : params, (tensor, name) => {
      if (statistics === 'keep' && isStatistic(name)) return tensor.clone();
      return power === 1 ? tensor.abs() : tensor.square();
    }),
  );
}

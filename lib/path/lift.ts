import { checkNames, lookUp } from '../base';
import {
  applyMask,
  checkParams,
  checkPower,
  type Mask,
  type Network,
  type Params,
  type Power,
} from '../network';
import { raised } from '../network/ops/plain';
import { mapRecord, tf } from '../tensor';
import { foldBatchNorm } from './foldBatchNorm';

export interface LiftOptions {
  /** Which weights are kept; all of them by default. */
  mask?: Mask;
  /**
   * What becomes of batch norm's running mean and variance: `keep` (default) uses them as they are; `lift` raises them
   * like the weights, as published code does; `fold` makes γ and β the scale γ / σ and the shift β − μ γ / σ that batch norm
   * is with them, then raises those.
   */
  statistics?: 'keep' | 'lift' | 'fold';
}

/**
 * The non-negative parameters s = |θ|^q at which sums over paths are evaluated. The caller disposes of them.
 *
 * @param power q: 1, 2 or 4
 * @throws `invalid power; …`, `invalid params; …`, `invalid mask; …`
 */
export function lift(network: Network, params: Params, power: Power, options: LiftOptions = {}): Params {
  checkNames('lift', options, { mask: 1, statistics: 1 });
  const { mask, statistics = 'keep' } = options;
  lookUp('statistics', { keep: 1, lift: 1, fold: 1 }, statistics);
  checkPower(power);
  checkParams(network, params);
  const roles = new Map(network.parameters.map(({ name, role }) => [name, role]));
  const isStatistic = (name: string) => roles.get(name) === 'mean' || roles.get(name) === 'variance';
  return tf.tidy(() => {
    const masked = mask ? applyMask(network, params, mask) : params;
    return mapRecord(statistics === 'fold' ? foldBatchNorm(network, masked) : masked, (tensor, name) =>
      statistics !== 'lift' && isStatistic(name)
        ? tensor.clone()
        : raised(power === 1 ? tensor.abs() : tensor, power),
    );
  });
}

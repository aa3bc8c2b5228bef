import type { Network, Params } from '../../network';
import type { Described, ScoreContext, ScoringMethod } from '../method';
import type { Coupling } from './couplings';

/** A rule that says how much each channel matters; those with the lowest saliencies are removed. */
export interface ChannelMethod extends Pick<Described<ScoringMethod>, 'description' | 'about' | 'needs'> {
  /** What is removed at once. */
  groups(network: Network): Coupling[];
  /**
   * @param params with pruned weights at 0
   * @returns by coupling, for each of its channels how much it matters
   */
  saliencies(
    network: Network,
    params: Params,
    couplings: readonly Coupling[],
    context: ScoreContext,
  ): readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>;
}

import type { Network, Params } from '../network';
import type { LogValue } from './logValue';
import { type PathNormOptions, pathNorm } from './pathNorm';

/**
 * The squared L2 path norm R(1; θ²) = Σ_p v_p² (arXiv 2101.10552), of which SynFlow-L2's score is half the sensitivity.
 *
 * @param options `input` is taken as it is: x² where Σ v_p² x_s[p]² is wanted
 */
export function l2PathNorm(network: Network, params: Params, options: PathNormOptions = {}): LogValue {
  return pathNorm(network, params, 2, options);
}

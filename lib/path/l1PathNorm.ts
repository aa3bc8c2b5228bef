import type { Network, Params } from '../network';
import type { LogValue } from './logValue';
import { type PathNormOptions, pathNorm } from './pathNorm';

/**
 * The L1 path norm R(1; |θ|) = Σ_p |v_p|, of which SynFlow's score is the sensitivity (arXiv 2006.05467, eq. 3; arXiv 2101.10552).
 *
 * @param options `input` other than ones gives R(x; |θ|), as SynFlow-Dist uses it with the mean image
 */
export function l1PathNorm(network: Network, params: Params, options: PathNormOptions = {}): LogValue {
  return pathNorm(network, params, 1, options);
}

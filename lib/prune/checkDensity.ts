import { checkNames, invalid, product } from '../base';
import { kernelsOf, type Network, type ParameterSpec } from '../network';

/** How much to keep: one of the two. */
export interface HowMuch {
  /**
   * Fraction of the weights to keep, in (0, 1]; where only some layers are pruned, of theirs. Methods that take out whole channels come
   * as near to it as these allow.
   */
  density?: number;
  /** All weights over kept ones, ρ = 1 / density: 1 or more. */
  compression?: number;
}

/**
 * The density asked for, by either name.
 *
 * @param kernels those that are pruned
 *
 * @throws `invalid density; …` or `invalid compression; …` where both or neither is given, or it is out of range: at least
 *   one weight a layer must be left, which limits the compression to N / L
 */
export function checkDensity(
  network: Network,
  howMuch: HowMuch,
  kernels: readonly ParameterSpec[] = kernelsOf(network),
): number {
  checkNames('a density', howMuch, { density: 1, compression: 1 });
  const { density, compression } = howMuch;
  if (density !== undefined && compression !== undefined)
    throw invalid('density', 'give density or compression, not both', [density, compression]);
  const total = kernels.reduce((sum, { shape }) => sum + product(shape), 0);
  const limit = total / kernels.length;
  const bound = `${network.name} has ${kernels.length} layers with ${total} weights`;
  if (density !== undefined) {
    if (!(typeof density === 'number' && 0 < density && density <= 1))
      throw invalid('density', 'not in (0, 1]', density);
    if (!(Math.round(density * total) >= kernels.length))
      throw invalid('density', `below one weight a layer, ${1 / limit}; ${bound}`, density);
    return density;
  }
  if (compression === undefined)
    throw invalid('density', 'give density (fraction kept) or compression (1 / density)', density);
  if (!(typeof compression === 'number' && compression >= 1))
    throw invalid('compression', 'not 1 or more', compression);
  if (!(Math.round(total / compression) >= kernels.length))
    throw invalid('compression', `beyond one weight a layer, ${limit}; ${bound}`, compression);
  return 1 / compression;
}

/** @throws `invalid density; …` where a layer's share is no weight at all */
export function checkLayerDensities(kernels: readonly ParameterSpec[], density: number): void {
  for (const { layer, shape } of kernels) {
    const size = product(shape);
    if (!(Math.round(density * size) >= 1))
      throw invalid('density', `leaves none of the ${size} weights of ${layer} with scope layer`, density);
  }
}

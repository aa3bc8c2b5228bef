import { invalid } from '../../base';

/**
 * The share of a layer's filters whose separation of the classes is a threshold at least: how hard the layer is to prune. Ours, in
 * the place of TVSPrune's LDIFF, whose formula was not found.
 *
 * @param separations of its filters, such as bounds of the total variation
 */
export function layerDifficulty(separations: ArrayLike<number>, threshold: number): number {
  if (!(separations.length > 0)) throw invalid('separations', 'has none', separations);
  if (Number.isNaN(threshold)) throw invalid('threshold', 'not a number', threshold);
  return Array.from(separations).filter((value) => value >= threshold).length / separations.length;
}

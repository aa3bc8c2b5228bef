import { invalid } from '../../base';
import { inMillionths, MILLION } from './exactCounts';
import type { LayerRatio } from './layerRatio';
import type { LayerSize } from './layerSize';

/** What is kept of a dense layer. */
const DENSE_LAYERS = 0.3;

/**
 * Smart ratio (Su et al. 2020, arXiv 2009.11094): with k = L … 1 from the first layer to the last, convolutions have densities
 * ∝ k² + k, divided by the square of their place in a network without additions; dense layers keep 0.3. What is above 1 goes to the next
 * convolution.
 *
 * Ours, as the paper speaks of convolutional networks alone: in a network of dense layers all but the last take the part of the
 * convolutions, and what finds no place in any convolution goes to the dense layers.
 */
export const smartRatio: LayerRatio = (layers, density, isResidual) => {
  const isSpread = partOfConvolutions(layers);
  const weights = (of: (layer: LayerSize, i: number) => number) =>
    layers.reduce((sum, layer, i) => sum + of(layer, i), 0);
  const wanted = floorOf(density * weights(({ size }) => size));
  const dense = floorOf(DENSE_LAYERS * weights(({ size }, i) => (isSpread(i) ? 0 : size)));
  const goal = wanted - dense;
  if (!(goal > 0))
    throw invalid(
      'density',
      `smart ratio keeps ${dense} weights of the dense layers, and no more is asked for`,
      density,
    );
  const raw = layers.map((_, i) => {
    const k = layers.length - i;
    return (k ** 2 + k) / (isResidual ? 1 : (i + 1) ** 2);
  });
  const unit = goal / weights(({ size }, i) => (isSpread(i) ? raw[i] * size : 0));
  let excess = 0;
  const kept = layers.map(({ size }, i) => {
    if (!isSpread(i)) return DENSE_LAYERS * size;
    const share = raw[i] * unit * size + excess;
    excess = Math.max(0, share - size);
    return Math.min(share, size);
  });
  const isFull = excess > 1 / MILLION;
  for (const [i, { size }] of layers.entries()) {
    if (isSpread(i)) continue;
    const more = Math.min(excess, size - kept[i]);
    kept[i] += more;
    excess -= more;
  }
  const fixed = layers.flatMap(({ size }, i): [number, number][] =>
    isSpread(i) ? [] : [[i, floorOf(DENSE_LAYERS * size)]],
  );
  return {
    densities: kept.map((count, i) => count / layers[i].size),
    goal,
    excess,
    ...(!isFull && { fixed: new Map(fixed) }),
  };
};

/** Whether a layer, by its place, is a convolution; of a network without any, whether it is not the last. */
function partOfConvolutions(layers: readonly LayerSize[]): (i: number) => boolean {
  const hasConvolutions = layers.some(({ window }) => window.length > 0);
  return (i) => (hasConvolutions ? layers[i].window.length > 0 : i < layers.length - 1);
}

/** Rounded down, but for what is missing by rounding alone. */
function floorOf(count: number): number {
  return Math.floor(inMillionths(count) / MILLION);
}

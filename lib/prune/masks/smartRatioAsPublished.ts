import type { LayerRatio } from './layerRatio';
import type { LayerSize } from './layerSize';

/** Dense layers keep it. */
const DENSE_LAYERS = 0.3;

const float = Math.fround;

/**
 * What the authors' code of smart ratio keeps of each layer (arXiv 2009.11094, in its float32 and with its truncations): up to a weight a
 * layer less than asked for, and 0.3 of every dense layer. What is above 1 moves on only as long as each next layer overflows too.
 */
export const smartRatioAsPublished: LayerRatio = (layers, density, isResidual) => {
  const counts = countsOf(layers, density, isResidual);
  return { densities: counts.map((count, i) => count / layers[i].size), fixed: new Map(counts.entries()) };
};

function countsOf(layers: readonly LayerSize[], density: number, isResidual: boolean): number[] {
  const isDense = ({ window }: LayerSize) => window.length === 0;
  const count = layers.length;
  const ratios = layers.map((_, i) => float((count - i) ** 2 + (count - i)));
  let [spread, dense, total] = [0, 0, 0];
  layers.forEach((layer, i) => {
    if (isDense(layer)) dense = float(dense + layer.size);
    else {
      const share = float(layer.size * ratios[i]);
      spread += Math.trunc(isResidual ? share : float(share / (i + 1) ** 2));
    }
    total = float(total + layer.size);
  });
  const kept = 1 - (1 - density); // it is told how much to cut
  const goal = Math.trunc(float(total * float(kept))) - Math.trunc(float(dense * float(DENSE_LAYERS)));
  const unit = float(goal / spread);
  const convolutions = layers.flatMap((layer, i) => (isDense(layer) ? [] : [i]));
  convolutions.forEach((_, i) => {
    const scaled = float(ratios[i] * unit);
    ratios[i] = isResidual ? scaled : float(scaled / (i + 1) ** 2);
  });
  let extra = 0;
  for (const [i, layer] of layers.entries()) {
    if (!isDense(layer)) {
      if (ratios[i] >= 1) {
        extra += Math.trunc(float(float(ratios[i] - 1) * layer.size));
        ratios[i] = 1;
      } else {
        const rest = Math.trunc(float(float(1 - ratios[i]) * layer.size));
        if (rest >= extra) {
          ratios[i] = float(ratios[i] + float(extra / layer.size));
          extra = 0;
        } else {
          extra -= rest;
          ratios[i] = 1;
        }
      }
    }
    if (extra === 0) break;
  }
  return layers.map((layer, i) => {
    if (isDense(layer)) return Math.trunc(float(float(DENSE_LAYERS) * layer.size));
    return ratios[i] >= 1 ? layer.size : Math.trunc(float(ratios[i] * layer.size));
  });
}

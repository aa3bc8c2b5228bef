import { invalid } from '../../base';
import type { LayerRatio } from './layerRatio';
import type { LayerSize } from './layerSize';

/**
 * Densities ε r_l that come to the density of the whole. Layers with ε r_l above 1 are kept whole and leave, and ε is found anew
 * for the others, until none is above 1 (Evci et al. 2020, arXiv 1911.11134).
 *
 * @param raw r_l
 * @param isWhole layers kept whole from the start; none by default
 */
function filled(raw: (layer: LayerSize) => number, isWhole = (_: number, __: number) => false): LayerRatio {
  return (layers, density) => {
    const total = layers.reduce((sum, { size }) => sum + size, 0);
    const dense = new Set(layers.keys());
    for (const i of dense) if (!isWhole(i, layers.length)) dense.delete(i);
    for (;;) {
      const sizeOf = (isDense: boolean, weight: (layer: LayerSize) => number) =>
        layers.reduce((sum, layer, i) => (dense.has(i) === isDense ? sum + weight(layer) : sum), 0);
      const left = density * total - sizeOf(true, ({ size }) => size);
      const unit = sizeOf(false, (layer) => raw(layer) * layer.size);
      if (!(left >= 0)) {
        const weights = sizeOf(true, ({ size }) => size);
        throw invalid('density', `less than the ${weights} weights of the layer that is kept whole`, density);
      }
      const epsilon = unit > 0 ? left / unit : 0;
      const above = layers.flatMap((layer, i) => (!dense.has(i) && epsilon * raw(layer) > 1 ? [i] : []));
      for (const i of above) dense.add(i);
      if (above.length > 0) continue;
      const densities = layers.map((layer, i) => (dense.has(i) ? 1 : epsilon * raw(layer)));
      return { densities, epsilon, dense: [...dense].sort((a, b) => a - b) };
    }
  };
}

const unitsAlone = ({ inputs, outputs }: LayerSize) => (inputs + outputs) / (inputs * outputs);

const allExtents = ({ inputs, outputs, window, size }: LayerSize) =>
  window.reduce((sum, extent) => sum + extent, inputs + outputs) / size;

/** Erdős–Rényi (Mocanu et al. 2018, arXiv 1707.04780): r = (in + out) / (in · out), windows left out. */
export const er: LayerRatio = filled(unitsAlone);

/** Erdős–Rényi with kernels (Evci et al. 2020, arXiv 1911.11134): r = (in + out + height + width) / weights. */
export const erk: LayerRatio = filled(allExtents);

/** ERK+ (Liu et al. 2022, arXiv 2202.02643): ERK with the last layer kept whole. */
export const erkPlus: LayerRatio = filled(allExtents, (i, count) => i === count - 1);

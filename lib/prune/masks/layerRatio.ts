import type { LayerSize } from './layerSize';

/** How a density is spread over layers. */
export interface LayerSpread {
  /** Of each layer, in [0, 1]. */
  densities: number[];
  /** Exact numbers of weights of some layers, by place; the others share the rest by their densities. */
  fixed?: ReadonlyMap<number, number>;
  /** ER and ERK: the common factor ε of the layers that are not kept whole, and the places of those that are. */
  epsilon?: number;
  dense?: number[];
  /** Smart ratio: what the convolutions share. */
  goal?: number;
  /** Smart ratio: weights that find no place. */
  excess?: number;
}

/**
 * A rule that gives each layer its density from the sizes of all and the density of the whole.
 *
 * @param isResidual whether the network adds branches
 */
export type LayerRatio = (layers: readonly LayerSize[], density: number, isResidual: boolean) => LayerSpread;

/** The same density in every layer. */
export const uniformRatio: LayerRatio = (layers, density) => ({ densities: layers.map(() => density) });

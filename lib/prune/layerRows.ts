import { kernelsOf, type Mask, type Network } from '../network';
import type { Effective } from '../path';
import { tf } from '../tensor';

/** One layer of a `PruneReport`. */
export interface LayerRow {
  /** Id of the layer. */
  layer: string;
  /** Name of its kernel. */
  name: string;
  /** Weights of the kernel. */
  size: number;
  kept: number;
  /** kept / size */
  density: number;
  /** Kept weights on at least one complete path from input to output. */
  effective: number;
  /** Output channels of the layer. */
  units: number;
  /** Those of them on at least one complete path. */
  effectiveUnits: number;
}

/** The layers of a pruned network, in order. */
export function layerRows(network: Network, mask: Mask, live: Effective): LayerRow[] {
  return kernelsOf(network).map(({ name, layer, shape }) => {
    const { size } = mask[name];
    const kept = count(mask[name]);
    const units = shape[shape.length - 1];
    const reached = tf.tidy(() => live.mask[name].reshape([-1, units]).max(0)); // [units]
    const effectiveUnits = count(reached);
    reached.dispose();
    return {
      layer,
      name,
      size,
      kept,
      density: kept / size,
      effective: count(live.mask[name]),
      units,
      effectiveUnits,
    };
  });
}

function count(mask: tf.Tensor): number {
  return tf.tidy(() => mask.notEqual(0).sum().dataSync()[0]); // counted in int32: float32 stops at 2²⁴
}

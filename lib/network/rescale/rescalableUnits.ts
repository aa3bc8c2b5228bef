import { checkNetwork } from '../checkNetwork';
import type { Network } from '../graph';
import { channelsOf } from '../joinChannels';
import { absorbingOf } from './absorbing';

/** A channel of a layer. */
export interface LayerChannel {
  /** Id of the layer: one with weights, or a batch norm. */
  layer: string;
  channel: number;
}

/**
 * A hidden unit: what leads into it times λ > 0 and what leads on divided by λ leave the function of the network as it is.
 *
 * Channels that additions tie are one unit. With batch norm there are two, before and behind it: into the second lead γ and β,
 * and from the first on lead the running statistics.
 */
export interface RescalableUnit {
  /** Whose values its channels come from. */
  incoming: LayerChannel[];
  /** What reads them: a channel of what the layer reads. */
  outgoing: LayerChannel[];
}

/**
 * The units of a network that {@link rescale} takes a factor of, in order of the layers: all hidden ones but those that are
 * tied to the input or to an output.
 */
export function rescalableUnits(network: Network): RescalableUnit[] {
  checkNetwork(network);
  const { layers, joined, fixed } = absorbingOf(network);
  const units = new Map<number, RescalableUnit>();
  for (const { id: layer } of layers)
    for (let channel = 0; channel < channelsOf(network, layer); channel++) {
      const unit = joined.unitOf(layer, channel);
      if (fixed.input.has(unit) || fixed.output.has(unit)) continue;
      if (!units.has(unit)) units.set(unit, { incoming: [], outgoing: [] });
      units.get(unit)?.incoming.push({ layer, channel });
    }
  for (const { id: layer, inputs } of layers)
    for (let channel = 0; channel < channelsOf(network, inputs[0]); channel++)
      units.get(joined.unitOf(inputs[0], channel))?.outgoing.push({ layer, channel });
  return [...units.values()];
}

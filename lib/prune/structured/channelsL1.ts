import { kernelsOf } from '../../network';
import type { ChannelMethod } from './channelMethod';
import { couplingsOf } from './couplings';
import { sumOver } from './overLayers';
import { structured } from './structured';

export const l1Channels: ChannelMethod = {
  description: 'Σ |θ| over the weights into a channel, over all layers that write it',
  about: {
    paper: 'a baseline of Narshana, Murti and Bhattacharyya, ICLR 2023',
    criterion: 'norm',
    cost: 'one sort of the channels',
    references: ['coupled-channels'],
    when: 'after training',
    structured: true,
  },
  needs: 'nothing',
  groups: couplingsOf,
  saliencies(network, params, couplings) {
    const norms = Object.fromEntries(
      kernelsOf(network).map(({ name, shape }) => {
        const sums = new Float64Array(shape[shape.length - 1]);
        params[name].dataSync().forEach((weight, at) => {
          sums[at % sums.length] += Math.abs(weight);
        });
        return [name, sums];
      }),
    );
    return sumOver(couplings, 'written', norms);
  },
};

/** Removes the channels whose incoming weights have the smallest L1 norm, batch norm left out. */
export const channelsL1 = structured(l1Channels);

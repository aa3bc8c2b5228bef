import type { ChannelMethod } from './channelMethod';
import { couplingsOf } from './couplings';
import { sumOver } from './overLayers';
import { structured } from './structured';
import { twoHopMass } from './twoHopMass';

export const dfpcChannels: ChannelMethod = {
  description: 'Σ |W_b| |D W_a| through a channel, over all layers that write and read it',
  about: {
    paper: 'Narshana, Murti and Bhattacharyya, ICLR 2023',
    criterion: 'paths',
    cost: 'a pass of ones forward and back through each layer',
    ours: 'max pools pass the largest entry; a convolution with groups ends one step and begins the next',
    references: ['coupled-channels'],
    when: 'after training',
    structured: true,
  },
  needs: 'nothing',
  groups: couplingsOf,
  saliencies: (network, params, couplings) => sumOver(couplings, 'read', twoHopMass(network, params)),
};

export const dfpcSingleChannels: ChannelMethod = {
  ...dfpcChannels,
  description: 'DFPC for channels that one layer writes and one reads; what is added up stays whole',
  groups: (network) =>
    couplingsOf(network).filter(
      ({ producers, consumers }) => producers.length === 1 && consumers.length === 1,
    ),
};

/**
 * Removes the channels c with the smallest Σ |M_b[:, c]| |D M_a[c, :]| over the layers a that write them and the layers b behind
 * them that read them, M a layer as a matrix and D its batch norm: the sum of |v| over the paths of two weights through them. It is
 * the backwards graph-based saliency (BGSC) of DFPC, which bounds what their removal changes in the values behind. Which layer is
 * behind which, the network says; published code goes by the order of their names. Saliencies of different couplings are compared
 * as they are.
 */
export const dfpc = structured(dfpcChannels);

/** The same without the channels that an addition ties, as `prune-coupled 0` of the published code. */
export const dfpcSingle = structured(dfpcSingleChannels);

import type { ChannelMethod } from './channelMethod';
import { couplingsOf } from './couplings';
import { structured } from './structured';

export const randomChannels: ChannelMethod = {
  description: 'uniform random numbers, one a channel',
  about: {
    paper: 'a baseline of Narshana, Murti and Bhattacharyya, ICLR 2023',
    criterion: 'chance',
    cost: 'one draw a channel',
    when: 'after training',
    structured: true,
  },
  needs: 'nothing',
  groups: couplingsOf,
  saliencies: (_, __, couplings, { random }) =>
    couplings.map(({ id, channels }) => {
      const stream = random.fork(id);
      return Float64Array.from(channels, () => stream.uniform());
    }),
};

/** Removes channels at random: what any other method has to beat. */
export const channelsRandom = structured(randomChannels);

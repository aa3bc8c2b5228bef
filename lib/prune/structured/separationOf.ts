import { invalid } from '../../base';
import { mapRecord } from '../../tensor';
import type { ScoreBatch } from '../method';
import type { ChannelMethod } from './channelMethod';
import { classMoments } from './classMoments';
import { couplingsOf } from './couplings';
import { leastSeparation, type Term } from './leastSeparation';
import { largestOver } from './overLayers';

/**
 * How channels are ranked by how far apart the values of the filters that write them are, in the two classes where they are the
 * least.
 *
 * @param pooled whether a filter's values are averaged over the map, or its places add up
 */
export function separationOf(
  term: Term,
  pooled: boolean,
): Pick<ChannelMethod, 'needs' | 'groups' | 'saliencies'> {
  return {
    needs: 'batch',
    groups: couplingsOf,
    saliencies(network, params, couplings, { batch, batchNorm }) {
      const moments = classMoments(network, params, batch as ScoreBatch, { pooled, batchNorm });
      const [{ counts, classes }] = Object.values(moments);
      const alone = counts.findIndex((count) => count < 2);
      if (alone >= 0)
        throw invalid(
          'batch',
          'a variance takes two images of each class, there is one of class',
          classes[alone],
        );
      return largestOver(
        couplings,
        mapRecord(moments, (own) => leastSeparation(own, term).values),
      );
    },
  };
}

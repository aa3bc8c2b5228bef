import { kernelsOf, type Network } from '../../network';
import { mapRecord } from '../../tensor';
import type { ScoreBatch } from '../method';
import type { ChannelMethod } from './channelMethod';
import { type ClassMoments, classMoments } from './classMoments';
import { type Coupling, couplingsOf } from './couplings';
import { type ClassPair, type ClassSpread, classPairs, leastSeparation, type Term } from './leastSeparation';
import { largestOver } from './overLayers';
import { structured } from './structured';

const squaredGap: Term = (mean1, _, mean2) => (mean1 - mean2) ** 2;

/**
 * For each filter the norm over the map of the difference of two classes' mean maps, the smallest over pairs of classes.
 *
 * @param pairs all by default
 */
export function classMeanGaps(moments: ClassSpread, pairs?: readonly ClassPair[]): Float64Array {
  return leastSeparation(moments, squaredGap, pairs).values.map(Math.sqrt);
}

/** The pairs that published code looks at: the first in order, as many as there are filters; all where there are fewer. */
export function publishedPairs(classes: number, filters: number): ClassPair[] {
  return classPairs(classes).slice(0, filters);
}

function gapsOver(
  groups: ChannelMethod['groups'],
  pairsOf: (moments: ClassMoments) => readonly ClassPair[] | undefined,
): Pick<ChannelMethod, 'needs' | 'groups' | 'saliencies'> {
  return {
    needs: 'batch',
    groups,
    saliencies(network, params, couplings, { batch, batchNorm }) {
      const moments = classMoments(network, params, batch as ScoreBatch, { pooled: false, batchNorm });
      return largestOver(
        couplings,
        mapRecord(moments, (own) => overMean(classMeanGaps(own, pairsOf(own)))),
      );
    },
  };
}

function overMean(gaps: Float64Array): Float64Array {
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return gaps.map((gap) => (mean === 0 ? 0 : gap / mean));
}

export const classMeanGapChannels: ChannelMethod = {
  ...gapsOver(couplingsOf, () => undefined),
  description: 'smallest gap between the mean maps of two classes, over the mean of its layer',
  about: {
    paper: 'the code of TVSPrune (2977916) with all pairs of classes',
    criterion: 'features',
    cost: 'a pass of the labelled images and a number for each filter, place and pair of classes',
    ours: 'a channel that several layers write counts as its best filter',
    references: ['total-variation'],
    when: 'after training',
    structured: true,
  },
};

export const classMeanGapAsPublishedChannels: ChannelMethod = {
  ...gapsOver(filtersOf, ({ classes, filters }) => publishedPairs(classes.length, filters)),
  description: 'class-mean-gap with the first pairs of classes only; what reads a filter stays',
  about: {
    ...classMeanGapChannels.about,
    paper: 'the code of TVSPrune (2977916)',
    ours: 'all pairs where there are fewer than filters, at which the code stops with an error',
  },
};

/**
 * Removes the channels whose mean maps differ the least between two classes, by what TVSPrune's published code computes in the
 * place of a total variation: ‖difference of the means‖, the smallest over all pairs of classes, over the mean of the layer. A
 * threshold on it, the same in every layer, is the code's `crit_frac`.
 */
export const classMeanGap = structured(classMeanGapChannels);

/**
 * That code as it is: of the pairs of classes only the first, as many as the layer has filters, and of a removed filter only the
 * weights into it, so that the shift behind it goes on to what reads it.
 */
export const classMeanGapAsPublished = structured(classMeanGapAsPublishedChannels);

/** The filters of the convolutions that are none of the outputs, each by itself. */
function filtersOf(network: Network): Coupling[] {
  const hidden = new Set(couplingsOf(network).flatMap(({ producers }) => producers));
  return kernelsOf(network)
    .filter(({ name, shape }) => shape.length === 4 && hidden.has(name))
    .map(({ name, layer, shape }) => ({
      id: layer,
      producers: [name],
      consumers: [],
      channels: Array.from({ length: shape[3] }, (_, filter) => ({
        written: { [name]: [filter] },
        read: {},
      })),
    }));
}

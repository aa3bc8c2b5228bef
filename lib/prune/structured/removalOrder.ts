import { invalid } from '../../base';
import type { CoupledChannel } from './couplings';

/** A channel with how much it matters. */
export interface RankedChannel {
  /** Id of its coupling. */
  coupling: string;
  /** Which of the coupling's channels. */
  channel: number;
  saliency: number;
  /** Where it is written and read. */
  at: CoupledChannel;
}

/**
 * Channels in the order in which they go: the lowest saliency of all couplings first, as it is, of equal ones the one that is
 * listed first. One that would leave a layer without a channel is passed over and stays.
 *
 * @param channels all that there are
 * @param removed those of them that are gone already; none by default
 * @throws `invalid saliency; …` for NaN
 */
export function removalOrder(
  channels: readonly RankedChannel[],
  removed: readonly RankedChannel[] = [],
): RankedChannel[] {
  const wrong = channels.find(({ saliency }) => Number.isNaN(saliency));
  if (wrong)
    throw invalid('saliency', `no number for channel ${wrong.channel} of ${wrong.coupling}`, wrong.saliency);
  const gone = new Set(removed.map(keyOf));
  const present = channels.filter((channel) => !gone.has(keyOf(channel)));
  const left = new Map<string, number>();
  const count = ({ written }: CoupledChannel, change: 1 | -1) => {
    for (const [kernel, { length }] of Object.entries(written))
      left.set(kernel, (left.get(kernel) ?? 0) + change * length);
  };
  for (const { at } of present) count(at, 1);
  return present
    .sort((a, b) => a.saliency - b.saliency || 0) // of two that are infinite NaN
    .filter(({ at }) => {
      if (Object.entries(at.written).some(([kernel, { length }]) => left.get(kernel) === length))
        return false;
      count(at, -1);
      return true;
    });
}

const keyOf = ({ coupling, channel }: RankedChannel) => `${channel} ${coupling}`;

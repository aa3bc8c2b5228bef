import { mean } from 'd3-array';
import { invalid } from '../base';

/** How much less than before a loss may still change, relative to itself, to have come to a plateau. */
const STILL = 0.02;

/** Where a training loss stands at the end. */
export interface Plateau {
  /** Relative change of the mean loss from the fifth of the epochs before the last to the last fifth; negative where it falls. */
  change: number;
  /** Whether it changes by less than 2 %. */
  reached: boolean;
}

/**
 * Whether training has come to a plateau: the mean training loss of the last fifth of the epochs differs by less than 2 % from that of the
 * fifth before.
 *
 *     training.plateau(history.rows.slice(1).map(({ trainLoss }) => trainLoss)).reached
 *
 * A loss that goes on falling to 0, as where a network learns few images by heart, never comes to one; nor does one that is not finite.
 *
 * @param losses of each epoch, the first one first; a fifth is rounded down
 * @throws `invalid losses; fewer than 5 epochs: COUNT`
 */
export function plateau(losses: readonly (number | null)[]): Plateau {
  const fifth = Math.floor(losses.length / 5);
  if (fifth === 0) throw invalid('losses', 'fewer than 5 epochs', losses.length);
  const [before, last] = [losses.slice(-2 * fifth, -fifth), losses.slice(-fifth)].map((part) =>
    mean(part, (loss) => loss ?? Number.NaN),
  ) as [number, number];
  const isWhole = losses.slice(-2 * fifth).every((loss) => Number.isFinite(loss));
  const change = isWhole ? last / before - 1 : Number.NaN;
  return { change, reached: Math.abs(change) < STILL };
}

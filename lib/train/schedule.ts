import { checkNames, invalid } from '../base';

/** Step decay: the learning rate is multiplied by `rate` after each of the epochs in `drops`. */
export interface Schedule {
  /** Epochs after which the rate drops, rising: `[80, 120]` means from the 81st and the 121st on. */
  readonly drops: readonly number[];
  /** The factor of each drop; 0.1 by default. */
  readonly rate?: number;
}

/**
 * The learning rate during an epoch, as torch's MultiStepLR gives it.
 *
 * @param epoch counted from 1
 */
export function learningRateAt(initial: number, schedule: Schedule | undefined, epoch: number): number {
  if (schedule === undefined) return initial;
  checkSchedule(schedule);
  const { drops, rate = 0.1 } = schedule;
  return initial * rate ** drops.filter((drop) => drop < epoch).length;
}

/** @throws `invalid schedule; …` for drops that are not rising whole numbers from 1, or a rate outside (0, 1] */
export function checkSchedule(schedule: Schedule): void {
  checkNames('schedule', schedule, { drops: 1, rate: 1 });
  const { drops, rate = 0.1 } = schedule;
  if (!Array.isArray(drops)) throw invalid('schedule', 'drops not a list of epochs', drops);
  const isRising = drops.every(
    (drop, i) => Number.isInteger(drop) && drop >= 1 && (i === 0 || drop > drops[i - 1]),
  );
  if (!isRising) throw invalid('schedule', 'drops not whole epochs from 1, rising', drops);
  if (!(rate > 0 && rate <= 1)) throw invalid('schedule', 'rate not in (0, 1]', rate);
}

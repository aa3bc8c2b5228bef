import { timeText } from '../../base';
import { memoryText } from '../../base/memorySize';
import { type Estimate, secondsOf } from './estimate';
import type { MissingData } from './missingData';
import { asked } from './workerCount';

/** Seconds of work of which nothing is said beforehand. */
const SHORT = 60;

/** How long all runs take a core, as far as can be said. */
export function secondsOfAll(estimates: readonly Estimate[]): number {
  return estimates.reduce((sum, one) => sum + secondsOf(one), 0);
}

/**
 * What runs ask of a machine: `about 3 h 20 min of a core to do, 1 h 40 min on 2 cores, 1.4 GB of memory for 2 at a time`.
 *
 * @param workers runs at a time
 */
export function needsText(estimates: readonly Estimate[], workers: number): string {
  const seconds = secondsOfAll(estimates);
  const memory = memoryText(
    asked(
      estimates.map(({ bytes }) => bytes),
      workers,
    ),
  );
  const shared = workers > 1 ? `, ${timeText(seconds / workers)} on ${workers} cores` : '';
  const each = workers > 1 ? ` for ${workers} at a time` : '';
  return `about ${timeText(seconds)} of a core to do${shared}, ${memory} of memory${each}`;
}

/** `cifar-10 is missing, 252 runs need it: npx pathkernel data cifar-10`, a line for each data set that is. */
export function missingText(missing: readonly MissingData[]): string[] {
  return missing.map(
    ({ name, runs, command }) =>
      `${name} is missing, ${runs} ${runs === 1 ? 'run needs' : 'runs need'} it: ${command}`,
  );
}

/** What is said before runs; nothing where they take less than a minute and all data are there. */
export function beforehand(
  what: string,
  estimates: readonly Estimate[],
  workers: number,
  missing: readonly MissingData[],
): string[] {
  if (secondsOfAll(estimates) / Math.max(1, workers) < SHORT && missing.length === 0) return [];
  return [`${what}, ${needsText(estimates, workers)}`, ...missingText(missing)];
}

import { invalid } from '../../base';
import { runLabel } from './runLabel';
import type { SweepRun } from './survey';

/**
 * The error for a sweep of which runs are not there now that all is done that could be: some failed or are damaged, or none is done, as
 * all are in the hands of other processes. Undefined where there is nothing to tell.
 */
export function lostRuns(name: string, runs: readonly SweepRun[]): Error | undefined {
  const lost = runs.filter(({ state }) => state === 'failed' || state === 'corrupt');
  const done = runs.filter(({ state }) => state === 'done').length;
  const [first = runs[0]] = lost;
  if (lost.length === 0 && (done > 0 || runs.length === 0)) return undefined;
  const what = lost.length > 0 ? `${lost.length} of ${runs.length} runs failed` : 'no run is done';
  const others = done > 0 ? ` (partial: true goes on with the ${done} that are done)` : '';
  return invalid(
    `sweep ${name}`,
    `${what}${others}; first ${runLabel(first.config)}`,
    first.message ?? first.state,
  );
}

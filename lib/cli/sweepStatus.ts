import { timeText } from '../base';
import type { Fresh } from '../experiment/run';
import { type RunState, runLabel, type SweepRun } from '../experiment/sweep';
import { estimate, secondsOf } from '../experiment/sweep/estimate';
import { isToDo } from '../experiment/sweep/survey';

const order: readonly RunState[] = ['done', 'running', 'queued', 'stopped', 'failed', 'corrupt', 'missing'];

/**
 * Where the runs of a sweep stand: a line a run, then a count of each state.
 *
 * @param fresh what is to be done anew, for the time it takes
 * @param all whether finished and missing runs have a line too, or just those that call for attention
 */
export function statusLines(
  runs: readonly SweepRun[],
  { all = false, fresh = false }: { all?: boolean; fresh?: Fresh },
): string[] {
  const listed = all
    ? runs
    : runs.filter(({ state }) => state === 'failed' || state === 'corrupt' || state === 'running');
  const lines = listed.map(({ hash, config, state, epochs, message }) => {
    const total = config.train?.epochs ?? 0;
    const at =
      (state === 'running' || state === 'stopped' || state === 'failed') && total > 0
        ? `, epoch ${epochs} of ${total}`
        : '';
    return `${state.padEnd(8)} ${hash}  ${runLabel(config)}${at}${message ? `: ${message}` : ''}`;
  });
  const counts = order
    .map((state) => ({ state, count: runs.filter((run) => run.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  const toDo = all ? timeToDo(runs, fresh) : '';
  return [...lines, `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}: ${counts.join(', ')}${toDo}`];
}

/** How long the runs that are not done may take; nothing of plug-ins, which are not loaded to look at a sweep. */
function timeToDo(runs: readonly SweepRun[], fresh: Fresh): string {
  const open = runs.filter((run) => isToDo(run, fresh) !== false);
  if (open.length === 0 || open.some(({ config }) => config.plugins)) return '';
  return `; about ${timeText(open.reduce((sum, { config }) => sum + secondsOf(estimate(config)), 0))} of a core to do`;
}

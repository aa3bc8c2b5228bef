import { thisMachine } from '../base/machine';
import type { Fresh } from '../experiment/run';
import { type RunState, runLabel, type SweepRun } from '../experiment/sweep';
import { missingText, needsText } from '../experiment/sweep/beforehand';
import { estimate } from '../experiment/sweep/estimate';
import { missingData } from '../experiment/sweep/missingData';
import { isToDo } from '../experiment/sweep/survey';
import { workerCount } from '../experiment/sweep/workerCount';

const order: readonly RunState[] = ['done', 'running', 'queued', 'stopped', 'failed', 'corrupt', 'missing'];

/**
 * Where the runs of a sweep stand: a line a run, then, where all have one, data that are missing, and a count of each state with what is
 * still to be done.
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
  const open = all ? runs.filter((run) => isToDo(run, fresh) !== false) : [];
  return [
    ...lines,
    ...missingText(missingData(open.map(({ config }) => config))),
    `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}: ${counts.join(', ')}${toDoText(open)}`,
  ];
}

/** What the runs that are not done ask of this machine; nothing of plug-ins, which are not loaded to look at a sweep. */
function toDoText(open: readonly SweepRun[]): string {
  if (open.length === 0 || open.some(({ config }) => config.plugins)) return '';
  const estimates = open.map(({ config }) => estimate(config));
  const { cores, free } = thisMachine();
  const { workers } = workerCount(
    estimates.map(({ bytes }) => bytes),
    { cores, memory: free },
  );
  return `; ${needsText(estimates, workers)}`;
}

import { type RunState, runLabel, type SweepRun } from '../experiment/sweep';

const order: readonly RunState[] = ['done', 'running', 'queued', 'stopped', 'failed', 'corrupt', 'missing'];

/**
 * Where the runs of a sweep stand: a line a run, then a count of each state.
 *
 * @param all whether finished and missing runs have a line too, or just those that call for attention
 */
export function statusLines(runs: readonly SweepRun[], { all = false }: { all?: boolean }): string[] {
  const listed = all
    ? runs
    : runs.filter(({ state }) => state === 'failed' || state === 'corrupt' || state === 'running');
  const lines = listed.map(({ id, config, state, epochs, message }) => {
    const total = config.train?.epochs ?? 0;
    const at =
      (state === 'running' || state === 'stopped' || state === 'failed') && total > 0
        ? `, epoch ${epochs} of ${total}`
        : '';
    return `${state.padEnd(8)} ${id}  ${runLabel(config)}${at}${message ? `: ${message}` : ''}`;
  });
  const counts = order
    .map((state) => ({ state, count: runs.filter((run) => run.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  return [...lines, `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}: ${counts.join(', ')}`];
}

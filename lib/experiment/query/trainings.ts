import { extent } from 'd3-array';
import { invalid } from '../../base';
import { plateau } from '../../train/plateau';
import { type Selected, type SelectedRun, select } from './selections';

/** How a run was trained, and whether its loss came to rest. */
export interface Training extends SelectedRun {
  optimiser: string | null;
  learningRate: number | null;
  /** Of the training loss, as of `training.plateau`; null for fewer than 5 epochs. */
  change: number | null;
  /** Whether the loss is at a plateau. */
  plateau: boolean;
}

/** How each trained run was trained, and whether it came to a plateau. */
export async function trainings(selected: Selected = {}): Promise<Training[]> {
  const rows = await select<Omit<Training, 'change' | 'plateau'> & { losses: (number | null)[] }>(
    'r.optimiser, r.initialLearningRate as learningRate, l.losses',
    'runs r join (select hash, list(trainLoss order by epoch) as losses from epochs where epoch > 0 group by hash) l using (hash)',
    'r.epochs > 0',
    selected,
  );
  return rows.map(({ losses, ...run }) => {
    const { change, reached } = losses.length < 5 ? { change: null, reached: false } : plateau(losses);
    return { ...run, change, plateau: reached };
  });
}

/**
 * How runs were trained, in a line for the subtitle of a figure: `40 epochs of 2,000 images (1,280 steps), adam at 0.001, 4 seeds; loss at a
 * plateau in 240 of 256 runs`.
 *
 * @param runs rows that name their runs, as all selections do, or which runs to select
 * @throws `invalid runs; none was trained: …`
 */
export async function trainingText(runs: readonly { hash: string }[] | Selected): Promise<string> {
  const selected = isRows(runs) ? { hashes: [...new Set(runs.map(({ hash }) => hash))] } : runs;
  const found = await trainings(selected);
  if (found.length === 0) throw invalid('runs', 'none was trained', runs);
  const range = (value: (run: Training) => number | null) => rangeText(found.map(value));
  const rates = [
    ...new Set(found.map(({ optimiser, learningRate }) => `${optimiser} at ${learningRate}`)),
  ].join(', ');
  const seeds = new Set(found.map(({ seed }) => seed)).size;
  const still = found.filter((run) => run.plateau).length;
  return (
    `${range(({ epochs }) => epochs)} epochs of ${range(({ trainImages }) => trainImages)} images ` +
    `(${range(({ steps }) => steps)} steps), ${rates}, ${seeds} seed${seeds === 1 ? '' : 's'}; ` +
    `loss at a plateau in ${still} of ${found.length} runs`
  );
}

function isRows(runs: readonly { hash: string }[] | Selected): runs is readonly { hash: string }[] {
  return Array.isArray(runs);
}

function rangeText(values: readonly (number | null)[]): string {
  const [low, high] = extent(values, (value) => value ?? undefined);
  if (low === undefined || high === undefined) return 'all';
  const text = (value: number) => value.toLocaleString('en');
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}

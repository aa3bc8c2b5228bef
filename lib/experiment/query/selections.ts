import { checkNames, invalid, lookUp } from '../../base';
import { naturalOrder } from '../../base/naturalOrder';
import type { EpochRow } from '../../train';
import { queryRuns, type RunsOptions } from './queryRuns';

/** Which runs a ready-made selection takes; what is left out is all. */
export interface Selected extends RunsOptions {
  data?: string;
  trainImages?: number;
  model?: string;
  initialiser?: string;
  method?: string;
  /** The density asked for. */
  density?: number;
}

/** A finished run, as all selections name it. */
export interface SelectedRun {
  hash: string;
  data: string;
  /** Images to train on. */
  trainImages: number | null;
  model: string;
  /** Null for the model's own. */
  initialiser: string | null;
  method: string;
  density: number;
  seed: number;
  /** Both 0 for a run without training. */
  epochs: number;
  steps: number | null;
}

const RUN =
  'r.data, r.trainImages, r.model, r.initialiser, r.method, r.density, r.seed, r.epochs, r.steps, r.hash';

/**
 * The Path-Kernel trace before training of each run, for `figures.traceByDensity`.
 *
 * @returns `log` is ln Tr Π, −Infinity where no path is left
 */
export function initialTraces(selected: Selected = {}): Promise<(SelectedRun & { log: number })[]> {
  return select('r.logTrace as log', 'runs r', 'r.logTrace is not null', selected);
}

/**
 * Quantities at every epoch of each trained run, for `figures.quantityOverEpochs`; null where a run did not record one.
 *
 *     await epochsOfRuns(['testTop1', 'weightNorm'], { hashes });
 *
 * @param names of `quantities`, or of others that runs were asked to record
 * @throws `invalid query; …` for a name that no run has
 */
export function epochsOfRuns<Name extends string>(
  names: readonly Name[],
  selected: Selected = {},
): Promise<
  (SelectedRun & { epoch: number } & {
    [N in Name]: N extends keyof EpochRow ? EpochRow[N] : number | null;
  })[]
> {
  for (const name of names)
    if (!/^\w+$/.test(name)) throw invalid('names', 'not the name of a quantity', name);
  const fields = ['epoch', ...names].map((name) => `e."${name}"`).join(', ');
  return select(fields, 'runs r join epochs e using (hash)', 'r.epochs > 0', selected);
}

/** The Path-Kernel trace at every epoch of each trained run, for `figures.relativeTrace`. */
export function tracesOverEpochs(selected: Selected = {}) {
  return epochsOfRuns(['pathKernelTrace'], selected);
}

/** How far the weights have moved at every epoch, with their norm and the trace, for `figures.weightMovement`. */
export function movementsOverEpochs(selected: Selected = {}) {
  return epochsOfRuns(
    ['pathKernelTrace', 'weightMovement', 'weightMovementFromFirst', 'weightNorm'],
    selected,
  );
}

/** Mean and norm of the outputs at every epoch, with the trace, for `figures.outputs`. */
export function outputsOverEpochs(selected: Selected = {}) {
  return epochsOfRuns(
    ['pathKernelTrace', 'outputMean', 'outputNorm', 'firstBatchMean', 'firstBatchNorm'],
    selected,
  );
}

/** All that the families A to D of figures draw at every epoch, for `figures.family`. */
export function familyOverEpochs(selected: Selected = {}) {
  return epochsOfRuns(
    [
      ...(['pathKernelTrace', 'weightMovement', 'weightMovementFromFirst', 'weightNorm'] as const),
      ...(['outputMean', 'outputNorm', 'firstBatchMean', 'firstBatchNorm'] as const),
    ],
    selected,
  );
}

/**
 * What each trained run achieves after its last epoch, for `figures.accuracyByDensity`; whether pruning emptied a layer
 * (`collapsed`), and whether it left a path from input to output (`connected`).
 */
export function finalAccuracies(selected: Selected = {}): Promise<
  (SelectedRun & {
    collapsed: boolean;
    connected: boolean;
    testTop1: number | null;
    testTop5: number | null;
    testLoss: number | null;
  })[]
> {
  return select(
    `r.collapsed, coalesce(r.effective > 0, true) as connected,
     r.finalTestTop1 as testTop1, r.finalTestTop5 as testTop5, r.finalTestLoss as testLoss`,
    'runs r',
    'r.epochs > 0',
    selected,
  );
}

/** The weights kept in each layer of each pruned run, from input to output: a report a run, for `figures.keptPerLayer`. */
export async function keptInLayers(
  selected: Selected = {},
): Promise<(SelectedRun & { iterations: number; rows: { layer: string; size: number; kept: number }[] })[]> {
  const kept = await select<
    SelectedRun & { iterations: number; depth: number; layer: string; layerSize: number; layerKept: number }
  >(
    'r.iterations, l.depth, l.layer, l.size as layerSize, l.kept as layerKept',
    'runs r join layers l using (hash)',
    'true',
    selected,
  );
  const reports = new Map<string, Awaited<ReturnType<typeof keptInLayers>>[number]>();
  for (const { depth: _, layer, layerSize, layerKept, ...run } of kept) {
    const report = reports.get(run.hash) ?? { ...run, rows: [] };
    report.rows.push({ layer, size: layerSize, kept: layerKept });
    reports.set(run.hash, report);
  }
  return [...reports.values()];
}

/** What is said to predict training, by the column that holds its logarithm before training. */
export type Predictor = 'logTrace' | 'logL1' | 'logL2';

const predictors: Readonly<Record<Predictor, string>> = { logTrace: 'Tr Π', logL1: 'Σ |v|', logL2: 'Σ v²' };

/**
 * What each trained run begins with and comes to, for `figures.traceAgainstTraining`: `x` the logarithm of the trace or a path
 * norm before training, `control` the number of weights kept, `y` the accuracy after the last epoch.
 *
 * @throws `invalid predictor; unknown, …`
 */
export async function finalAccuracyAgainst(
  predictor: Predictor = 'logTrace',
  selected: Selected = {},
): Promise<(SelectedRun & { x: number; y: number; control: number })[]> {
  lookUp('predictor', predictors, predictor);
  return select(
    `r.${predictor} as x, r.finalTestTop1 as y, r.kept as control`,
    'runs r',
    `r.epochs > 0 and r.${predictor} is not null and r.finalTestTop1 is not null and r.kept is not null`,
    selected,
  );
}

/**
 * The same with `y` the first epoch whose training loss is at most `loss`; a run that never gets there counts as `epochs + 1`,
 * as ranks only ask for the order.
 *
 * @throws `invalid loss; …`, `invalid predictor; unknown, …`
 */
export async function epochsToLossAgainst(
  loss: number,
  predictor: Predictor = 'logTrace',
  selected: Selected = {},
): Promise<(SelectedRun & { x: number; y: number; control: number; reached: boolean })[]> {
  lookUp('predictor', predictors, predictor);
  if (!Number.isFinite(loss)) throw invalid('loss', 'not a finite number', loss);
  return select(
    `r.${predictor} as x, coalesce(min(e.epoch) filter (e.trainLoss <= $loss), any_value(r.epochs) + 1) as y,
     r.kept as control, count(*) filter (e.trainLoss <= $loss) > 0 as reached`,
    'runs r join epochs e using (hash)',
    `r.epochs > 0 and r.${predictor} is not null and r.kept is not null`,
    selected,
    { loss },
    `group by ${RUN}, r.${predictor}, r.kept`,
  );
}

const selectedNames: Record<keyof Selected, 1> = {
  ...{ data: 1, trainImages: 1, model: 1, initialiser: 1, method: 1, density: 1 },
  ...{ folder: 1, hashes: 1, onMessage: 1 },
};

/** Rows of finished runs, in an order that does not change from call to call: by data set, model and method, fc-500 before fc-1000. */
export async function select<Row extends object>(
  fields: string,
  from: string,
  where: string,
  selected: Selected,
  values: Readonly<Record<string, number>> = {},
  group = '',
): Promise<Row[]> {
  checkNames('a selection', selected, selectedNames);
  const { data, trainImages, model, initialiser, method, density, ...options } = selected;
  const given = { data, trainImages, model, initialiser, method, density };
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined) as [
    string,
    string | number,
  ][];
  const conditions = ["r.status = 'done'", where, ...chosen.map(([name]) => `r.${name} = $${name}`)];
  const rows = await queryRuns<Row & SelectedRun>(
    `select ${RUN}, ${fields} from ${from} where ${conditions.join(' and ')} ${group} order by all`,
    { ...Object.fromEntries(chosen), ...values },
    options,
  );
  // Rows of one name stay in the order of the database, whose alphabet has fc-1000 before fc-500.
  return rows.sort(
    (a, b) =>
      naturalOrder(a.data, b.data) || naturalOrder(a.model, b.model) || naturalOrder(a.method, b.method),
  );
}

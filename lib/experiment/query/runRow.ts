import { datasets } from '../../data';
import type { EpochRow } from '../../train';
import { heldOutBy } from '../../train/selection';
import type { RunRecord } from '../run';
import { modelLabel } from '../run/buildModel';
import { methodLabel } from '../run/methodLabel';
import type { SqlType } from './columns';

/** What a row is read from. */
type Run = ReturnType<typeof partsOf>;

const column = <Value>(sql: SqlType, read: (run: Run) => Value) => ({ sql, read });

/** The columns of the table `runs`; a new one is one more line. */
export const runColumns = {
  /** Its name: the hash of its configuration. */
  hash: column<string>('VARCHAR', ({ hash }) => hash),
  status: column<'done' | 'failed' | 'unfinished'>('VARCHAR', ({ result, error }) =>
    result ? 'done' : error ? 'failed' : 'unfinished',
  ),
  /** Why it failed. */
  error: column<string | null>('VARCHAR', ({ result, error }) => (result ? null : (error?.message ?? null))),
  /** `cifar-10 in FOLDER` for files in a folder of one's own, which may be others. */
  data: column<string>('VARCHAR', ({ config: { data } }) =>
    data.folder === undefined ? data.name : `${data.name} in ${data.folder}`,
  ),
  /** Images to train on, those held out included; null for a set that is not known here and taken whole. */
  trainImages: column<number | null>('INTEGER', imagesOf),
  model: column<string>('VARCHAR', ({ config }) => modelLabel(config.model)),
  /** `dense` where nothing is pruned; `random + rigl`, or `gmp` from all weights, where the mask changes during training. */
  method: column<string>('VARCHAR', ({ config }) => methodLabel(config)),
  /** Of the method, 1 at first; a plug-in's has none. */
  methodVersion: column<number | null>(
    'INTEGER',
    ({ config, prune }) => prune?.version ?? (prune && !config.plugins ? 1 : null),
  ),
  /** The density asked for in the end, kept / total; 1 where nothing is pruned. Also as compression 1 / density and its decimal logarithm. */
  density: column<number>('DOUBLE', densityOf),
  compression: column<number>('DOUBLE', compressionOf),
  exponent: column<number>('DOUBLE', (run) => Number(Math.log10(compressionOf(run)).toFixed(9))),
  /** Those it took, where the number is adaptive. */
  iterations: column<number | null>(
    'INTEGER',
    ({ prune, pruning }) =>
      (prune?.iterations === 'adaptive' ? pruning?.iterations : prune?.iterations) ?? null,
  ),
  schedule: column<string | null>('VARCHAR', ({ prune }) => prune?.schedule ?? null),
  scope: column<string | null>('VARCHAR', ({ prune }) => prune?.scope ?? null),
  rule: column<string | null>('VARCHAR', ({ prune }) => prune?.rule ?? null),
  /** Of drawing weights by their scores, null with another rule; what was taken from the method, null for nothing. */
  temperature: column<number | null>('DOUBLE', ({ prune }) => prune?.temperature ?? null),
  replacement: column<boolean | null>('BOOLEAN', ({ prune }) => prune?.replacement ?? null),
  gate: column<string | null>('VARCHAR', ({ prune }) => prune?.gate ?? null),
  /** What becomes of weights that are cut: `zero` or `freeze`; null for a network that is not pruned. */
  apply: column<string | null>('VARCHAR', ({ prune }) => (prune ? (prune.apply ?? 'zero') : null)),
  /** Batch norm in scoring, null for the method's own; the layers pruned or not pruned, joined by `, `, null for all. */
  batchNorm: column<string | null>('VARCHAR', ({ prune }) => prune?.batchNorm ?? null),
  onlyLayers: column<string | null>('VARCHAR', ({ prune }) => prune?.only?.join(', ') ?? null),
  exceptLayers: column<string | null>('VARCHAR', ({ prune }) => prune?.except?.join(', ') ?? null),
  seed: column<number>('DOUBLE', ({ config }) => config.seed),
  /** Null for the model's own. */
  initialiser: column<string | null>('VARCHAR', ({ config }) => config.initialiser ?? null),
  /** Epochs asked for; 0 for a run that is measured before training only. */
  epochs: column<number>('INTEGER', ({ train }) => train?.epochs ?? 0),
  /** Steps of the optimiser in all epochs asked for; 0 for a run without training. */
  steps: column<number | null>('INTEGER', stepsOf),
  batch: column<number | null>('INTEGER', ({ train }) => train?.batch ?? null),
  optimiser: column<string | null>('VARCHAR', ({ train }) => train?.optimiser ?? null),
  initialLearningRate: column<number | null>('DOUBLE', ({ train }) => train?.learningRate ?? null),
  /** What is made small; null for nothing. */
  loss: column<string | null>('VARCHAR', ({ train }) => (train ? (train.loss ?? 'cross-entropy') : null)),
  /** Whether the network linearised at its first weights is trained in its place. */
  linearised: column<boolean>('BOOLEAN', ({ train }) => train?.linearised ?? false),
  /** What else is made small, as JSON; null for nothing. */
  penalty: column<string | null>('VARCHAR', ({ train }) =>
    train?.penalty ? JSON.stringify(train.penalty) : null,
  ),
  /** Which trace the epochs record; null for none. */
  traceConvention: column<string | null>('VARCHAR', ({ config }) =>
    config.record.trace === false ? null : config.record.trace,
  ),
  /** Prunable weights, those kept, and those of them on a complete path. */
  size: column<number | null>('DOUBLE', ({ result, pruning }) => result?.size ?? pruning?.size ?? null),
  kept: column<number | null>('DOUBLE', ({ result, pruning }) => result?.kept ?? pruning?.kept ?? null),
  effective: column<number | null>(
    'DOUBLE',
    ({ result, pruning }) => result?.effective ?? pruning?.effective ?? null,
  ),
  /** Whether pruning left a layer without weights. */
  collapsed: column<boolean | null>('BOOLEAN', ({ pruning, prune }) =>
    pruning ? pruning.rows.some(({ kept }) => kept === 0) : prune ? null : false,
  ),
  /** Kept weights that had the same score as others which were cut, so that the seed drew between them; null for older records. */
  tied: column<number | null>('DOUBLE', ({ pruning }) => pruning?.ties?.kept ?? null),
  /** Before training, of the pruned network: ln Tr Π, ln Σ |v_p| and ln Σ v_p²; −Infinity where no path is left. */
  logTrace: column<number | null>('DOUBLE', (run) => run.pruning?.after.logTrace ?? denseTrace(run)),
  logL1: column<number | null>('DOUBLE', ({ pruning }) => pruning?.after.logL1 ?? null),
  logL2: column<number | null>('DOUBLE', ({ pruning }) => pruning?.after.logL2 ?? null),
  /** ln Tr Π before pruning. */
  logTraceDense: column<number | null>('DOUBLE', (run) => run.pruning?.before.logTrace ?? denseTrace(run)),
  /** After the last epoch of a finished run. */
  finalTrainLoss: column<number | null>('DOUBLE', ({ final }) => final?.trainLoss ?? null),
  finalTestLoss: column<number | null>('DOUBLE', ({ final }) => final?.testLoss ?? null),
  finalTestTop1: column<number | null>('DOUBLE', ({ final }) => final?.testTop1 ?? null),
  finalTestTop5: column<number | null>('DOUBLE', ({ final }) => final?.testTop5 ?? null),
  finalTrace: column<number | null>('DOUBLE', ({ final }) => final?.pathKernelTrace ?? null),
  /** The epoch to report by images held out, or as published by test images; null where none is chosen. */
  bestEpoch: column<number | null>('INTEGER', ({ result }) => result?.best ?? null),
  /** How the mask changed during training, as JSON with all options; null where it stayed. */
  sparse: column<string | null>('VARCHAR', ({ train }) =>
    train?.sparse ? JSON.stringify(train.sparse) : null,
  ),
  /** Time of all training steps, and when the run ended (ISO 8601). */
  trainingSeconds: column<number | null>('DOUBLE', ({ result }) => result?.seconds ?? null),
  finished: column<string | null>('VARCHAR', ({ result }) => result?.finished ?? null),
  /** What it was computed with, at its end. */
  device: column<string | null>('VARCHAR', ({ environment }) => environment?.device ?? null),
  threads: column<number | null>('INTEGER', ({ environment }) => environment?.threads ?? null),
  computation: column<string | null>('VARCHAR', ({ environment }) => environment?.computation ?? null),
  commit: column<string | null>('VARCHAR', ({ environment }) => environment?.commit ?? null),
};

type RowOf<Columns extends Record<string, { read(run: Run): unknown }>> = {
  [Name in keyof Columns]: ReturnType<Columns[Name]['read']>;
};

/** A run in the table `runs`; what does not concern it, or is not known yet, is null. */
export interface RunRow extends RowOf<typeof runColumns> {}

/** A run as a row of the table `runs`; `opening` is its epoch 0, if it has come so far. */
export function runRow(record: Omit<RunRecord, 'epochs' | 'folder'>, opening?: EpochRow): RunRow {
  const run = partsOf(record, opening);
  return Object.fromEntries(
    Object.entries(runColumns).map(([name, { read }]) => [name, read(run)]),
  ) as RunRow;
}

function partsOf(record: Omit<RunRecord, 'epochs' | 'folder'>, opening?: EpochRow) {
  const { config, result, environments } = record;
  const { prune, train } = config;
  return { ...record, prune, train, opening, final: result?.final, environment: environments.at(-1) };
}

function imagesOf({ config: { data } }: Run): number | null {
  return data.train ?? datasets[data.name]?.train ?? null;
}

function stepsOf(run: Run): number | null {
  const { train } = run;
  if (!train) return 0;
  const images = imagesOf(run);
  if (images === null) return null;
  const held = Math.round(heldOutBy(train) * images);
  return train.epochs * Math.ceil((images - held) / train.batch);
}

function densityOf({ prune, train }: Run): number {
  return train?.sparse?.density ?? prune?.density ?? 1;
}

function compressionOf(run: Run): number {
  return Number((1 / densityOf(run)).toPrecision(12));
}

/** A network that was not pruned has no report: its trace is the one measured before training, by the same convention. */
function denseTrace({ config, opening }: Run): number | null {
  return config.record.trace === 'weights' ? (opening?.pathKernelTrace ?? null) : null;
}

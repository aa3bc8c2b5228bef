import type { LayerRow } from '../../prune';
import { quantities } from '../../train';

export type SqlType = 'VARCHAR' | 'DOUBLE' | 'INTEGER' | 'BIGINT' | 'BOOLEAN';

type Columns<R> = Readonly<Record<keyof R, SqlType>>;

/** A run in the table `runs`; what does not concern it, or is not known yet, is null. */
export interface RunRow {
  /** Its name: the hash of its configuration. */
  hash: string;
  status: 'done' | 'failed' | 'unfinished';
  /** Why it failed. */
  error: string | null;
  data: string;
  model: string;
  /** `dense` where nothing is pruned. */
  method: string;
  /** Of the method, 1 at first; a plug-in's has none. */
  methodVersion: number | null;
  /** The density asked for, kept / total; 1 where nothing is pruned. Also as compression 1 / density and its decimal logarithm. */
  density: number;
  compression: number;
  exponent: number;
  /** Those it took, where the number is adaptive. */
  iterations: number | null;
  schedule: string | null;
  scope: string | null;
  rule: string | null;
  /** Batch norm in scoring, null for the method's own; the layers pruned or not pruned, joined by `, `, null for all. */
  batchNorm: string | null;
  onlyLayers: string | null;
  exceptLayers: string | null;
  seed: number;
  /** Null for the model's own. */
  initialiser: string | null;
  /** Epochs asked for; 0 for a run that is measured before training only. */
  epochs: number;
  batch: number | null;
  optimiser: string | null;
  initialLearningRate: number | null;
  /** Which trace the epochs record; null for none. */
  traceConvention: string | null;
  /** Prunable weights, those kept, and those of them on a complete path. */
  size: number | null;
  kept: number | null;
  effective: number | null;
  /** Whether pruning left a layer without weights. */
  collapsed: boolean | null;
  /** Before training, of the pruned network: ln Tr Π, ln Σ |v_p| and ln Σ v_p²; −Infinity where no path is left. */
  logTrace: number | null;
  logL1: number | null;
  logL2: number | null;
  /** ln Tr Π before pruning. */
  logTraceDense: number | null;
  /** After the last epoch of a finished run. */
  finalTrainLoss: number | null;
  finalTestLoss: number | null;
  finalTestTop1: number | null;
  finalTestTop5: number | null;
  finalTrace: number | null;
  /** Time of all training steps, and when the run ended (ISO 8601). */
  trainingSeconds: number | null;
  finished: string | null;
  /** What it was computed with, at its end. */
  device: string | null;
  threads: number | null;
  computation: string | null;
  commit: string | null;
}

export const runColumns: Columns<RunRow> = {
  hash: 'VARCHAR',
  status: 'VARCHAR',
  error: 'VARCHAR',
  data: 'VARCHAR',
  model: 'VARCHAR',
  method: 'VARCHAR',
  methodVersion: 'INTEGER',
  density: 'DOUBLE',
  compression: 'DOUBLE',
  exponent: 'DOUBLE',
  iterations: 'INTEGER',
  schedule: 'VARCHAR',
  scope: 'VARCHAR',
  rule: 'VARCHAR',
  batchNorm: 'VARCHAR',
  onlyLayers: 'VARCHAR',
  exceptLayers: 'VARCHAR',
  seed: 'DOUBLE',
  initialiser: 'VARCHAR',
  epochs: 'INTEGER',
  batch: 'INTEGER',
  optimiser: 'VARCHAR',
  initialLearningRate: 'DOUBLE',
  traceConvention: 'VARCHAR',
  size: 'DOUBLE',
  kept: 'DOUBLE',
  effective: 'DOUBLE',
  collapsed: 'BOOLEAN',
  logTrace: 'DOUBLE',
  logL1: 'DOUBLE',
  logL2: 'DOUBLE',
  logTraceDense: 'DOUBLE',
  finalTrainLoss: 'DOUBLE',
  finalTestLoss: 'DOUBLE',
  finalTestTop1: 'DOUBLE',
  finalTestTop5: 'DOUBLE',
  finalTrace: 'DOUBLE',
  trainingSeconds: 'DOUBLE',
  finished: 'VARCHAR',
  device: 'VARCHAR',
  threads: 'INTEGER',
  computation: 'VARCHAR',
  commit: 'VARCHAR',
};

/**
 * The columns of the table `epochs` after `hash`: every quantity, and others that runs were asked to record.
 *
 * @param recorded names as they stand in the configurations of runs
 */
export function epochColumns(recorded: readonly string[]): Readonly<Record<string, SqlType>> {
  const columns: Record<string, SqlType> = { epoch: 'INTEGER' };
  for (const [name, { sql = 'DOUBLE' }] of Object.entries(quantities)) columns[name] = sql;
  // DuckDB takes capitals and small letters for the same.
  const taken = new Set(['hash', ...Object.keys(columns)].map((name) => name.toLowerCase()));
  for (const name of [...recorded].sort()) {
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    columns[name] = 'DOUBLE';
  }
  return columns;
}

/** The table `layers` has these columns after `hash` and `depth`, the layer's place from the input, from 0. */
export const layerColumns: Columns<LayerRow> = {
  layer: 'VARCHAR',
  name: 'VARCHAR',
  size: 'BIGINT',
  kept: 'BIGINT',
  density: 'DOUBLE',
  effective: 'BIGINT',
  units: 'BIGINT',
  effectiveUnits: 'BIGINT',
};

/** Columns as `create table` wants them. */
export function definitions(columns: Readonly<Record<string, SqlType>>): string {
  return Object.entries(columns)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(', ');
}

/** Columns as the options of `read_json` and the structure of `from_json` want them. */
export function structure(columns: Readonly<Record<string, SqlType>>): string {
  return JSON.stringify(columns);
}

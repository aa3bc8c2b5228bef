import type { Mask, Network, Params } from '../network';
import { effective, l1PathNorm, l2PathNorm, pathKernelTrace } from '../path';
import { tf } from '../tensor';
import { collapseWarnings } from './collapseWarnings';
import type { Gate } from './gates';
import { type LayerRow, layerRows } from './layerRows';
import type { MethodName } from './methods';
import type { Schedule } from './schedule';
import type { Sampling, Scope, SelectionName } from './select';

/** Logarithms of sums over paths, weights only; −Infinity where no path is left. */
export interface PathFigures {
  /** ln Σ |v_p| */
  logL1: number;
  /** ln Σ v_p² */
  logL2: number;
  /** ln Tr Π */
  logTrace: number;
}

/** What pruning did. */
export interface PruneReport {
  network: string;
  /** Its name, or the description of one that has none. */
  method: MethodName;
  /** How often it was scored. */
  iterations: number;
  schedule: Schedule;
  scope: Scope;
  /** The selection's name, `own` for one that has none. */
  select: SelectionName | 'own';
  seed: number;
  /** How weights were drawn, with `select: 'sampled'`. */
  sampling?: Required<Sampling>;
  /** What was taken from the method, to see whether it mattered. */
  gate?: Gate;
  /** Where the method stands among others, in a survey's words; absent in older records. */
  taxonomy?: string;
  /** The density asked for. */
  requested: number;
  /** Prunable weights, kept ones, and those of them on a complete path. */
  size: number;
  kept: number;
  effective: number;
  /** kept / size, and its inverse. */
  density: number;
  compression: number;
  /** effective / size */
  effectiveDensity: number;
  /** What equal scores decided; absent in older records. */
  ties?: TieCounts;
  /** How often a weight that had been cut came back, over all iterations; absent in older records. */
  reentered?: number;
  before: PathFigures;
  after: PathFigures;
  /** What is wrong with the pruned network, layers without weights, outputs without a path, and what else is to be known. */
  warnings: string[];
  /** What `show` writes above the rows: the counts and the warnings. */
  caption: string;
  /** The columns `show` takes from the rows. */
  columns: (keyof LayerRow)[];
  rows: LayerRow[];
}

/** How far a mask hangs on equal scores, among which the seed draws. */
export interface TieCounts {
  /** Kept weights whose last score was 0. */
  zero: number;
  /** Kept weights whose score at some step was that of others which were cut at it, and how many these were. */
  kept: number;
  cut: number;
}

/** The part of a report that is settings. */
export type PruneSettings = Required<
  Pick<
    PruneReport,
    'method' | 'iterations' | 'schedule' | 'scope' | 'select' | 'seed' | 'taxonomy' | 'requested'
  >
> &
  Pick<PruneReport, 'sampling' | 'gate'>;

/** What was counted on the way to a mask. */
export type Counts = Required<Pick<PruneReport, 'ties' | 'reentered'>>;

/**
 * The report on a mask: counts per layer, path norms and trace before and after, and warnings.
 *
 * @param remarks further warnings
 * @param counts none by default
 */
export function pruneReport(
  network: Network,
  params: Params,
  mask: Mask,
  settings: PruneSettings,
  remarks: readonly string[] = [],
  counts: Counts = { ties: { zero: 0, kept: 0, cut: 0 }, reentered: 0 },
): PruneReport {
  const { ties, reentered } = counts;
  const live = effective(network, mask);
  const rows = layerRows(network, mask, live);
  const warnings = [...collapseWarnings(network, rows, live), ...remarks, ...tieWarnings(ties, rows)];
  tf.dispose(live.mask);
  const sum = (of: (row: LayerRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const size = sum((row) => row.size);
  const kept = sum((row) => row.kept);
  const onPath = sum((row) => row.effective);
  return {
    network: network.name,
    ...settings,
    size,
    kept,
    effective: onPath,
    density: kept / size,
    compression: size / kept,
    effectiveDensity: onPath / size,
    ties,
    reentered,
    before: pathFigures(network, params),
    after: pathFigures(network, params, mask),
    warnings,
    caption: [`${settings.method} keeps ${kept} of the ${size} weights of ${network.name}`, ...warnings].join(
      '; ',
    ),
    columns: ['layer', 'size', 'kept', 'density', 'effective', 'units', 'effectiveUnits'],
    rows,
  };
}

/** One weight in a thousand that hangs on a draw is no matter, as numbers of float32 meet by chance. */
const CHANCE = 0.001;

function tieWarnings({ zero, kept, cut }: TieCounts, rows: readonly LayerRow[]): string[] {
  const all = rows.reduce((total, row) => total + row.kept, 0);
  if (!(kept > CHANCE * all)) return [];
  const zeros = zero > 0 ? `; ${zero} have the score 0` : '';
  return [
    `ties: ${kept} of the ${all} weights kept had the same score as ${cut} that were cut, drawn by the seed${zeros}`,
  ];
}

function pathFigures(network: Network, params: Params, mask?: Mask): PathFigures {
  return {
    logL1: l1PathNorm(network, params, { mask }).log,
    logL2: l2PathNorm(network, params, { mask }).log,
    logTrace: pathKernelTrace(network, params, { mask }).log,
  };
}

import type { Mask, Network, Params } from '../network';
import { effective, l1PathNorm, l2PathNorm, pathKernelTrace } from '../path';
import { tf } from '../tensor';
import { collapseWarnings } from './collapseWarnings';
import { type LayerRow, layerRows } from './layerRows';
import type { MethodName } from './methods';
import type { Schedule } from './schedule';
import type { Scope, SelectionName } from './select';

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

/** The part of a report that is settings. */
export type PruneSettings = Pick<
  PruneReport,
  'method' | 'iterations' | 'schedule' | 'scope' | 'select' | 'seed' | 'requested'
>;

/**
 * The report on a mask: counts per layer, path norms and trace before and after, and warnings.
 *
 * @param remarks further warnings
 */
export function pruneReport(
  network: Network,
  params: Params,
  mask: Mask,
  settings: PruneSettings,
  remarks: readonly string[] = [],
): PruneReport {
  const live = effective(network, mask);
  const rows = layerRows(network, mask, live);
  const warnings = [...collapseWarnings(network, rows, live), ...remarks];
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

function pathFigures(network: Network, params: Params, mask?: Mask): PathFigures {
  return {
    logL1: l1PathNorm(network, params, { mask }).log,
    logL2: l2PathNorm(network, params, { mask }).log,
    logTrace: pathKernelTrace(network, params, { mask }).log,
  };
}

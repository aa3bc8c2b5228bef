import { kernelsOf, type Mask, type Network, type Params } from '../network';
import { type Effective, effective, l1PathNorm, l2PathNorm, pathKernelTrace } from '../path';
import { tf } from '../tensor';
import { collapseWarnings } from './collapseWarnings';
import type { Rule, Scope } from './narrow';
import type { Schedule } from './schedule';
import type { MethodName } from './scores';

/** One layer of a {@link PruneReport}. */
export interface LayerRow {
  /** Id of the layer. */
  layer: string;
  /** Name of its kernel. */
  name: string;
  /** Weights of the kernel. */
  size: number;
  kept: number;
  /** kept / size */
  density: number;
  /** Kept weights on at least one complete path from input to output. */
  effective: number;
  /** Output channels of the layer. */
  units: number;
  /** Those of them on at least one complete path. */
  effectiveUnits: number;
}

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
  method: MethodName;
  iterations: number;
  schedule: Schedule;
  scope: Scope;
  rule: Rule;
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
  /** What is wrong with the pruned network: layers without weights, outputs without a path. */
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
  'method' | 'iterations' | 'schedule' | 'scope' | 'rule' | 'seed' | 'requested'
>;

/** The report on a mask: counts per layer, path norms and trace before and after, and warnings. */
export function pruneReport(
  network: Network,
  params: Params,
  mask: Mask,
  settings: PruneSettings,
): PruneReport {
  const live = effective(network, mask);
  const rows = layerRows(network, mask, live);
  const warnings = collapseWarnings(network, rows, live);
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

function layerRows(network: Network, mask: Mask, live: Effective): LayerRow[] {
  return kernelsOf(network).map(({ name, layer, shape }) => {
    const { size } = mask[name];
    const kept = count(mask[name]);
    const units = shape[shape.length - 1];
    const reached = tf.tidy(() => live.mask[name].reshape([-1, units]).max(0)); // [units]
    const effectiveUnits = count(reached);
    reached.dispose();
    return {
      layer,
      name,
      size,
      kept,
      density: kept / size,
      effective: count(live.mask[name]),
      units,
      effectiveUnits,
    };
  });
}

function count(mask: tf.Tensor): number {
  return tf.tidy(() => mask.notEqual(0).sum().dataSync()[0]); // counted in int32: float32 stops at 2²⁴
}

function pathFigures(network: Network, params: Params, mask?: Mask): PathFigures {
  return {
    logL1: l1PathNorm(network, params, { mask }).log,
    logL2: l2PathNorm(network, params, { mask }).log,
    logTrace: pathKernelTrace(network, params, { mask }).log,
  };
}

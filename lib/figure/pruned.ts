import { invalid } from '../base';
import { requireFields, requireRows } from './rows';

/** How many weights of a layer are kept. */
export interface KeptRow {
  layer: string;
  /** Weights of the layer. */
  size: number;
  kept: number;
}

/** What a figure reads of a pruned network: the report of `prune` is one, a record read from a file may be. */
export interface PrunedNetwork {
  /** What its line is called: the method. */
  method: string;
  /** From input to output. */
  rows: readonly KeptRow[];
}

/** @throws `invalid reports; …` where there are none, `invalid rows; …` for counts that are no counts */
export function requirePruned(reports: readonly PrunedNetwork[]): void {
  requireRows('reports', reports);
  for (const report of reports) {
    if (typeof report !== 'object' || report === null) throw invalid('reports', 'no report of prune', report);
    const { method, rows } = report;
    if (typeof method !== 'string' || method === '') throw invalid('reports', 'method not a name', method);
    requireFields(rows, { numbers: ['kept', 'size'], names: ['layer'] });
    rows.forEach(({ kept, size }, i) => {
      if (!(0 <= kept && kept <= size && size > 0))
        throw invalid('rows', `kept of row ${i} of ${method} not between 0 and its size ${size}`, kept);
    });
  }
}

/** @throws `invalid reports; density of METHOD not in (0, 1]: VALUE` */
export function requireDensities(reports: readonly (PrunedNetwork & { density: number })[]): void {
  requirePruned(reports);
  for (const { method, density } of reports)
    if (!(0 < density && density <= 1))
      throw invalid('reports', `density of ${method} not in (0, 1]`, density);
}

import { max, min } from 'd3-array';
import { invalid } from '../base';
import { distinct, requireFields, requireOne } from './rows';
import { networkSettings } from './settings';

export interface CollapseRow {
  method: string;
  /** kept / total, in (0, 1] */
  density: number;
  /** Whether a layer has lost all its weights. */
  collapsed: boolean;
}

export interface CriticalCompression {
  method: string;
  /** The largest compression tried below which, and at which, no run collapsed; null where even the smallest did. */
  compression: number | null;
  /** The smallest compression at which a run collapsed; null where none did. */
  collapsedAt: number | null;
}

/**
 * The critical compression of each method (arXiv 2006.05467): how far it prunes before a layer collapses in one of its runs,
 * as finely as the densities tried allow.
 *
 * @param rows one a pruned network
 * @throws `invalid rows; …` where there are none, or a row lacks its name or a density in (0, 1]
 */
export function criticalCompression(rows: readonly CollapseRow[]): CriticalCompression[] {
  requireFields(rows, { numbers: ['density'], names: ['method'] });
  rows.forEach(({ density, collapsed }, i) => {
    if (!(0 < density && density <= 1)) throw invalid('rows', `density of row ${i} not in (0, 1]`, density);
    if (typeof collapsed !== 'boolean')
      throw invalid('rows', `collapsed of row ${i} not true or false`, collapsed);
  });
  requireOne(rows, { line: 'method', settings: networkSettings });
  return distinct(rows, 'method').map((method) => {
    const own = rows.filter((row) => row.method === method);
    const broken = max(own, ({ collapsed, density }) => (collapsed ? density : 0)) as number;
    const whole = own.map(({ density }) => density).filter((density) => density > broken);
    return {
      method,
      compression: whole.length > 0 ? inverse(min(whole) as number) : null,
      collapsedAt: broken > 0 ? inverse(broken) : null,
    };
  });
}

function inverse(density: number): number {
  return Number((1 / density).toPrecision(12));
}

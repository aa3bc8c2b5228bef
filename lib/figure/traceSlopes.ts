import { checkNames, invalid } from '../base';
import { type BootstrapOptions, bootstrapInterval, bootstrapNames } from './bootstrapInterval';
import { distinct, requireFields, requireOne } from './rows';
import { networkSettings } from './settings';
import type { TraceAtDensityRow } from './traceByDensity';

/** How fast the trace of one method falls with the density. */
export interface TraceSlope {
  method: string;
  /** log₁₀ Tr Π per log₁₀ density, by least squares over all its runs with a path; NaN where they have fewer than two densities. */
  slope: number;
  /** The interval of a bootstrap over seeds, or over runs where there is one seed; NaN where no draw has a slope. */
  low: number;
  high: number;
  /** Runs with a path, which the slope rests on, and all runs. */
  runs: number;
  of: number;
}

/**
 * How fast the trace falls: the slope of log₁₀ Tr Π over log₁₀ density of each method, with its interval and on how many runs it
 * rests. Runs without a path have no logarithm: where `runs` is below `of`, the slope is one of survivors.
 *
 *     table(figures.traceSlopes(await experiments.initialTraces({ hashes, model: 'fc-100' })));
 *
 * @param rows one for each method, density and seed, as `traceByDensity` takes them
 * @param options of the bootstrap
 * @returns in the order in which the methods come
 * @throws `invalid rows; …` where there are none, a row lacks a number or a name, or rows of several settings would mix
 */
export function traceSlopes(
  rows: readonly (TraceAtDensityRow & { seed?: number | string })[],
  options: BootstrapOptions = {},
): TraceSlope[] {
  checkNames('traceSlopes', options, bootstrapNames);
  requireFields(rows, { numbers: ['density'], names: ['method'] });
  requireOne(rows, { line: 'method', settings: networkSettings });
  const points = rows.map(({ method, density, log, seed }, i) => {
    if (!(0 < density && density <= 1)) throw invalid('rows', `density of row ${i} not in (0, 1]`, density);
    if (!(log < Number.POSITIVE_INFINITY)) throw invalid('rows', `log of row ${i} not a number`, log);
    return { method, seed, x: Math.log10(density), y: log / Math.LN10 };
  });
  return distinct(rows, 'method').map((method) => {
    const all = points.filter((point) => point.method === method);
    const own = all.filter(({ y }) => y > Number.NEGATIVE_INFINITY);
    const counts = { runs: own.length, of: all.length };
    if (own.length === 0) return { method, slope: Number.NaN, low: Number.NaN, high: Number.NaN, ...counts };
    const seeds = distinct(own, 'seed').map((seed) => own.filter((point) => point.seed === seed));
    const drawn = seeds.length > 1 ? seeds : own.map((point) => [point]);
    const { estimate, low, high } = bootstrapInterval(drawn, (some) => slopeOf(some.flat()), options);
    return { method, slope: estimate, low, high, ...counts };
  });
}

/** By least squares; NaN where all have one abscissa. */
function slopeOf(points: readonly { x: number; y: number }[]): number {
  const mean = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - mean) ** 2, 0);
  const product = points.reduce((sum, { x, y }) => sum + (x - mean) * y, 0);
  return spread > 1e-12 ? product / spread : Number.NaN;
}

import { min } from 'd3-array';
import { checkNames, invalid } from '../base';
import { densityAxis, exponentAxis } from './axes';
import type { Figure, ScatterSeries } from './figure';
import { densityText, short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

/** Of `ntk.tangentBound`, with the method and the density it was pruned to; logarithms are natural. */
export interface BoundRow {
  method: string;
  /** kept / total, in (0, 1] */
  density: number;
  logTangentTrace: number;
  logActivity: number;
  logPathKernelTrace: number;
  logBound: number;
}

/**
 * The trace of the tangent kernel and its bound ‖J_v‖² Tr Π against density: of each method a line with markers for the trace and
 * a dotted one for the bound. How far apart they are is how much the bound says too much.
 *
 * @param rows one for each method and density
 * @throws `invalid rows; …` where there are none, or a row lacks a number or its method, or its density is not in (0, 1]
 */
export function boundByDensity(rows: readonly BoundRow[], options: { title?: string } = {}): Figure {
  checkNames('boundByDensity', options, { title: 1 });
  const { title = 'The tangent kernel and the bound of its trace' } = options;
  requireFields(rows, {
    numbers: ['density', 'logTangentTrace', 'logActivity', 'logPathKernelTrace', 'logBound'],
    names: ['method'],
  });
  rows.forEach(({ density }, i) => {
    if (!(0 < density && density <= 1)) throw invalid('rows', `density of row ${i} not in (0, 1]`, density);
  });
  requireOne(rows, { line: 'method', settings: networkSettings });
  const data = distinct(rows, 'method').flatMap((method, place): ScatterSeries[] => {
    const own = rows.filter((row) => row.method === method).sort((a, b) => b.density - a.density);
    const { color, symbol } = methodStyle(method, place);
    const series = {
      type: 'scatter',
      x: own.map(({ density }) => density),
      hovertext: own.map((row) => hoverText(row)),
      hoverinfo: 'text',
      legendgroup: method,
    } as const;
    return [
      {
        ...series,
        mode: 'lines+markers',
        name: method,
        y: own.map(({ logTangentTrace }) => exponent(logTangentTrace)),
        line: { color, width: 2 },
        marker: { color, symbol, size: 8 },
      },
      {
        ...series,
        mode: 'lines',
        name: `${method}, bound`,
        y: own.map(({ logBound }) => exponent(logBound)),
        line: { color, dash: 'dot', width: 2 },
      },
    ];
  });
  const exponents = rows.flatMap(({ logTangentTrace, logBound }) =>
    [logTangentTrace, logBound].map(exponent),
  );
  const lowest = min(rows, ({ density }) => density) as number;
  return compose(data, {
    title,
    x: densityAxis('density', lowest, 'x'),
    y: exponentAxis('Tr Θ, and its bound (logarithmic)', exponents),
    legend: 'method',
  });
}

const exponent = (log: number) => log / Math.LN10;

function hoverText(row: BoundRow): string {
  const power = (log: number) => `10^${short(exponent(log))}`;
  return [
    `<b>${row.method}</b>, density ${densityText(row.density)}`,
    `Tr Θ = ${power(row.logTangentTrace)}`,
    `‖J_v‖² Tr Π = ${power(row.logActivity)} · ${power(row.logPathKernelTrace)} = ${power(row.logBound)}`,
  ].join('<br>');
}

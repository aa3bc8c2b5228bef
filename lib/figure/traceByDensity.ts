import { group, min } from 'd3-array';
import { checkNames, invalid } from '../base';
import { densityAxis, exponentAxis } from './axes';
import { bandLine, bandPoints, behind, rangeText } from './band';
import { crosses, crossRows } from './crosses';
import type { Figure, ScatterSeries } from './figure';
import { densityText, short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';
import type { TraceRow } from './traceByMethod';

export interface TraceAtDensityRow extends TraceRow {
  /** kept / total, in (0, 1] */
  density: number;
}

/**
 * The Path-Kernel trace against density, a line a method: the sweep over compressions at initialisation. A line ends where
 * no path is left: from there on are crosses below the plot. Of several rows with one method and density (seeds) the line is the mean of the logarithms, the geometric
 * mean of the traces, in a band from the smallest to the largest.
 *
 * @param rows one for each method, density and seed; the logarithm −Infinity stands for a trace of 0. Give `method` the name
 *   of the model to compare models.
 * @param options `title`, `note` (said below it), `legend` (what the lines are; `method` by default)
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name, or its density is not in (0, 1]
 */
export function traceByDensity(
  rows: readonly TraceAtDensityRow[],
  options: { title?: string; note?: string; legend?: string } = {},
): Figure {
  checkNames('traceByDensity', options, { title: 1, note: 1, legend: 1 });
  const { title = 'Path-Kernel trace against density', note, legend = 'method' } = options;
  const connected = rows.filter(({ log }) => log !== Number.NEGATIVE_INFINITY);
  requireFields(connected, { numbers: ['density', 'log'], names: ['method'] });
  rows.forEach(({ density }, i) => {
    if (!(0 < density && density <= 1)) throw invalid('rows', `density of row ${i} not in (0, 1]`, density);
  });
  requireOne(rows, { line: 'method', settings: networkSettings });
  const exponents = connected.map(({ log }) => log / Math.LN10);
  const methods = distinct(rows, 'method');
  const isLost = (row: TraceAtDensityRow) => row.log === Number.NEGATIVE_INFINITY;
  const lost = methods.map((method) => {
    const own = group(
      rows.filter((row) => row.method === method),
      ({ density }) => density,
    );
    return { method, densities: [...own].filter(([, all]) => all.every(isLost)).map(([density]) => density) };
  });
  const gone = lost.filter(({ densities }) => densities.length > 0).map(({ method }) => method);
  const rowOf = crossRows(gone, exponents);
  const data = lost.flatMap(({ method, densities }, place): ScatterSeries[] => {
    const points = bandPoints(
      rows.filter((row) => row.method === method),
      ({ density }) => density,
      (row) => (isLost(row) ? null : row.log / Math.LN10),
    ).reverse();
    const style = methodStyle(method, place);
    const at = (density: number) => `<b>${method}</b><br>density ${densityText(density)}`;
    return [
      ...bandLine(method, points, style, {
        text: (point) => `${at(point.x)}<br>Tr Π = ${power(point.mean)}${rangeText(point, power)}`,
        size: 8,
      }),
      ...crosses(
        method,
        style.color,
        rowOf(method),
        densities.map((density) => [density, `${at(density)}<br>no path left, trace 0`] as const),
      ),
    ];
  });
  const lowest = min(rows, ({ density }) => density) as number;
  return compose(behind(data), {
    title,
    notes: [note, gone.length > 0 && '✕ no path left, trace 0'],
    x: densityAxis('density', lowest, 'x'),
    y: exponentAxis('Tr Π (logarithmic)', exponents),
    legend,
  });
}

function power(exponent: number): string {
  return `10^${short(exponent)}`;
}

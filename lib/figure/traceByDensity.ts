import { min } from 'd3-array';
import { checkNames, invalid } from '../base';
import { densityAxis, exponentAxis } from './axes';
import { bandArea, bandPoints, behind, rangeText } from './band';
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
 * no path is left. Of several rows with one method and density (seeds) the line is the mean of the logarithms, the geometric
 * mean of the traces, in a band from the smallest to the largest.
 *
 * @param rows one for each method, density and seed; the logarithm −Infinity stands for a trace of 0. Give `method` the name
 *   of the model to compare models.
 * @param options `title`, `legend` (what the lines are; `method` by default)
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name, or its density is not in (0, 1]
 */
export function traceByDensity(
  rows: readonly TraceAtDensityRow[],
  options: { title?: string; legend?: string } = {},
): Figure {
  checkNames('traceByDensity', options, { title: 1, legend: 1 });
  const { title = 'Path-Kernel trace against density', legend = 'method' } = options;
  const connected = rows.filter(({ log }) => log !== Number.NEGATIVE_INFINITY);
  requireFields(connected, { numbers: ['density', 'log'], names: ['method'] });
  connected.forEach(({ density }, i) => {
    if (!(0 < density && density <= 1)) throw invalid('rows', `density of row ${i} not in (0, 1]`, density);
  });
  requireOne(connected, { line: 'method', settings: networkSettings });
  const data = distinct(connected, 'method').flatMap((method, place): ScatterSeries[] => {
    const own = connected.filter((row) => row.method === method);
    const points = bandPoints(
      own,
      ({ density }) => density,
      ({ log }) => log / Math.LN10,
    ).reverse();
    const { color, dash, symbol } = methodStyle(method, place);
    const area = bandArea(method, points, { color });
    return [
      ...area,
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: method,
        x: points.map(({ x }) => x),
        y: points.map(({ mean }) => mean),
        hovertext: points.map(
          (point) =>
            `<b>${method}</b><br>density ${densityText(point.x)}<br>Tr Π = ${power(point.mean)}${rangeText(point, power)}`,
        ),
        hoverinfo: 'text',
        ...(area.length > 0 ? { legendgroup: method } : {}),
        line: { color, dash, width: 2 },
        marker: { color, symbol, size: 8 },
      },
    ];
  });
  const lowest = min(connected, ({ density }) => density) as number;
  const exponents = connected.map(({ log }) => log / Math.LN10);
  return compose(behind(data), {
    title,
    x: densityAxis('density', lowest, 'x'),
    y: exponentAxis('Tr Π (logarithmic)', exponents),
    legend,
  });
}

function power(exponent: number): string {
  return `10^${short(exponent)}`;
}

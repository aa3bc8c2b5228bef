import { invalid } from '../base';
import { densityAxis, exponentAxis } from './axes';
import type { Figure, ScatterTrace } from './figure';
import { densityText, short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields } from './rows';
import { compose } from './theme';
import type { TraceRow } from './traceByMethod';

export interface TraceAtDensityRow extends TraceRow {
  /** kept / total, in (0, 1] */
  density: number;
}

/**
 * The Path-Kernel trace against density, a line a method: the sweep over compressions at initialisation. A line ends where
 * no path is left.
 *
 * @param rows one for each method and density; the logarithm −Infinity stands for a trace of 0
 * @param options `title`
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name, or its density is not in (0, 1]
 */
export function traceByDensity(
  rows: readonly TraceAtDensityRow[],
  { title = 'Path-Kernel trace against density' }: { title?: string } = {},
): Figure {
  const connected = rows.filter(({ log }) => log !== Number.NEGATIVE_INFINITY);
  requireFields(connected, { numbers: ['density', 'log'], names: ['method'] });
  connected.forEach(({ density }, i) => {
    if (!(0 < density && density <= 1)) throw invalid('rows', `density of row ${i} not in (0, 1]`, density);
  });
  const data = distinct(connected, 'method').map((method, place): ScatterTrace => {
    const own = connected.filter((row) => row.method === method).sort((a, b) => b.density - a.density);
    const { color, dash, symbol } = methodStyle(method, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: method,
      x: own.map(({ density }) => density),
      y: own.map(({ log }) => log / Math.LN10),
      hovertext: own.map(
        ({ density, log }) =>
          `<b>${method}</b><br>density ${densityText(density)}<br>Tr Π = 10^${short(log / Math.LN10)}`,
      ),
      hoverinfo: 'text',
      line: { color, dash, width: 2 },
      marker: { color, symbol, size: 8 },
    };
  });
  const lowest = Math.min(...connected.map(({ density }) => density));
  const exponents = connected.map(({ log }) => log / Math.LN10);
  return compose(data, {
    title,
    x: densityAxis('density', lowest, 'x'),
    y: exponentAxis('Tr Π (logarithmic)', exponents),
    legend: 'method',
  });
}

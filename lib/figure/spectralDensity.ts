import { max } from 'd3-array';
import { checkNames, invalid } from '../base';
import { exponentAxis, logAxis } from './axes';
import { behind, veil } from './band';
import type { Figure, ScatterSeries } from './figure';
import { short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

/** One place of a density, as `pathKernelSpectrum` estimates it. */
export interface SpectralDensityRow {
  /** log10 of the eigenvalue. */
  logValue: number;
  /** Eigenvalues a power of ten. */
  density: number;
  /** The interval it lies in. */
  low: number;
  high: number;
  /** The network it is of, where several are compared. */
  method?: string;
}

export interface SpectralDensityOptions {
  /** `Density of the spectrum` by default. */
  title?: string;
  /** What the values are; `eigenvalue` by default. */
  value?: string;
  /** Whether densities are on a logarithmic axis, where single eigenvalues are seen beside many; `true` by default. */
  log?: boolean;
}

/** On a logarithmic axis nothing below so many eigenvalues a power of ten is shown: the tails of what was smoothed. */
const LEAST = 1;

/**
 * How many eigenvalues there are of each size, a line a network, in the band of its intervals.
 *
 * @throws `invalid rows; …` where there are none, or a row lacks a number, or its density is outside its interval or below 0
 */
export function spectralDensity(
  rows: readonly SpectralDensityRow[],
  options: SpectralDensityOptions = {},
): Figure {
  checkNames('spectralDensity', options, { title: 1, value: 1, log: 1 });
  const { title = 'Density of the spectrum', value = 'eigenvalue', log = true } = options;
  requireFields(rows, { numbers: ['logValue', 'density', 'low', 'high'] });
  rows.forEach(({ low, density, high }, i) => {
    if (!(0 <= low && low <= density && density <= high))
      throw invalid('rows', `0 ≤ low ≤ density ≤ high of row ${i} does not hold`, [low, density, high]);
  });
  requireOne(rows, { line: 'method', settings: networkSettings }); // their density is that of eigenvalues
  const floor = log ? LEAST : 0;
  const highest = max(rows, ({ density }) => density) ?? 0;
  if (!(highest > floor)) throw invalid('rows', `no density above ${floor}`, highest);
  const above = (count: number) => Math.max(floor, count);
  const methods = distinct(rows, 'method');
  const data = methods.flatMap((method, place): ScatterSeries[] => {
    const own = rows.filter((row) => row.method === method).sort((a, b) => a.logValue - b.logValue);
    const name = method ?? 'density';
    const { color, dash } = methodStyle(method ?? '', place);
    const back = [...own].reverse();
    return [
      {
        type: 'scatter',
        mode: 'lines',
        name,
        x: [...own, ...back].map(({ logValue }) => logValue),
        y: [...own.map(({ high }) => above(high)), ...back.map(({ low }) => above(low))],
        ...veil(name, color),
      },
      {
        type: 'scatter',
        mode: 'lines',
        name,
        x: own.map(({ logValue }) => logValue),
        y: own.map(({ density }) => (density < floor ? null : density)), // a gap between groups
        hovertext: own.map(
          ({ logValue, density, low, high }) =>
            `${method ? `<b>${method}</b><br>` : ''}${value} ${short(10 ** logValue)}<br>${short(density)} a power of ten, from ${short(low)} to ${short(high)}`,
        ),
        hoverinfo: 'text',
        legendgroup: name,
        line: { color, dash, width: 2 },
      },
    ];
  });
  const name = `eigenvalues a power of ten`;
  return compose(behind(data), {
    title,
    x: exponentAxis(
      value,
      rows.map(({ logValue }) => logValue),
    ),
    y: log
      ? logAxis(
          name,
          rows.map(({ high }) => above(high)),
        )
      : { title: { text: name, standoff: 12 }, type: 'linear', rangemode: 'tozero' },
    ...(methods.length > 1 ? { legend: 'network' } : {}),
  });
}

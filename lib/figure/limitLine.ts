import { invalid } from '../base';
import type { ScatterSeries } from './figure';
import { compressionText } from './format';

/**
 * A dotted line across the plot at the largest compression that leaves each layer a weight, ρ_max = N/L for N weights in L
 * layers (arXiv 2006.05467); nothing where none is given.
 *
 * @param compression where it stands; at least 1
 * @param ends the lowest and the highest ordinate of the plot
 * @throws `invalid limit; not a number of 1 or more: VALUE`
 */
export function limitLine(
  compression: number | undefined,
  ends: readonly [low: number, high: number],
): ScatterSeries[] {
  if (compression === undefined) return [];
  if (!(compression >= 1 && Number.isFinite(compression)))
    throw invalid('limit', 'not a number of 1 or more', compression);
  const text = `beyond ${compressionText(1 / compression)} there are fewer weights than layers`;
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: 'ρ<sub>max</sub> = N/L',
      x: ends.map(() => 1 / compression),
      y: [...ends],
      hovertext: ends.map(() => text),
      hoverinfo: 'text',
      line: { color: '#555555', dash: 'dot', width: 1.5 },
    },
  ];
}

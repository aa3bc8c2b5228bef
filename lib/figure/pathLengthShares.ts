import { checkNames, invalid } from '../base';
import type { Figure, ScatterSeries } from './figure';
import { short } from './format';
import { methodStyle } from './methodStyle';
import { requireFields } from './rows';
import { compose } from './theme';

export interface PathLengthShares {
  /** What has these paths: a method, or a way to weight them. */
  line: string;
  /** The share of the paths of each length, from 0 on, as of `paths.pathLengths`. */
  shares: readonly number[];
}

/**
 * How long paths are: the share of those with each number of nonlinearities, a line for each network, its mean beside its
 * name.
 *
 * @param options `title`, and `legend`: what the lines are; `method` by default
 * @throws `invalid rows; …` where there are none, or one has no name or shares that are no numbers of 0 or more
 */
export function pathLengthShares(
  rows: readonly PathLengthShares[],
  options: { title?: string; legend?: string } = {},
): Figure {
  checkNames('pathLengthShares', options, { title: 1, legend: 1 });
  const { title = 'Lengths of the paths', legend = 'method' } = options;
  requireFields(rows, { numbers: [], names: ['line'] });
  rows.forEach(({ line, shares }) => {
    const isShares = Array.isArray(shares) && shares.length > 0 && shares.every((share) => share >= 0);
    if (!isShares) throw invalid('rows', `shares of ${line} not numbers of 0 or more`, shares);
  });
  const data = rows.map(({ line, shares }, place): ScatterSeries => {
    const { color, dash, symbol } = methodStyle(line, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: `${line}: ${short(meanOf(shares))}`,
      x: shares.map((_, length) => length),
      y: shares,
      hovertext: shares.map(
        (share, length) => `<b>${line}</b><br>length ${length}: ${short(share)} of the paths`,
      ),
      hoverinfo: 'text',
      line: { color, dash, width: 2 },
      marker: { color, symbol, size: 7 },
    };
  });
  return compose(data, {
    title,
    x: { title: { text: 'nonlinearities on the path', standoff: 12 }, type: 'linear' },
    y: { title: { text: 'share of the paths', standoff: 12 }, type: 'linear', rangemode: 'tozero' },
    legend: `${legend}: mean`,
  });
}

const meanOf = (shares: readonly number[]) => shares.reduce((sum, share, length) => sum + share * length, 0);

import { checkNames, invalid } from '../base';
import { categoryAxis, namesHeight } from './axes';
import type { BarSeries, Figure } from './figure';
import { layerText, short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne } from './rows';
import { compose } from './theme';

export interface ShareRow {
  layer: string;
  /** The part of the whole that this layer has, in [0, 1]. */
  share: number;
  /** The network it is a part of, where several are compared. */
  method?: string;
}

/**
 * What part of a whole each layer has: bars, side by side for several networks.
 *
 * @param rows one for each layer (and method)
 * @param options `title`, and `of`: what the whole is, `Tr Π` by default
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name, or a share is not in [0, 1]
 */
export function layerShares(
  rows: readonly ShareRow[],
  options: { of?: string; title?: string } = {},
): Figure {
  checkNames('layerShares', options, { of: 1, title: 1 });
  const { of = 'Tr Π', title = `Share of each layer in ${of}` } = options;
  requireFields(rows, { numbers: ['share'], names: ['layer'] });
  rows.forEach(({ share }, i) => {
    if (!(0 <= share && share <= 1 + 1e-6)) throw invalid('rows', `share of row ${i} not in [0, 1]`, share);
  });
  requireOne(rows, { line: 'method' });
  const methods = distinct(rows, 'method');
  const data = methods.map((method, place): BarSeries => {
    const own = rows.filter((row) => row.method === method);
    return {
      type: 'bar',
      name: method ?? of,
      x: own.map(({ layer }) => layerText(layer)),
      y: own.map(({ share }) => 100 * share),
      hovertext: own.map(({ layer, share }) =>
        [...(method ? [`<b>${method}</b>`] : []), layerText(layer), `${short(100 * share)} % of ${of}`].join(
          '<br>',
        ),
      ),
      hoverinfo: 'text',
      marker: { color: methodStyle(method ?? '', place).color },
    };
  });
  const layers = distinct(rows, 'layer').map(layerText);
  return compose(data, {
    title,
    x: categoryAxis('layer, from input to output', layers),
    y: { title: { text: `% of ${of}`, standoff: 12 }, type: 'linear', rangemode: 'tozero' },
    ...(methods.length > 1 ? { legend: 'method' } : {}),
    height: 380 + namesHeight(layers),
    extra: { barmode: 'group' },
  });
}

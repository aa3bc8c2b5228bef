import { checkNames } from '../base';
import { categoryAxis, logAxis, namesHeight } from './axes';
import type { Figure, ScatterSeries } from './figure';
import { layerText, short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne } from './rows';
import { compose } from './theme';

export interface LayerSumRow {
  layer: string;
  /** The score, by name. */
  score: string;
  /** Σ of the scores of the layer's weights. */
  sum: number;
}

/**
 * The sum of the scores of each layer, over the mean of these sums: a score that is conserved from layer to layer is a flat
 * line at 1.
 *
 * @param rows one for each layer and score
 * @param options `title`
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name
 */
export function layerSums(rows: readonly LayerSumRow[], options: { title?: string } = {}): Figure {
  checkNames('layerSums', options, { title: 1 });
  const { title = 'Sum of the scores of each layer' } = options;
  requireFields(rows, { numbers: ['sum'], names: ['layer', 'score'] });
  requireOne(rows, { line: 'score' });
  const isPositive = rows.every(({ sum }) => sum > 0);
  const data = distinct(rows, 'score').map((score, place): ScatterSeries => {
    const own = rows.filter((row) => row.score === score);
    const mean = own.reduce((total, { sum }) => total + Math.abs(sum), 0) / own.length || 1;
    const { color, dash, symbol } = methodStyle(score, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: score,
      x: own.map(({ layer }) => layerText(layer)),
      y: own.map(({ sum }) => sum / mean),
      hovertext: own.map(
        ({ layer, sum }) =>
          `<b>${score}</b><br>${layerText(layer)}<br>sum ${short(sum)}<br>${short(sum / mean)} of the mean layer`,
      ),
      hoverinfo: 'text',
      line: { color, dash, width: 2 },
      marker: { color, symbol, size: 8 },
    };
  });
  const shown = data.flatMap(({ y }) => y as number[]);
  const y = 'sum of the layer / mean over layers';
  const layers = distinct(rows, 'layer').map(layerText);
  return compose(data, {
    title,
    x: categoryAxis('layer, from input to output', layers),
    y: isPositive ? logAxis(y, shown) : { title: { text: y, standoff: 12 }, type: 'linear', zeroline: true },
    legend: 'score',
    height: 420 + namesHeight(layers),
  });
}

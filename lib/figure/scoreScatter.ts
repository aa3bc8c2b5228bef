import { checkNames, invalid } from '../base';
import { rankCorrelation } from '../base/rankCorrelation';
import { logAxis } from './axes';
import { evenly } from './evenly';
import type { Axis, Figure, ScatterSeries } from './figure';
import { layerText, short } from './format';
import { distinct, requireFields, requireOne } from './rows';
import { compose, palette } from './theme';

/** The scores that two methods give one weight. */
export interface ScorePair {
  x: number;
  y: number;
  /** The layer of the weight; all in one colour where absent. */
  layer?: string;
}

export interface ScoreScatterOptions {
  /** Name of the score along x. */
  x?: string;
  /** Name of the score along y. */
  y?: string;
  title?: string;
  /** At most this many points, evenly taken from all; 2000 by default. The correlation is that of all. */
  most?: number;
}

/**
 * The scores of two methods against each other, a point a weight, with Spearman's rank correlation; logarithmic axes where
 * all scores are positive.
 *
 * @throws `invalid rows; …` where there are fewer than 2, or a score is missing, `invalid most; …` below 1
 */
export function scoreScatter(rows: readonly ScorePair[], options: ScoreScatterOptions = {}): Figure {
  checkNames('scoreScatter', options, { x: 1, y: 1, title: 1, most: 1 });
  const { x = 'x', y = 'y', title = `Scores of ${x} and ${y}`, most = 2000 } = options;
  if (!(most >= 1)) throw invalid('most', 'not at least 1', most);
  requireFields(rows, { numbers: ['x', 'y'] });
  requireOne(rows);
  const correlation = rankCorrelation(
    rows.map((row) => row.x),
    rows.map((row) => row.y),
  );
  const shown = evenly(rows, most);
  const layers = distinct(rows, 'layer');
  const data = layers.map((layer, place): ScatterSeries => {
    const own = shown.filter((row) => row.layer === layer);
    const where = layer === undefined ? '' : `<b>${layerText(layer)}</b><br>`;
    return {
      type: 'scatter',
      mode: 'markers',
      name: layer === undefined ? 'weights' : layerText(layer),
      x: own.map((row) => row.x),
      y: own.map((row) => row.y),
      hovertext: own.map((row) => `${where}${x} ${short(row.x)}<br>${y} ${short(row.y)}`),
      hoverinfo: 'text',
      marker: { color: palette[place % palette.length], size: 5, opacity: 0.6 },
    };
  });
  const of =
    shown.length < rows.length ? `, ${short(shown.length)} of ${short(rows.length)} weights shown` : '';
  const rank = Number.isFinite(correlation) ? correlation.toFixed(3) : 'not defined, one score is constant';
  return compose(data, {
    title,
    notes: [`Spearman's rank correlation ${rank}${of}`],
    x: scoreAxis(
      x,
      rows.map((row) => row.x),
    ),
    y: scoreAxis(
      y,
      rows.map((row) => row.y),
    ),
    ...(layers.length > 1 ? { legend: 'layer' } : {}),
    height: 460,
  });
}

function scoreAxis(name: string, scores: readonly number[]): Axis {
  const title = `score of ${name}`;
  return scores.every((score) => score > 0)
    ? logAxis(title, scores)
    : { title: { text: title, standoff: 12 }, type: 'linear' };
}

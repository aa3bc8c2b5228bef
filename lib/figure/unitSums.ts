import { extent } from 'd3-array';
import { checkNames, invalid } from '../base';
import { logAxis } from './axes';
import { evenly } from './evenly';
import type { Figure, ScatterSeries } from './figure';
import { layerText, short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne } from './rows';
import { compose } from './theme';

export interface UnitSumRow {
  /** The score, or another name for a group of units. */
  score: string;
  /** The layer the unit is of. */
  layer: string;
  /** Which of its units. */
  channel: number;
  /** Σ of the scores of the weights into the unit. */
  into: number;
  /** Σ of those of the weights out of it. */
  out: number;
}

/**
 * The scores into each hidden unit against those out of it, a point a unit: a score that is conserved lies on the dotted
 * diagonal (arXiv 2006.05467, theorem 1). Each score is over its own mean sum, so that several fit one figure. Logarithmic
 * axes where all sums are positive.
 *
 * @param rows one for each unit and score, as `unitFlows` gives them; a unit without any score is left out
 * @param options `title`, `legend` (`score` by default), and `most`: at most so many points of a score, evenly taken; 500 by default
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name, `invalid most; …` below 1
 */
export function unitSums(
  rows: readonly UnitSumRow[],
  options: { title?: string; legend?: string; most?: number } = {},
): Figure {
  checkNames('unitSums', options, { title: 1, legend: 1, most: 1 });
  const { title = 'Scores into and out of each hidden unit', legend = 'score', most = 500 } = options;
  if (!(most >= 1)) throw invalid('most', 'not at least 1', most);
  const connected = rows.filter(({ into, out }) => into !== 0 || out !== 0);
  requireFields(connected, { numbers: ['into', 'out', 'channel'], names: ['score', 'layer'] });
  requireOne(connected, { line: 'score' });
  const points = distinct(connected, 'score').flatMap((score) => {
    const own = connected.filter((row) => row.score === score);
    const mean = own.reduce((sum, { into, out }) => sum + Math.abs(into) + Math.abs(out), 0) / own.length / 2;
    return evenly(own, most).map((row) => ({ ...row, x: row.into / mean, y: row.out / mean }));
  });
  const isPositive = points.every(({ x, y }) => x > 0 && y > 0);
  const data = distinct(points, 'score').map((score, place): ScatterSeries => {
    const own = points.filter((row) => row.score === score);
    const { color, symbol } = methodStyle(score, place);
    return {
      type: 'scatter',
      mode: 'markers',
      name: score,
      x: own.map(({ x }) => x),
      y: own.map(({ y }) => y),
      hovertext: own.map(
        ({ layer, channel, into, out }) =>
          `<b>${score}</b><br>${layerText(layer)}, unit ${channel}<br>in ${short(into)}<br>out ${short(out)}`,
      ),
      hoverinfo: 'text',
      marker: { color, symbol, size: 5, opacity: 0.7 },
    };
  });
  const ends = points.flatMap(({ x, y }) => [x, y]);
  const diagonal = extent(ends) as [number, number];
  const axis = (name: string) =>
    isPositive ? logAxis(name, ends) : { title: { text: name, standoff: 12 }, type: 'linear' as const };
  const line: ScatterSeries = {
    type: 'scatter',
    mode: 'lines',
    name: 'in = out',
    x: diagonal,
    y: diagonal,
    hovertext: [],
    hoverinfo: 'skip',
    line: { color: '#222222', dash: 'dot', width: 1.5 },
  };
  return compose([...data, line], {
    title,
    x: axis('scores into the unit / mean'),
    y: axis('scores out of the unit / mean'),
    legend,
    height: 460,
  });
}

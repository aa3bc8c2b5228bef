import { extent } from 'd3-array';
import { checkNames } from '../base';
import { logAxis } from './axes';
import { bandLine, bandPoints, behind, rangeText } from './band';
import type { Axis, Figure, ScatterSeries } from './figure';
import { short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

export interface LinePoint {
  /** Which line it is on. */
  line: string;
  x: number;
  y: number;
}

export interface LinesOptions {
  title: string;
  /** What stands along the axes. */
  x: string;
  y: string;
  /** Which axes are logarithmic; none by default. */
  log?: 'x' | 'y' | 'xy';
  /** What the lines are; `method` by default. */
  legend?: string;
  /** A dotted line across at a height that means something, with its name. */
  level?: { at: number; name: string };
}

/**
 * Any quantity against any other, a line each. Of several points of a line with one abscissa (seeds) the line is the mean, in
 * a band from the smallest to the largest.
 *
 * @throws `invalid rows; …` where there are none, or a row lacks a number or its name
 */
export function lines(rows: readonly LinePoint[], options: LinesOptions): Figure {
  checkNames('lines', options, { title: 1, x: 1, y: 1, log: 1, legend: 1, level: 1 });
  const { title, x, y, log, legend = 'method', level } = options;
  requireFields(rows, { numbers: ['x', 'y'], names: ['line'] });
  requireOne(rows, { line: 'line', settings: networkSettings });
  const data = distinct(rows, 'line').flatMap((line, place): ScatterSeries[] => {
    const points = bandPoints(
      rows.filter((row) => row.line === line),
      (row) => row.x,
      (row) => row.y,
    );
    return bandLine(line, points, methodStyle(line, place), {
      text: (point) =>
        `<b>${line}</b><br>${x} ${short(point.x)}<br>${y} ${short(point.mean)}${rangeText(point, short, 'points')}`,
    });
  });
  if (level) data.push(across(rows, level));
  const axis = (text: string, along: 'x' | 'y'): Axis =>
    log?.includes(along)
      ? logAxis(text, [...rows.map((row) => row[along]), ...(along === 'y' && level ? [level.at] : [])])
      : { title: { text, standoff: 12 }, type: 'linear' };
  return compose(behind(data), {
    title,
    x: axis(x, 'x'),
    y: axis(y, 'y'),
    legend,
  });
}

/** The dotted line at a level, from the first abscissa to the last. */
function across(rows: readonly LinePoint[], { at, name }: NonNullable<LinesOptions['level']>): ScatterSeries {
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x: extent(rows, (row) => row.x) as [number, number],
    y: [at, at],
    hovertext: [],
    hoverinfo: 'skip',
    line: { color: '#222222', dash: 'dot', width: 1.5 },
  };
}

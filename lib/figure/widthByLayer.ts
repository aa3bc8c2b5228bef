import { checkNames, invalid } from '../base';
import { categoryAxis, namesHeight } from './axes';
import { bandLine, bandPoints, behind, rangeText } from './band';
import type { Figure, ScatterSeries } from './figure';
import { layerText, short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne, requireRows } from './rows';
import { compose } from './theme';

/** How wide a layer is left. */
export interface WidthRow {
  layer: string;
  /** Output channels of the layer, and those of them on a complete path. */
  units: number;
  effectiveUnits: number;
}

/**
 * The share of each layer's channels that is left on paths, a line a method. Of several reports of a method (seeds) the line is the
 * mean, in a band from the narrowest to the widest.
 *
 * @param reports what `prune` reports
 * @throws `invalid reports; …` and `invalid rows; …` where there are none or they are of different layers
 */
export function widthByLayer(
  reports: readonly { method: string; rows: readonly WidthRow[] }[],
  options: { title?: string } = {},
): Figure {
  checkNames('widthByLayer', options, { title: 1 });
  const { title = 'Channels left in each layer' } = options;
  requireRows('reports', reports);
  for (const { rows } of reports)
    requireFields(rows, { numbers: ['units', 'effectiveUnits'], names: ['layer'] });
  requireOne(reports, { line: 'method' });
  const layers = reports[0].rows.map(({ layer }) => layerText(layer));
  for (const { method, rows } of reports)
    if (rows.map(({ layer }) => layerText(layer)).join() !== layers.join())
      throw invalid('rows', `not of the layers ${layers.join(', ')}`, method);
  const data = distinct(reports, 'method').flatMap((method, place): ScatterSeries[] => {
    const rows = reports
      .filter((report) => report.method === method)
      .flatMap((report) => report.rows.map((row, at) => ({ ...row, at })));
    const points = bandPoints(
      rows,
      ({ at }) => at,
      ({ units, effectiveUnits }) => effectiveUnits / units,
    );
    return bandLine(method, points, methodStyle(method, place), {
      text: (point) => {
        const { units } = point.rows[0];
        const left = `${short(point.mean * units)} of ${units} channels on paths`;
        const range = rangeText(point, (share) => short(share * units), 'seeds');
        return `<b>${method}</b><br>${layers[point.x]}<br>${left}${range}`;
      },
      x: (at) => layers[at],
    });
  });
  return compose(behind(data), {
    title,
    x: categoryAxis('layer, from input to output', layers),
    y: { title: { text: 'share of channels on paths', standoff: 12 }, rangemode: 'tozero' },
    legend: 'method',
    height: 420 + namesHeight(layers),
  });
}

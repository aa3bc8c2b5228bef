import { min } from 'd3-array';
import { checkNames } from '../base';
import { categoryAxis, densityAxis, namesHeight } from './axes';
import { brokenLine } from './brokenLine';
import { crossRows } from './crosses';
import type { Figure, ScatterSeries } from './figure';
import { densityText, layerText, short } from './format';
import { methodStyle } from './methodStyle';
import { type KeptRow, type PrunedNetwork, requirePruned } from './pruned';
import { requireOne } from './rows';
import { compose } from './theme';

/**
 * The density of each layer of pruned networks, a line each, on a logarithmic axis. A layer of which nothing is kept cannot
 * stand on it: the line breaks, and there is a cross below the plot, in a row for each method.
 *
 *     show(figures.layerDensities([snip.report, synflow.report]));
 *
 * @param reports what `prune` reports
 * @param options `title`
 * @throws `invalid reports; …` and `invalid rows; …` where there are none, or a row keeps more than there is
 */
export function layerDensities(reports: readonly PrunedNetwork[], options: { title?: string } = {}): Figure {
  checkNames('layerDensities', options, { title: 1 });
  const { title = 'Density of each layer' } = options;
  requirePruned(reports);
  requireOne(reports, { line: 'method' });
  const densities = reports.flatMap(({ rows }) =>
    rows.map(({ kept, size }) => kept / size).filter((density) => density > 0),
  );
  const gone = reports.filter(({ rows }) => rows.some(({ kept }) => kept === 0)).map(({ method }) => method);
  const rowOf = crossRows(gone, [...densities, 1].map(Math.log10));
  const data = reports.flatMap(({ method, rows }, place): ScatterSeries[] => {
    const textOf = ({ layer, kept, size }: KeptRow) =>
      [
        `<b>${method}</b>`,
        layerText(layer),
        `${short(kept)} of ${short(size)} weights kept`,
        `density ${densityText(kept / size)}`,
      ].join('<br>');
    const points = rows.map((row) => ({
      x: layerText(row.layer),
      y: row.kept > 0 ? row.kept / row.size : null,
      text: textOf(row),
    }));
    return brokenLine(method, points, methodStyle(method, place), 10 ** rowOf(method));
  });
  const axis = densityAxis('density', min(densities) ?? 1, 'y');
  const below = min(gone, rowOf);
  const layers = [...new Set(reports.flatMap(({ rows }) => rows.map(({ layer }) => layerText(layer))))];
  return compose(data, {
    title,
    notes: [gone.length > 0 && '✕ the layer has collapsed'],
    x: categoryAxis('layer, from input to output', layers),
    y: { ...axis, ...(below === undefined ? {} : { range: [below - 0.1, 0.1] as const }) },
    legend: 'method',
    height: 420 + namesHeight(layers),
  });
}

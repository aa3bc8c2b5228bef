import { group, least, max, min } from 'd3-array';
import { checkNames } from '../base';
import { densityAxis, logAxis } from './axes';
import { brokenLine } from './brokenLine';
import { crossRows } from './crosses';
import type { Figure, ScatterSeries } from './figure';
import { densityText, layerText, short } from './format';
import { limitLine } from './limitLine';
import { methodStyle } from './methodStyle';
import { type KeptRow, type PrunedNetwork, requireDensities } from './pruned';
import { requireOne } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

/**
 * The weights left in the thinnest layer against density, a line a method: a line ends where the method has emptied a
 * layer: from there on are crosses below the plot, in a row for each method.
 *
 * @param reports what `prune` reports, for each method and density; of several with both the same (seeds), the thinnest layer
 *   of all
 * @param options `title`, and `limit`: the largest compression that leaves each layer a weight, a dotted line; none by default
 * @throws `invalid reports; …` and `invalid rows; …` where there are none or they do not fit, `invalid limit; …` below 1
 */
export function thinnestLayer(
  reports: readonly (PrunedNetwork & { density: number })[],
  options: { title?: string; limit?: number } = {},
): Figure {
  checkNames('thinnestLayer', options, { title: 1, limit: 1 });
  const { title = 'Weights kept in the thinnest layer', limit } = options;
  requireDensities(reports);
  requireOne(reports, { line: 'method', settings: networkSettings });
  const methods = [...new Set(reports.map(({ method }) => method))];
  const lines = methods.map((name) => {
    const densities = group(
      reports.filter(({ method }) => method === name),
      ({ density }) => density,
    );
    const own = [...densities]
      .sort(([a], [b]) => b - a)
      .map(([density, same]) => {
        const rows = same.flatMap((report) => report.rows);
        return { ...(least(rows, ({ kept }) => kept) as KeptRow), density };
      });
    return { name, own };
  });
  const gone = lines.filter(({ own }) => own.some(({ kept }) => kept === 0)).map(({ name }) => name);
  const shown = lines.flatMap(({ own }) => own.map(({ kept }) => kept).filter((kept) => kept > 0));
  const rowOf = crossRows(gone, shown.map(Math.log10));
  const data = lines.flatMap(({ name, own }, place): ScatterSeries[] => {
    const textOf = ({ density, kept, layer }: KeptRow & { density: number }) =>
      `<b>${name}</b><br>density ${densityText(density)}<br>${layerText(layer)}: ${
        kept > 0 ? `${short(kept)} weights kept` : 'nothing kept, collapsed'
      }`;
    const points = own.map((row) => ({
      x: row.density,
      y: row.kept > 0 ? row.kept : null,
      text: textOf(row),
    }));
    return brokenLine(name, points, { ...methodStyle(name, place), size: 8 }, 10 ** rowOf(name));
  });
  const lowest = Math.min(min(reports, ({ density }) => density) as number, 1 / (limit ?? 1));
  const ends = [min(shown) ?? 1, max(shown) ?? 1] as const;
  return compose([...limitLine(limit, ends), ...data], {
    title,
    notes: [gone.length > 0 && '✕ a layer has collapsed'],
    x: densityAxis('density of the network', lowest, 'x'),
    y: logAxis('weights kept', shown),
    legend: 'method',
  });
}

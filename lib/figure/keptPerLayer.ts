import { min } from 'd3-array';
import { checkNames, invalid, lookUp } from '../base';
import { densityAxis, logAxis } from './axes';
import { brokenLine } from './brokenLine';
import { crossRows } from './crosses';
import { depthColor } from './depthColor';
import type { Axis, Figure, ScatterSeries } from './figure';
import { densityText, layerText, short } from './format';
import { type KeptRow, type PrunedNetwork, requirePruned } from './pruned';
import { requireOne, requireRows } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

/** A network pruned with this many iterations to this density. */
export interface PrunedTo extends PrunedNetwork {
  density: number;
  iterations: number;
}

/**
 * The weights kept in each layer of one network pruned further and further, or to one density with more and more iterations:
 * a line a layer, from the input (light) to the output (dark), which breaks where the layer has collapsed: there is a cross below the
 * plot, in a row for each layer.
 *
 * @param reports what `prune` reports, in any order
 * @param against what to draw them against: `density` (the default) or `iterations`
 * @param options `title`
 * @throws `invalid reports; …` and `invalid rows; …` where there are none or they do not fit, `invalid axis; unknown, …`
 */
export function keptPerLayer(
  reports: readonly PrunedTo[],
  against: 'density' | 'iterations' = 'density',
  options: { title?: string } = {},
): Figure {
  checkNames('keptPerLayer', options, { title: 1 });
  const { title = 'Weights kept in each layer' } = options;
  const { axis, text } = lookUp('axis', AXES, against);
  requirePruned(reports);
  requireOne(reports, against === 'density' ? { settings: networkSettings } : {});
  const places = reports.map((report) => report[against]);
  for (const place of places)
    if (!(place > 0 && Number.isFinite(place))) throw invalid('reports', `${against} not above 0`, place);
  const ordered = [...reports].sort((a, b) => a[against] - b[against]);
  const layers = [...new Set(ordered.flatMap(({ rows }) => rows.map(({ layer }) => layer)))];
  requireRows('layers', layers);
  const gone = new Set(
    ordered.flatMap(({ rows }) => rows.flatMap(({ layer, kept }) => (kept > 0 ? [] : [layer]))),
  );
  const shown = ordered.flatMap(({ rows }) => rows.map(({ kept }) => kept).filter((kept) => kept > 0));
  const rowOf = crossRows([...gone], shown.map(Math.log10));
  const data = layers.flatMap((layer, depth): ScatterSeries[] => {
    const own = ordered.flatMap((report) =>
      report.rows.filter((row) => row.layer === layer).map((row) => ({ ...row, at: report[against] })),
    );
    const name = layerText(layer);
    const textOf = (row: KeptRow & { at: number }) => `<b>${name}</b><br>${text(row.at)}<br>${keptText(row)}`;
    const points = own.map((row) => ({ x: row.at, y: row.kept > 0 ? row.kept : null, text: textOf(row) }));
    const style = { color: depthColor(depth, layers.length), size: 5, width: 1.5 };
    return brokenLine(name, points, style, 10 ** rowOf(layer));
  });
  return compose(data, {
    title,
    notes: [gone.size > 0 && '✕ the layer has collapsed'],
    x: axis(places),
    y: logAxis('weights kept', shown),
    legend: 'layer',
    height: Math.max(420, 110 + 20 * layers.length),
  });
}

const AXES: Readonly<
  Record<string, { axis: (places: readonly number[]) => Axis; text: (at: number) => string }>
> = {
  density: {
    axis: (places) => densityAxis('density of the network', min(places) as number, 'x'),
    text: (at) => `density of the network ${densityText(at)}`,
  },
  iterations: {
    axis: (places) => logAxis('iterations of pruning', places),
    text: (at) => `${short(at)} ${at === 1 ? 'iteration' : 'iterations'}`,
  },
};

function keptText({ kept, size }: KeptRow): string {
  return kept > 0 ? `${short(kept)} of ${short(size)} weights kept` : 'nothing kept: the layer has collapsed';
}

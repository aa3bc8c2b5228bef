import { max, min } from 'd3-array';
import { checkNames, invalid, lookUp } from '../base';
import { densityAxis } from './axes';
import { bandArea, bandPoints, behind, rangeText } from './band';
import { type CollapseRow, criticalCompression } from './criticalCompression';
import type { Axis, Figure, ScatterSeries } from './figure';
import { compressionText, densityText, short } from './format';
import { limitLine } from './limitLine';
import { methodStyle } from './methodStyle';
import { distinct, requireOne } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

export interface AccuracyRow extends CollapseRow {
  testTop1?: number | null;
  testTop5?: number | null;
  testLoss?: number | null;
}

export type AccuracyQuantity = 'testTop1' | 'testTop5' | 'testLoss';

const QUANTITIES: Readonly<Record<AccuracyQuantity, { title: string; y: Axis }>> = {
  testTop1: { title: 'Accuracy against density', y: accuracy('test accuracy') },
  testTop5: { title: 'Top-5 accuracy against density', y: accuracy('test accuracy, top 5') },
  testLoss: { title: 'Test loss against density', y: fromZero('test loss, mean over images') },
};

/**
 * What trained networks achieve against density, a line a method with a band over its runs (arXiv 2006.05467). A cross marks
 * a density at which a layer has collapsed in at least one run.
 *
 * @param rows one a trained network, as `finalAccuracies` selects them; one without the quantity is left out
 * @param quantity `testTop1` (the default), `testTop5` or `testLoss`
 * @param options `title`, and `limit`: the largest compression that leaves each layer a weight, a dotted line; none by default
 * @throws `invalid rows; …` where there are none, or a row lacks what it needs, `invalid quantity; unknown, …`,
 *   `invalid limit; …` below 1
 */
export function accuracyByDensity(
  rows: readonly AccuracyRow[],
  quantity: AccuracyQuantity = 'testTop1',
  options: { title?: string; limit?: number } = {},
): Figure {
  checkNames('accuracyByDensity', options, { title: 1, limit: 1 });
  const { title, limit: most } = options;
  const { title: preset, y } = lookUp('quantity', QUANTITIES, quantity);
  requireOne(rows, { line: 'method', settings: [...networkSettings, 'epochs'] });
  const critical = criticalCompression(rows);
  const measured = rows.filter((row) => Number.isFinite(row[quantity]));
  if (measured.length === 0) throw invalid('rows', `none has a number for it`, quantity);
  const data = distinct(measured, 'method').flatMap((method, place): ScatterSeries[] => {
    const own = measured.filter((row) => row.method === method);
    const points = bandPoints(
      own,
      ({ density }) => density,
      (row) => row[quantity] as number,
    ).reverse();
    const { color, dash, symbol } = methodStyle(method, place);
    const collapsed = points.map((point) => point.rows.filter((row) => row.collapsed).length);
    const limit = critical.find((one) => one.method === method)?.compression;
    const limitText =
      limit == null
        ? 'collapses at every density tried'
        : `no collapse up to ${compressionText(1 / limit)} among the densities tried`;
    return [
      ...bandArea(method, points, { color }),
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: method,
        x: points.map(({ x }) => x),
        y: points.map(({ mean }) => mean),
        hovertext: points.map((point, i) => {
          const state =
            collapsed[i] > 0
              ? `a layer has collapsed in ${collapsed[i]} of ${point.rows.length}`
              : 'no layer has collapsed';
          return `<b>${method}</b><br>density ${densityText(point.x)}<br>${y.title?.text} ${short(point.mean)}${rangeText(
            point,
            short,
          )}<br>${state}<br>${limitText}`;
        }),
        hoverinfo: 'text',
        legendgroup: method,
        line: { color, dash, width: 2 },
        marker: {
          color,
          size: collapsed.map((count) => (count > 0 ? 11 : 7)),
          symbol: collapsed.map((count) => (count > 0 ? 'x' : symbol)),
        },
      },
    ];
  });
  const lowest = Math.min(min(measured, ({ density }) => density) as number, 1 / (most ?? 1));
  const line = limitLine(most, [0, max(measured, (row) => row[quantity]) as number]);
  return compose([...line, ...behind(data)], {
    title: title ?? `${preset}${data.some(hasCross) ? '<br><sub>✕ a layer has collapsed</sub>' : ''}`,
    x: densityAxis('density', lowest, 'x'),
    y,
    legend: 'method',
    // The legend sets bands and their lines apart.
    height: Math.max(420, 205 + 32 * distinct(measured, 'method').length),
  });
}

function fromZero(text: string): Axis {
  return { title: { text, standoff: 12 }, type: 'linear', rangemode: 'tozero' };
}

function accuracy(text: string): Axis {
  return { ...fromZero(text), tickformat: '.0%' };
}

function hasCross({ marker }: ScatterSeries): boolean {
  return Array.isArray(marker?.symbol) && marker.symbol.includes('x');
}

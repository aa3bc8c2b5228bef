import { max, min, ticks } from 'd3-array';
import { checkNames, invalid, lookUp } from '../base';
import { densityAxis } from './axes';
import { bandLine, bandPoints, behind, rangeText } from './band';
import { type CollapseRow, criticalCompression } from './criticalCompression';
import { crosses, crossRows } from './crosses';
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
 * What trained networks achieve against density, a line a method with a band over its runs (arXiv 2006.05467). A cross below
 * the plot, in a row for each method, marks a density at which a layer has collapsed in at least one run.
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
  const top = max(measured, (row) => row[quantity]) as number;
  const methods = distinct(measured, 'method');
  const gone = methods.filter((method) => measured.some((row) => row.method === method && row.collapsed));
  const rowOf = crossRows(gone, [0, top]);
  const data = methods.flatMap((method, place): ScatterSeries[] => {
    const points = bandPoints(
      rows.filter((row) => row.method === method),
      ({ density }) => density,
      (row) => row[quantity],
    ).reverse();
    const style = methodStyle(method, place);
    const collapsed = (point: (typeof points)[number]) => point.rows.filter((row) => row.collapsed).length;
    const limit = critical.find((one) => one.method === method)?.compression;
    const limitText =
      limit == null
        ? 'collapses at every density tried'
        : `no collapse up to ${compressionText(1 / limit)} among the densities tried`;
    const text = (point: (typeof points)[number]) => {
      const count = collapsed(point);
      const state =
        count > 0 ? `a layer has collapsed in ${count} of ${point.rows.length}` : 'no layer has collapsed';
      return `<b>${method}</b><br>density ${densityText(point.x)}<br>${y.title?.text} ${short(point.mean)}${rangeText(
        point,
        short,
      )}<br>${state}<br>${limitText}`;
    };
    return [
      ...bandLine(method, points, style, { text }),
      ...crosses(
        method,
        style.color,
        rowOf(method),
        points.filter(collapsed).map((point) => [point.x, text(point)] as const),
      ),
    ];
  });
  const lowest = Math.min(min(measured, ({ density }) => density) as number, 1 / (most ?? 1));
  return compose([...limitLine(most, [0, top]), ...behind(data)], {
    title: title ?? preset,
    notes: [gone.length > 0 && '✕ a layer has collapsed'],
    x: densityAxis('density', lowest, 'x'),
    y: { ...y, tickvals: ticks(0, top, 5) },
    legend: 'method',
  });
}

function fromZero(text: string): Axis {
  return { title: { text, standoff: 12 }, type: 'linear', rangemode: 'tozero' };
}

function accuracy(text: string): Axis {
  return { ...fromZero(text), tickformat: '.0%' };
}

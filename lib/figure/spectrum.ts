import { sum } from 'd3-array';
import { checkNames, invalid } from '../base';
import { isTensor, type TensorLike } from '../tensor/tensorLike';
import { logAxis } from './axes';
import type { Figure, ScatterSeries } from './figure';
import { short } from './format';
import { type FrameLike, isFrame } from './frameLike';
import { methodStyle } from './methodStyle';
import { plainFigure } from './plainFigure';
import { requireRows } from './rows';
import { compose } from './theme';

export interface SpectrumOptions {
  title?: string;
  /** What the values are; `eigenvalue` by default. */
  value?: string;
  /** Values below this part of the largest are rounding noise and left out, and counted below the title; 1e-6 by default. */
  noise?: number;
}

/** An eigenvalue and how many equal ones there are, as `pathKernelSpectrum` lists them. */
export interface EigenvalueRow {
  value: number;
  multiplicity: number;
}

/** As an array or typed array, a tensor or a danfo Series, each copy by itself; or as rows with multiplicities. */
export type Eigenvalues = ArrayLike<number> | TensorLike | FrameLike | readonly EigenvalueRow[];

/**
 * Eigenvalues, largest first, on a logarithmic axis: one spectrum, or several by label. Equal ones that come as one row are a
 * level stretch over as many ranks; where these are most of all ranks, the axis of ranks is logarithmic, too.
 *
 * @throws `invalid eigenvalues; …` where there are none, one is not finite, or none is above 0, or a multiplicity is none,
 *   `invalid noise; …` outside [0, 1)
 */
export function spectrum(
  eigenvalues: Eigenvalues | Readonly<Record<string, Eigenvalues>>,
  options: SpectrumOptions = {},
): Figure {
  checkNames('spectrum', options, { title: 1, value: 1, noise: 1 });
  const { title = 'Eigenvalues', value: name = 'eigenvalue', noise = 1e-6 } = options;
  if (!(0 <= noise && noise < 1)) throw invalid('noise', 'not in [0, 1)', noise);
  if (typeof eigenvalues !== 'object' || eigenvalues === null)
    throw invalid('eigenvalues', 'neither a list nor lists by label', eigenvalues);
  const several = isList(eigenvalues) ? { '': eigenvalues } : eigenvalues;
  requireRows('eigenvalues', Object.keys(several));
  let zeros = 0;
  let ranks = 0;
  let most = 0;
  const data = Object.entries(several).map(([label, list], place): ScatterSeries => {
    const rows = rowsOf(list).sort((a, b) => b.value - a.value);
    if (!(rows[0].value > 0)) throw invalid('eigenvalues', 'none above 0', rows[0].value);
    const count = sum(rows, ({ multiplicity }) => multiplicity);
    const shown = rows.filter(({ value }) => value > noise * rows[0].value);
    let last = 0;
    const points = shown.flatMap(({ value, multiplicity }) => {
      const first = last + 1;
      last += multiplicity;
      const which = multiplicity > 1 ? `s ${first} to ${last}` : ` ${first}`;
      const text = `${label ? `<b>${label}</b><br>` : ''}eigenvalue${which} of ${count}<br>${short(value)}`;
      return (multiplicity > 1 ? [first, last] : [first]).map((rank) => ({ rank, value, text }));
    });
    zeros += count - last;
    ranks = Math.max(ranks, last);
    most = Math.max(most, points.length);
    const { color, dash, symbol } = methodStyle(label, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: label || 'eigenvalues',
      x: points.map(({ rank }) => rank),
      y: points.map(({ value }) => value),
      hovertext: points.map(({ text }) => text),
      hoverinfo: 'text',
      line: { color, dash, width: 1.5 },
      marker: { color, symbol, size: 7 },
    };
  });
  return compose(data, {
    title,
    notes: [zeros > 0 && `${zeros} more below ${short(noise)} of the largest`],
    x:
      ranks > MOSTLY_EQUAL * most
        ? logAxis('rank', [1, ranks])
        : { title: { text: 'rank', standoff: 12 }, type: 'linear' },
    y: logAxis(
      name,
      data.flatMap(({ y }) => y as number[]),
    ),
    ...(data.length > 1 ? { legend: 'network' } : {}),
  });
}

/** With so many ranks to a point, points on a linear axis would lie on one another. */
const MOSTLY_EQUAL = 4;

function rowsOf(list: Eigenvalues): EigenvalueRow[] {
  const plain = isTensor(list) || isFrame(list) ? plainFigure({ list }).list : list;
  const rows = Array.from(plain as ArrayLike<number | EigenvalueRow>, (one) =>
    typeof one === 'object' && one !== null ? one : { value: one as number, multiplicity: 1 },
  );
  requireRows('eigenvalues', rows);
  for (const { value, multiplicity } of rows) {
    if (!Number.isFinite(value)) throw invalid('eigenvalues', 'not a finite number', value);
    if (!(Number.isInteger(multiplicity) && multiplicity >= 1))
      throw invalid('eigenvalues', 'multiplicity not a whole number of 1 or more', multiplicity);
  }
  return rows;
}

function isList(value: object): value is Eigenvalues {
  return Array.isArray(value) || ArrayBuffer.isView(value) || isTensor(value) || isFrame(value);
}

import { checkNames, invalid } from '../base';
import { isTensor, type TensorLike } from '../tensor/tensorLike';
import type { Figure, ScatterSeries } from './figure';
import { short } from './format';
import { type FrameLike, isFrame } from './frameLike';
import { methodStyle } from './methodStyle';
import { plainFigure } from './plainFigure';
import { requireRows } from './rows';
import { compose } from './theme';

export interface SpectrumOptions {
  title?: string;
  /** Values below this part of the largest are rounding noise and left out, and counted below the title; 1e-6 by default. */
  noise?: number;
}

/** As an array or typed array, a tensor or a danfo Series. */
export type Eigenvalues = ArrayLike<number> | TensorLike | FrameLike;

/**
 * Eigenvalues, largest first, on a logarithmic axis: one spectrum, or several by label.
 *
 * @throws `invalid eigenvalues; …` where there are none, one is not finite, or none is above 0, `invalid noise; …` outside [0, 1)
 */
export function spectrum(
  eigenvalues: Eigenvalues | Readonly<Record<string, Eigenvalues>>,
  options: SpectrumOptions = {},
): Figure {
  checkNames('spectrum', options, { title: 1, noise: 1 });
  const { title = 'Eigenvalues', noise = 1e-6 } = options;
  if (!(0 <= noise && noise < 1)) throw invalid('noise', 'not in [0, 1)', noise);
  if (typeof eigenvalues !== 'object' || eigenvalues === null)
    throw invalid('eigenvalues', 'neither a list nor lists by label', eigenvalues);
  const several = isList(eigenvalues) ? { '': eigenvalues } : eigenvalues;
  requireRows('eigenvalues', Object.keys(several));
  let zeros = 0;
  const data = Object.entries(several).map(([label, list], place): ScatterSeries => {
    const plain = isTensor(list) || isFrame(list) ? plainFigure({ list }).list : list;
    const values = Array.from(plain as ArrayLike<number>).sort((a, b) => b - a);
    requireRows('eigenvalues', values);
    const wrong = values.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw invalid('eigenvalues', 'not a finite number', wrong);
    if (!(values[0] > 0)) throw invalid('eigenvalues', 'none above 0', values[0]);
    const shown = values.filter((value) => value > noise * values[0]);
    zeros += values.length - shown.length;
    const { color, dash, symbol } = methodStyle(label, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: label || 'eigenvalues',
      x: shown.map((_, i) => i + 1),
      y: shown,
      hovertext: shown.map(
        (value, i) =>
          `${label ? `<b>${label}</b><br>` : ''}eigenvalue ${i + 1} of ${values.length}<br>${short(value)}`,
      ),
      hoverinfo: 'text',
      line: { color, dash, width: 1.5 },
      marker: { color, symbol, size: 7 },
    };
  });
  const below = zeros > 0 ? `<br><sub>${zeros} more below ${short(noise)} of the largest</sub>` : '';
  return compose(data, {
    title: `${title}${below}`,
    x: { title: { text: 'rank', standoff: 12 }, type: 'linear' },
    y: { title: { text: 'eigenvalue', standoff: 12 }, type: 'log', exponentformat: 'power' },
    ...(data.length > 1 ? { legend: 'network' } : {}),
  });
}

function isList(value: object): value is Eigenvalues {
  return Array.isArray(value) || ArrayBuffer.isView(value) || isTensor(value) || isFrame(value);
}

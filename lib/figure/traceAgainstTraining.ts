import { extent } from 'd3-array';
import { checkNames } from '../base';
import { exponentAxis } from './axes';
import { type BootstrapOptions, bootstrapNames } from './bootstrapInterval';
import type { Axis, Figure, ScatterSeries } from './figure';
import { short } from './format';
import { intervalText } from './intervalText';
import { methodStyle } from './methodStyle';
import { type RankPair, rankInterval } from './rankInterval';
import { distinct, requireFields, requireOne } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

export interface PredictionRow extends RankPair {
  /** Natural logarithm of what predicts: ln Tr Π, or of a path norm, before training. */
  x: number;
  /** What training came to. */
  y: number;
  method: string;
  control?: number;
}

export interface PredictionOptions extends BootstrapOptions {
  title?: string;
  /** What is along x; `Tr Π before training` by default. */
  x?: string;
  /** What is along y; `test accuracy after training` by default. */
  y?: string;
  /** The ordinate that stands for what never came, such as epochs to a loss; none by default. */
  never?: number;
  /** What `control` is, for the second line below the title; `weights kept` by default. */
  control?: string;
}

/**
 * Does the trace predict training? A point a run, its trace before training against what it came to, with Spearman's rank
 * correlation and its interval over seeds and, where there are three or more, methods; where the rows have a `control`, also the correlation without its influence. Where
 * `y` is a whole number, the methods stand a little above and below it, side by side.
 *
 * @param rows one a run, as `finalAccuracyAgainst` selects them; a run without a path (logarithm −Infinity) is left out;
 *   below the axis stands how many are
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name; `invalid scores; …` for one row
 */
export function traceAgainstTraining(
  rows: readonly PredictionRow[],
  options: PredictionOptions = {},
): Figure {
  const names = { title: 1, x: 1, y: 1, never: 1, control: 1 };
  checkNames('traceAgainstTraining', options, { ...names, ...bootstrapNames });
  const {
    title = 'Trace before training against what training comes to',
    x = 'Tr Π before training',
    y = 'test accuracy after training',
    control = 'weights kept',
    never,
    ...bootstrap
  } = options;
  const connected = rows.filter((row) => row.x !== Number.NEGATIVE_INFINITY);
  requireFields(connected, { numbers: ['x', 'y'], names: ['method'] });
  requireOne(connected, { settings: [...networkSettings, 'epochs'] });
  const plain = rankInterval(
    connected.map(({ control: _, ...row }) => row),
    bootstrap,
  );
  const isControlled = connected.every((row) => row.control !== undefined);
  const lines = [`Spearman ${intervalText(plain)}`].concat(
    isControlled ? `with ${control} taken out ${intervalText(rankInterval(connected, bootstrap))}` : [],
  );
  const cut = rows.length - connected.length;
  const note = cut > 0 ? `<br><sub>${cut} of ${rows.length} runs without a path are left out</sub>` : '';
  const methods = distinct(connected, 'method');
  const whole = wholeAxis(
    connected.map((row) => row.y),
    never,
  );
  const data = methods.map((method, place): ScatterSeries => {
    const lane = whole ? 0.6 * ((place + 0.5) / methods.length - 0.5) : 0;
    const own = connected.filter((row) => row.method === method);
    const { color, symbol } = methodStyle(method, place);
    return {
      type: 'scatter',
      mode: 'markers',
      name: method,
      x: own.map((row) => row.x / Math.LN10),
      y: own.map((row) => row.y + lane),
      hovertext: own.map(
        (row) =>
          `<b>${method}</b><br>${x} 10^${short(row.x / Math.LN10)}<br>${y} ${row.y === never ? 'never' : short(row.y)}<br>seed ${row.seed}${
            row.control === undefined ? '' : `<br>${control} ${short(row.control)}`
          }`,
      ),
      hoverinfo: 'text',
      marker: { color, symbol, size: 8, opacity: 0.75 },
    };
  });
  const yAxis: Axis = { title: { text: y, standoff: 12 }, type: 'linear', ...whole };
  return compose(data, {
    title,
    notes: lines,
    x: exponentAxis(
      `${x}${note}`,
      connected.map((row) => row.x / Math.LN10),
    ),
    y: yAxis,
    legend: 'method',
    height: 460,
  });
}

/** A tick a whole number, with the word for the one that stands for never; undefined where an ordinate is none. */
function wholeAxis(values: readonly number[], never?: number): Partial<Axis> | undefined {
  if (!values.every(Number.isInteger)) return undefined;
  const [low, high] = extent(values) as [number, number];
  const step = Math.max(1, Math.ceil((high - low) / 10));
  const ticks = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step);
  const tickvals = [...ticks.filter((tick) => tick !== never), ...(never === undefined ? [] : [never])];
  return { tickvals, ticktext: tickvals.map((tick) => (tick === never ? 'never' : short(tick))) };
}

import { extent } from 'd3-array';
import type { Axis } from './figure';
import { compressionText } from './format';
import { logTicks } from './logTicks';
import { nameTicks } from './nameTicks';

/**
 * A logarithmic axis of densities whose ticks give the compression too; along x the density falls, as pruning goes on.
 *
 * @param lowest the smallest density to be shown, above 0
 * @param side which axis: on `x` the compression stands below the density, on `y` beside it
 */
export function densityAxis(title: string, lowest: number, side: 'x' | 'y'): Axis {
  const low = Math.min(-0.3, Math.log10(lowest));
  const ticks = logTicks(low, 0);
  const between = side === 'x' ? '<br>' : ' ';
  const ends = [low - 0.1, 0.1] as const;
  return {
    title: { text: `${title}${between}(compression ρ = 1/density)`, standoff: 12 },
    type: 'log',
    tickvals: ticks.map(({ exponent }) => powerOf(exponent)),
    ticktext: ticks.map(({ exponent, text }) => `${text}${between}(${compressionText(powerOf(exponent))})`),
    range: side === 'x' ? [ends[1], ends[0]] : ends,
  };
}

/** The pixels that names need below a plot beyond those of one line; `letters` as of {@link categoryAxis}. */
export function namesHeight(names: readonly string[], letters?: number): number {
  return names.length > MOST_NAMES ? 0 : nameTicks(names, letters).height;
}

/**
 * An axis of names, in the order in which they come, shortened where they are too long to lie side by side.
 *
 * @param letters how many fit side by side, where it is not what a plot of the page's width has
 */
export function categoryAxis(title: string, names: readonly string[], letters?: number): Axis {
  const axis: Axis = {
    title: { text: title, standoff: 12 },
    type: 'category',
    categoryorder: 'array',
    categoryarray: names,
  };
  if (names.length > MOST_NAMES) return axis;
  const { texts, angle, note } = nameTicks(names, letters);
  return {
    ...axis,
    ...(note ? { title: { text: `${title}<br><sub>${note}</sub>`, standoff: 12 } } : {}),
    tickvals: names,
    ticktext: texts,
    tickangle: angle,
    ...(names.length > 24 ? { tickfont: { size: 10 } } : {}),
  };
}

/** Of more names Plotly chooses some to show. */
const MOST_NAMES = 60;

/**
 * A logarithmic axis, with ticks that can be read one by one.
 *
 * @param values what is shown along it; those not above 0 do not count
 */
export function logAxis(title: string, values: readonly number[]): Axis {
  const [low = 1, high = 1] = extent(values.filter((value) => value > 0)) as [number?, number?];
  const ticks = logTicks(Math.log10(low), Math.log10(high));
  return {
    title: { text: title, standoff: 12 },
    type: 'log',
    tickvals: ticks.map(({ exponent }) => powerOf(exponent)),
    ticktext: ticks.map(({ text }) => text),
  };
}

/** A linear axis of decimal logarithms, labelled with the numbers they stand for. */
export function exponentAxis(title: string, exponents: readonly number[]): Axis {
  const [low = 0, high = 0] = extent(exponents) as [number?, number?];
  const ticks = logTicks(low, high);
  return {
    title: { text: title, standoff: 12 },
    type: 'linear',
    tickvals: ticks.map(({ exponent }) => exponent),
    ticktext: ticks.map(({ text }) => text),
  };
}

/** 10^exponent; of itself its last digits depend on the Node. */
function powerOf(exponent: number): number {
  return Number((10 ** exponent).toPrecision(12));
}

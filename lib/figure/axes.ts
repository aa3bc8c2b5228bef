import { extent, max } from 'd3-array';
import type { Axis } from './figure';
import { compressionText, powerOfTen, short } from './format';

/**
 * A logarithmic axis of densities whose ticks give the compression too; along x the density falls, as pruning goes on.
 *
 * @param lowest the smallest density to be shown, above 0
 * @param side which axis: on `x` the compression stands below the density, on `y` beside it
 */
export function densityAxis(title: string, lowest: number, side: 'x' | 'y'): Axis {
  const decades = Math.max(1, Math.ceil(-Math.log10(lowest) - 1e-9));
  const tickvals = Array.from({ length: decades + 1 }, (_, i) => 1 / 10 ** (decades - i)); // 10 ** -4 depends on the Node
  const bottom = Math.min(-0.3, Math.log10(lowest)) - 0.1;
  return {
    title: { text: `${title}${side === 'x' ? '<br>' : ' '}(compression ρ = 1/density)`, standoff: 12 },
    type: 'log',
    tickvals,
    ticktext: tickvals.map((density) =>
      side === 'x'
        ? `${short(density)}<br>(${compressionText(density)})`
        : `${short(density)} (${compressionText(density)})`,
    ),
    range: side === 'x' ? [0.1, bottom] : [bottom, 0.1],
  };
}

/** The pixels that slanted names need below the plot; none where they lie flat. */
export function slantHeight(names: readonly string[]): number {
  const longest = max(names, (name) => name.length) ?? 0;
  return longest * names.length > 80 ? 5 * longest : 0;
}

/** An axis of names, in the order in which they come. */
export function categoryAxis(title: string, names: readonly string[]): Axis {
  return {
    title: { text: title, standoff: 12 },
    type: 'category',
    categoryorder: 'array',
    categoryarray: names,
    tickangle: slantHeight(names) > 0 ? -50 : 0,
    ...(names.length > 24 ? { tickfont: { size: 10 } } : {}),
  };
}

/**
 * A logarithmic axis.
 *
 * @param values where given, what is shown along it, all above 0: ticks at 1, 2 and 5 over less than three powers of ten, else at
 *   powers only
 */
export function logAxis(title: string, values: readonly number[] = []): Axis {
  const axis: Axis = { title: { text: title, standoff: 12 }, type: 'log', exponentformat: 'power' };
  if (values.length === 0) return axis;
  const decades = decadesOf(values);
  return { ...axis, dtick: decades < 3 ? 'D2' : decades > 8 ? 2 : 1 };
}

/** How many powers of ten positive values span. */
export function decadesOf(values: readonly number[]): number {
  const [low, high] = extent(values) as [number, number];
  return Math.log10(high / low);
}

/** A linear axis of decimal logarithms, labelled with the powers of ten they stand for. */
export function exponentAxis(title: string, exponents: readonly number[]): Axis {
  const [least, most] = extent(exponents) as [number, number];
  const [low, high] = [Math.floor(least), Math.ceil(most)];
  const step = Math.max(1, Math.ceil((high - low) / 8));
  const tickvals = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step);
  return {
    title: { text: title, standoff: 12 },
    type: 'linear',
    ...(high - low >= 2 ? { tickvals, ticktext: tickvals.map(powerOfTen) } : {}),
  };
}

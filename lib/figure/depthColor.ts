import type { ColorScale } from './figure';

/** From light to dark through hues that stay apart in grey; close to cividis (Nuñez et al. 2018). */
const STOPS = [
  [226, 192, 50],
  [161, 145, 117],
  [92, 101, 118],
  [10, 44, 98],
] as const;

/** The same colours for Plotly's key of colours: light for small numbers. */
export const depthScale: ColorScale = STOPS.map(
  (stop, i) => [i / (STOPS.length - 1), `rgb(${stop.join(', ')})`] as const,
);

/**
 * A colour for a layer: light at the input, dark at the output.
 *
 * @param depth from 0
 * @param count how many layers there are
 */
export function depthColor(depth: number, count: number): string {
  return mixedColor(count > 1 ? depth / (count - 1) : 0);
}

/** The colour of a number that lies this part of the way from the smallest (0) to the largest (1). */
export function mixedColor(fraction: number): string {
  const at = fraction * (STOPS.length - 1);
  const from = Math.min(Math.floor(at), STOPS.length - 2);
  const mix = STOPS[from].map((low, i) => Math.round(low + (STOPS[from + 1][i] - low) * (at - from)));
  return `rgb(${mix.join(', ')})`;
}

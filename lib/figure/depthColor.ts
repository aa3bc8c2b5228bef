/** From light to dark through hues that stay apart in grey; close to cividis (Nuñez et al. 2018). */
const STOPS = [
  [226, 192, 50],
  [161, 145, 117],
  [92, 101, 118],
  [10, 44, 98],
] as const;

/**
 * A colour for a layer: light at the input, dark at the output.
 *
 * @param depth from 0
 * @param count how many layers there are
 */
export function depthColor(depth: number, count: number): string {
  const at = count > 1 ? (depth / (count - 1)) * (STOPS.length - 1) : 0;
  const from = Math.min(Math.floor(at), STOPS.length - 2);
  const mix = STOPS[from].map((low, i) => Math.round(low + (STOPS[from + 1][i] - low) * (at - from)));
  return `rgb(${mix.join(', ')})`;
}

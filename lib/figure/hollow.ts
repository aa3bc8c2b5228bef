import type { Coordinate, ScatterSeries } from './figure';
import { marks } from './marks';
import type { Style } from './methodStyle';

/** What hollow marks say, below the title. */
export const HOLLOW = 'hollow: a mean over fewer runs than others';

/**
 * Hollow marks over points of a line whose means rest on fewer runs than others; none where there are no such points.
 *
 * @param name of the line, with which they are shown and hidden
 * @param points with their hover labels
 */
export function hollow(
  name: string,
  { color, symbol, size }: Pick<Style, 'color' | 'symbol'> & { size: number },
  points: readonly (readonly [x: Coordinate, y: Coordinate, text: string])[],
): ScatterSeries[] {
  // Larger than the mark it lies on, which may be open itself.
  const marker = {
    color: '#ffffff',
    symbol: symbol.replace(/-open$/, ''),
    size: size + 3,
    line: { color, width: 2 },
  };
  return marks(name, points, marker).map((series) => ({ ...series, meta: 'hollow' }));
}

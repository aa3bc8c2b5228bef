import { invalid } from '../../base';
import type { Padding, Shape } from '../graph';
import { isPositiveWhole, spatial } from './checks';
import type { NodeShapes } from './op';

/** A window that moves over a map. */
export interface Window {
  readonly size: readonly [height: number, width: number];
  readonly stride: number;
  readonly padding: Padding;
  /** Distance between its taps; 1 where absent. */
  readonly dilation?: number;
}

/** The extents that a window's taps span. */
export function spanOf({
  size,
  dilation = 1,
}: Pick<Window, 'size' | 'dilation'>): [height: number, width: number] {
  return [(size[0] - 1) * dilation + 1, (size[1] - 1) * dilation + 1];
}

/** A padding by side. */
export function sides(padding: Padding): readonly [top: number, bottom: number, left: number, right: number] {
  return typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
}

/** The number of window positions over height and width. */
export function windows(id: string, x: Shape, { size, stride, padding, dilation = 1 }: Window): number[] {
  const [top, bottom, left, right] = sides(padding);
  const [height, width] = spatial(id, x);
  if (!(isPositiveWhole(stride) && size.every(isPositiveWhole)))
    throw invalid('network', `size and stride of ${id} must be positive whole numbers`, [...size, stride]);
  if (!isPositiveWhole(dilation))
    throw invalid('network', `dilation of ${id} not a positive whole number`, dilation);
  const span = spanOf({ size, dilation });
  if (![top, bottom, left, right].every((side) => side === 0 || isPositiveWhole(side)))
    throw invalid('network', `padding of ${id} not whole or negative`, padding);
  const extents = [height + top + bottom - span[0], width + left + right - span[1]];
  if (!extents.every((extent) => extent >= 0))
    throw invalid('network', `window ${size.join('×')} with stride ${stride} does not fit at ${id}`, x);
  return extents.map((extent) => Math.floor(extent / stride) + 1);
}

/** Visits each tap of a window with the places that it sees and those of the value it goes to, in pairs; padding has none. */
export function forEachTap(
  { size, stride, padding, dilation = 1 }: Window,
  { inputs: [[rows, columns]], output: [height, width] }: NodeShapes,
  visit: (tap: number, places: readonly (readonly [from: number, to: number])[]) => void,
): void {
  const [top, , left] = sides(padding);
  for (let i = 0; i < size[0]; i++)
    for (let j = 0; j < size[1]; j++) {
      const places: [number, number][] = [];
      for (let y = 0; y < height; y++) {
        const row = y * stride + i * dilation - top;
        if (row < 0 || row >= rows) continue;
        for (let x = 0; x < width; x++) {
          const column = x * stride + j * dilation - left;
          if (column >= 0 && column < columns) places.push([row * columns + column, y * width + x]);
        }
      }
      visit(i * size[1] + j, places);
    }
}

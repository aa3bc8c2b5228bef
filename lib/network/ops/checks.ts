import { invalid } from '../../base';
import type { Shape } from '../graph';

export function isPositiveWhole(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

/** @throws `invalid network; …` where x is not a map */
export function spatial(id: string, x: Shape): Shape {
  if (x.length !== 3) throw invalid('network', `${id} needs [height, width, channels]`, x);
  return x;
}

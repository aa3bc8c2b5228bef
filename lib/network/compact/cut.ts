import type { Shape } from '../graph';

/** Which places along each axis are left; all where undefined. */
export type Axes = readonly (readonly number[] | undefined)[];

/** For each entry of a tensor cut along its axes, where it was; undefined where nothing is cut. */
export function placesOf(shape: Shape, axes: Axes): Uint32Array | undefined {
  if (axes.every((axis, i) => axis === undefined || axis.length === shape[i])) return undefined;
  let places = Uint32Array.of(0);
  shape.forEach((extent, i) => {
    const axis = axes[i] ?? Array.from({ length: extent }, (_, place) => place);
    const next = new Uint32Array(places.length * axis.length);
    for (let at = 0; at < places.length; at++)
      for (let j = 0; j < axis.length; j++) next[at * axis.length + j] = places[at] * extent + axis[j];
    places = next;
  });
  return places;
}

/** The entries at some places. */
export function take(values: ArrayLike<number>, places: Uint32Array): Float32Array {
  const taken = new Float32Array(places.length);
  for (let i = 0; i < taken.length; i++) taken[i] = values[places[i]];
  return taken;
}

/** The shape of a tensor cut along its axes. */
export function cutShape(shape: Shape, axes: Axes): number[] {
  return shape.map((extent, i) => axes[i]?.length ?? extent);
}

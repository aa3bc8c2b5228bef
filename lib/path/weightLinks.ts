import type { Mask, Network, RescalableUnit } from '../network';

/** The weights between the same two channels, all taps of a convolution, taken together. */
export interface WeightLinks {
  /** The unit that they lead into, and the one that they lead on from, by its place; for none, the number of units. */
  readonly into: readonly number[];
  readonly from: readonly number[];
  /** How many weights they are, and the sums of their values and of the squares of these. */
  readonly count: readonly number[];
  readonly sum: readonly number[];
  readonly squares: readonly number[];
}

/**
 * The links with a value above 0.
 *
 * @param units as `rescalableUnits` lists them
 * @param values of the weights, 0 or more, by kernel name
 */
export function weightLinks(
  network: Network,
  units: readonly RescalableUnit[],
  values: Readonly<Record<string, Float64Array>>,
  mask: Mask = {},
): WeightLinks {
  const links: Record<keyof WeightLinks, number[]> = { into: [], from: [], count: [], sum: [], squares: [] };
  const [into, from] = (['incoming', 'outgoing'] as const).map((side) => {
    const places = new Map<string, number>();
    units.forEach((unit, place) => {
      for (const { layer, channel } of unit[side]) places.set(`${layer} ${channel}`, place);
    });
    return places;
  });
  for (const { name, layer, shape, groups = 1 } of network.parameters.filter(
    ({ role }) => role === 'kernel',
  )) {
    const [inputs, outputs] = shape.slice(-2);
    const size = inputs * outputs;
    const [count, sum, squares] = [0, 1, 2].map(() => new Float64Array(size));
    const kept = mask[name]?.dataSync();
    values[name].forEach((value, index) => {
      if (kept && kept[index] === 0) return;
      count[index % size]++;
      sum[index % size] += value;
      squares[index % size] += value ** 2;
    });
    for (let link = 0; link < size; link++) {
      if (!(sum[link] > 0)) continue;
      const output = link % outputs;
      const channel = Math.floor((output * groups) / outputs) * inputs + Math.floor(link / outputs);
      links.into.push(into.get(`${layer} ${output}`) ?? units.length);
      links.from.push(from.get(`${layer} ${channel}`) ?? units.length);
      links.count.push(count[link]);
      links.sum.push(sum[link]);
      links.squares.push(squares[link]);
    }
  }
  return links;
}

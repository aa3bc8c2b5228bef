import { invalid } from '../../base';
import { checkStart, type RandomWalks } from './randomWalks';
import type { Place } from './walkGraph';
import { type Direction, tapChances, tapIndex, unitChances } from './walkLayer';

/** Where one walk comes by. */
export interface Occupancy {
  /** Chance that it goes along each weight, by name of the kernel and flat index. */
  readonly weights: Record<string, Float64Array>;
  /** Chance that it ends at each output or, in reverse, at each channel of the input. */
  readonly arrival: Float64Array;
}

/**
 * The chance that one walk goes along each weight, in closed form: π behind a layer is P π, and a weight has P_vu π_u times its
 * element's share of the kernel; branches carry equal parts.
 *
 * @param start where the walk begins; each channel is as likely where absent
 */
export function occupancy({ graph, starts }: RandomWalks, direction: Direction, start?: number): Occupancy {
  if (start !== undefined) checkStart({ starts }, direction, start);
  const begun = start === undefined ? starts[direction] : [start];
  const mass = graph.open[direction].map(({ length }) => new Float64Array(length));
  for (const channel of begun) mass[graph.starts[direction].node][channel] = 1 / begun.length;
  const weights = Object.fromEntries(
    graph.layers.flatMap((layer) =>
      layer ? [[layer.name, new Float64Array(layer.taps * layer.pairs.length)]] : [],
    ),
  );
  /** Over the layer at a node, from a channel before it or, in reverse, of it. */
  const cross = (node: number, channel: number, share: number): void => {
    const layer = graph.layers[node];
    if (!layer) return;
    const next = direction === 'forward' ? node : graph.before(node);
    const { from, chances } = unitChances(layer, direction, channel, graph.open[direction][next]);
    chances.forEach((chance, i) => {
      if (chance === 0) return;
      const unit = from + i;
      const [input, output] = direction === 'forward' ? [channel, unit] : [unit, channel];
      tapChances(layer, input, output).forEach((part, tap) => {
        weights[layer.name][tapIndex(layer, input, output, tap)] += share * chance * part;
      });
      mass[next][unit] += share * chance;
    });
  };
  const forward = (at: Place, share: number): void => {
    const readers = graph.readers[at.node][at.channel];
    for (const reader of readers) {
      const part = share / readers.length;
      if (graph.layers[reader.node]) cross(reader.node, at.channel, part);
      else {
        const onto = graph.onto[reader.node][reader.input][at.channel];
        for (const to of onto) mass[reader.node][to] += part / onto.length;
      }
    }
  };
  const reverse = (at: Place, share: number): void => {
    const sources = graph.sources[at.node][at.channel] ?? [];
    for (const { node, channel } of sources) mass[node][channel] += share / sources.length;
    cross(at.node, at.channel, share);
  };
  const order = direction === 'forward' ? [...mass.keys()] : [...mass.keys()].reverse();
  const end = graph.starts[direction === 'forward' ? 'reverse' : 'forward'].node;
  for (const node of order) {
    if (node === end) break;
    mass[node].forEach((share, channel) => {
      if (share > 0) (direction === 'forward' ? forward : reverse)({ node, channel }, share);
    });
  }
  return { weights, arrival: mass[end] };
}

/**
 * How many different weights so many walks go along in the mean, by kernel: Σ over the weights of 1 − Π over the walks of 1 − q.
 * They alternate between forward and reverse and begin at one channel after the other.
 */
export function expectedWeights(walks: RandomWalks, count: number): Record<string, number> {
  if (!(Number.isInteger(count) && count >= 0)) throw invalid('count', 'not a whole number of walks', count);
  const missed: Record<string, Float64Array> = {};
  for (const [direction, number] of [
    ['forward', Math.ceil(count / 2)],
    ['reverse', Math.floor(count / 2)],
  ] as const) {
    const starts = walks.starts[direction];
    starts.forEach((start, i) => {
      const from = Math.floor((number + starts.length - 1 - i) / starts.length);
      if (from === 0) return;
      for (const [name, chances] of Object.entries(occupancy(walks, direction, start).weights)) {
        missed[name] ??= new Float64Array(chances.length).fill(1);
        for (let w = 0; w < chances.length; w++) missed[name][w] *= (1 - chances[w]) ** from;
      }
    });
  }
  return Object.fromEntries(
    Object.entries(missed).map(([name, none]) => [name, none.reduce((sum, miss) => sum + 1 - miss, 0)]),
  );
}

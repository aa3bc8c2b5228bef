import { checkNames, invalid, lookUp } from '../../base';
import type { Mask, Network, Params } from '../../network';
import { aliasTable, inverseCdf } from '../select/samplers';
import { type Crossed, type Crossing, crossing } from './crossing';
import { earlyCoins } from './earlyCoins';
import { pytorchOrder } from './pytorchOrder';
import { type WalkGraph, walkGraph } from './walkGraph';
import type { Direction } from './walkLayer';

export interface RandomWalkOptions {
  /** A weight is drawn by |θ| to this power: 1 by default as in PHEW, 0 for all alike. But for 0, a weight of 0 is not drawn where there are others. */
  power?: number;
  /** Walks go along these weights alone; all by default. */
  mask?: Mask;
  /**
   * How a uniform number chooses: `alias` (default) from a table in constant time; `cumulative` the first unit, in PyTorch's order,
   * up to which the chances sum to more than the number.
   */
  sampling?: 'alias' | 'cumulative';
  /** Where a forward walk chooses a branch: at the `fork` (default), or one layer `early` as PHEW's code does. */
  coin?: 'fork' | 'early';
}

/** One walk. */
export interface Walk {
  readonly direction: Direction;
  /** Channel of the input and output, or the reverse. */
  readonly start: number;
  readonly end: number;
  /** In the order walked. */
  readonly weights: readonly Crossed[];
}

/** Walks over the channels of a network. */
export interface RandomWalks {
  readonly graph: WalkGraph;
  /** Channels of the input that forward walks begin at, and outputs that reverse walks do. */
  readonly starts: Readonly<Record<Direction, readonly number[]>>;
  /** @param uniform gives the next uniform number in [0, 1) */
  walk(direction: Direction, start: number, uniform: () => number): Walk;
}

/**
 * Biased random walks (Patil and Dovrolis 2021, arXiv 2010.11354) over the channels of a network: at each layer to one of the channels
 * on the other side by Σ_k |θ_k|, and along one element k of the kernel between the two by |θ_k|.
 *
 * Each of several branches is as likely, and each place of a flattened map. Uniform numbers are drawn for the branch and the
 * place, where there are several, for the channel, and for the element, where the kernel has several.
 *
 * @throws `invalid mask; …` where no walk leads from input to output
 */
export function randomWalks(network: Network, params: Params, options: RandomWalkOptions = {}): RandomWalks {
  checkNames('random walks', options, { power: 1, mask: 1, sampling: 1, coin: 1 });
  const { power = 1, mask, sampling = 'alias', coin = 'fork' } = options;
  if (!Number.isFinite(power)) throw invalid('power', 'not a finite number', power);
  lookUp('sampling', { alias: 1, cumulative: 1 }, sampling);
  lookUp('coin', { fork: 1, early: 1 }, coin);
  const graph = walkGraph(network, params, { power, mask });
  const isAlias = sampling === 'alias';
  const forward = crossing(graph, 'forward', isAlias ? aliasTable : (chances) => inverseCdf(chances));
  const inOrder = (chances: Float64Array, node: number) => inverseCdf(chances, pytorchOrder(network, node));
  const reverse = crossing(graph, 'reverse', isAlias ? aliasTable : inOrder);
  const walkForward = forwardWalk(graph, forward, coin === 'early' ? earlyCoins(network, graph) : undefined);
  const walkBack = reverseWalk(graph, reverse);
  const starts = { forward: graph.starts.forward.channels, reverse: graph.starts.reverse.channels };
  return {
    graph,
    starts,
    walk(direction, start, uniform) {
      checkStart({ starts }, direction, start);
      const weights: Crossed[] = [];
      const end = (direction === 'forward' ? walkForward : walkBack)(start, uniform, weights);
      return { direction, start, end, weights };
    },
  };
}

/** @throws `invalid start; …` */
export function checkStart(
  { starts }: Pick<RandomWalks, 'starts'>,
  direction: Direction,
  start: number,
): void {
  lookUp('direction', { forward: 1, reverse: 1 }, direction);
  if (!starts[direction].includes(start))
    throw invalid('start', `no channel that a ${direction} walk leads from`, start);
}

type Steps = (start: number, uniform: () => number, weights: Crossed[]) => number;

function forwardWalk(graph: WalkGraph, cross: Crossing, early?: ReturnType<typeof earlyCoins>): Steps {
  return (start, uniform, weights) => {
    let { node } = graph.starts.forward;
    let channel = start;
    for (;;) {
      const readers = graph.readers[node][channel];
      if (readers.length === 0) return channel;
      let reader = early ? early.mainOf(readers) : either(readers, uniform);
      const projection = early?.insteadOf(reader.node, channel);
      if (projection !== undefined && uniform() >= 0.5) reader = { node: projection, input: 0 };
      node = reader.node;
      channel = graph.layers[node]
        ? cross(node, channel, uniform, weights)
        : either(graph.onto[node][reader.input][channel], uniform);
    }
  };
}

function reverseWalk(graph: WalkGraph, cross: Crossing): Steps {
  return (start, uniform, weights) => {
    let { node } = graph.starts.reverse;
    let channel = start;
    while (node !== graph.starts.forward.node) {
      if (graph.layers[node]) {
        channel = cross(node, channel, uniform, weights);
        node = graph.before(node);
      } else ({ node, channel } = either(graph.sources[node][channel], uniform));
    }
    return channel;
  };
}

/** One of several, each as likely; without a draw where there is but one. */
function either<T>(choices: readonly T[], uniform: () => number): T {
  return choices.length === 1 ? choices[0] : choices[Math.floor(uniform() * choices.length)];
}

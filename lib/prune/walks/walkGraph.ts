import { invalid } from '../../base';
import { checkMask, checkParams, type Mask, type Network, opOf, type Params } from '../../network';
import { channelsOf } from '../../network/joinChannels';
import { type ChannelTies, channelTies } from './channelTies';
import { depthsOf, shortcutsOf } from './shortcuts';
import { type Direction, unitsFrom, type WalkLayer, walkLayer } from './walkLayer';

/** A node, by number, and a channel of its value. */
export interface Place {
  readonly node: number;
  readonly channel: number;
}

/** A node that reads a value, and as which of its inputs. */
export interface Reader {
  readonly node: number;
  readonly input: number;
}

/** The channels of a network as random walks see them. Nothing in it is a dead end. */
export interface WalkGraph {
  readonly layers: readonly (WalkLayer | undefined)[];
  /** What a node with a kernel reads. */
  readonly before: (node: number) => number;
  /** Where walks of a direction begin: a node, and those of its channels that a walk leads from. */
  readonly starts: Readonly<Record<Direction, { node: number; channels: readonly number[] }>>;
  /** What walks can go on from: whether a channel of a node leads to an output, and whether an input leads to it. */
  readonly open: Readonly<Record<Direction, readonly Uint8Array[]>>;
  /** By node and channel who reads it, of those that a walk may go on to; none at the end. */
  readonly readers: readonly (readonly (readonly Reader[])[])[];
  /** By node without kernel, input and channel of it the channels of the value that it goes on to. */
  readonly onto: readonly (readonly (readonly (readonly number[])[])[])[];
  /** By node and channel where it may come from; nothing of nodes with a kernel. */
  readonly sources: readonly (readonly (readonly Place[])[])[];
}

export interface WalkGraphOptions {
  /** Weights are drawn by |θ| to this power; 1 by default. */
  power?: number;
  /** Which weights there are; all by default. */
  mask?: Mask;
}

/**
 * Where random walks over the channels of a network can go. Batch norm, gates, pools and biases are passed through.
 *
 * Where branches part or are added up, a walk takes one that has weights, and a shortcut without any only where a mask has left
 * nothing else. The branch of most layers comes first.
 *
 * @throws `invalid mask; …` where no way is left from input to output
 */
export function walkGraph(network: Network, params: Params, options: WalkGraphOptions = {}): WalkGraph {
  const { power = 1, mask } = options;
  checkParams(network, params);
  if (mask) checkMask(network, mask);
  const numbers = new Map(network.nodes.map(({ id }, i) => [id, i]));
  const kernels = new Map(
    network.parameters.filter(({ role }) => role === 'kernel').map((spec) => [spec.name, spec]),
  );
  const nodes = network.nodes.map((node) => {
    const inputs = node.inputs.map((id) => numbers.get(id) as number);
    const spec = kernels.get(opOf(node).weight?.(node) ?? '');
    if (!spec) return { inputs, ties: channelTies(network, node) };
    const [weights, kept] = [params[spec.name].dataSync(), mask?.[spec.name]?.dataSync()];
    return { inputs, layer: walkLayer(spec, weights, power, kept) };
  });
  const readers = nodes.map((): Reader[] => []);
  nodes.forEach(({ inputs }, node) => {
    inputs.forEach((from, input) => {
      readers[from].push({ node, input });
    });
  });
  const steps = ({ node, input }: Reader, channel: number): readonly number[] => {
    const { ties, layer } = nodes[node];
    return layer ? unitsFrom(layer, 'forward', channel) : (ties as ChannelTies).onto[input][channel];
  };
  const widths = network.nodes.map(({ id }) => channelsOf(network, id));
  const { ahead, behind } = reach(widths, readers, steps);
  const leads = (reader: Reader, channel: number) =>
    steps(reader, channel).some((to) => ahead[reader.node][to]);

  const shortcuts = shortcutsOf(nodes);
  const isAdded = nodes.map(({ ties }) => ties?.back.some((places) => places.length > 1) ?? false);
  const isShortcut = ({ node, input }: Reader) => isAdded[node] && shortcuts[node][input];
  const depths = depthsOf(nodes);
  for (const list of readers) list.sort((a, b) => depths.ahead[b.node] - depths.ahead[a.node]); // keeps the order of equals
  const readersAt = widths.map((width, node) =>
    Array.from({ length: width }, (_, c) => {
      const open = readers[node].filter((reader) => leads(reader, c));
      return others(open, isShortcut);
    }),
  );
  const sourcesAt = nodes.map(({ ties, inputs }, node) =>
    (ties?.back ?? []).map((tied) => {
      const open = tied.filter(({ place, channel }) => behind[inputs[place]][channel]);
      return others(open, ({ place }) => isShortcut({ node, input: place }))
        .map(({ place, channel }) => ({ node: inputs[place], channel }))
        .sort((a, b) => depths.behind[b.node] - depths.behind[a.node]);
    }),
  );
  const first = firstNode(nodes, readers);
  const last = nodes.length - 1;
  const starts = {
    // Of what the input becomes, channels that are padding come from nowhere.
    forward: { node: first, channels: placesOf(ahead[first]).filter((c) => behind[first][c] === 1) },
    reverse: { node: last, channels: placesOf(behind[last]) },
  };
  if (starts.forward.channels.length === 0)
    throw invalid('mask', 'no walk leads from the input to an output of', network.name);
  return {
    layers: nodes.map(({ layer }) => layer),
    before: (node) => nodes[node].inputs[0],
    starts,
    open: { forward: ahead, reverse: behind },
    readers: readersAt,
    onto: nodes.map(({ ties }, node) =>
      (ties?.onto ?? []).map((channels) => channels.map((to) => to.filter((one) => ahead[node][one]))),
    ),
    sources: sourcesAt,
  };
}

/** What comes from the input and leads to an output, by node and channel. */
function reach(
  widths: readonly number[],
  readers: readonly (readonly Reader[])[],
  steps: (reader: Reader, channel: number) => readonly number[],
) {
  const [ahead, behind] = [0, 1].map(() => widths.map((width) => new Uint8Array(width)));
  const last = widths.length - 1;
  ahead[last].fill(1);
  for (let node = last - 1; node >= 0; node--)
    for (let c = 0; c < widths[node]; c++)
      if (readers[node].some((reader) => steps(reader, c).some((to) => ahead[reader.node][to])))
        ahead[node][c] = 1;
  behind[0].fill(1);
  widths.forEach((_, node) => {
    behind[node].forEach((isReached, c) => {
      if (isReached)
        for (const reader of readers[node]) for (const to of steps(reader, c)) behind[reader.node][to] = 1;
    });
  });
  return { ahead, behind };
}

/** The first node whose channels are units: the input, or what it alone becomes by flattening and the like. */
function firstNode(
  nodes: readonly { ties?: ChannelTies }[],
  readers: readonly (readonly Reader[])[],
): number {
  let node = 0;
  while (readers[node].length === 1 && nodes[readers[node][0].node].ties) node = readers[node][0].node;
  return node;
}

/** All that are not so; where all are, these. */
function others<T>(list: readonly T[], isSo: (entry: T) => boolean): T[] {
  const found = list.filter((entry) => !isSo(entry));
  return found.length > 0 ? found : [...list];
}

function placesOf(flags: Uint8Array): number[] {
  return [...flags.keys()].filter((i) => flags[i] === 1);
}

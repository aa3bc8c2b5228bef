import { invalid } from '../../base';
import { kernelsOf, type Network, opOf } from '../../network';
import { channelsOf, joinChannels } from '../../network/joinChannels';

/** Channels by kernel. */
export type ChannelsByKernel = Readonly<Record<string, readonly number[]>>;

/** What can only be removed at once: a channel wherever it is written and wherever it is read. */
export interface CoupledChannel {
  /** Output channels of the layers that write it. */
  readonly written: ChannelsByKernel;
  /** Input channels of the layers that read it. */
  readonly read: ChannelsByKernel;
}

/** Layers whose channels are tied: those that are added up have as many, and lose the same. */
export interface Coupling {
  /** The first of the layers that write its channels. */
  readonly id: string;
  /** Kernels of the layers that write its channels, and of those that read them. */
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
  readonly channels: readonly CoupledChannel[];
}

/**
 * The couplings of a network, in its order (the data-flow couplings of DFPC, Narshana et al., ICLR 2023). Pools, batch norms,
 * ReLUs, additions and flattening belong to the coupling between; a convolution with groups both writes and reads.
 *
 * A coupling any channel of which is an input or an output of the network, or belongs to a layer that is not `prunable`, stays
 * whole and is none here.
 */
export function couplingsOf(network: Network): Coupling[] {
  return groupsOf(network)
    .filter(({ stays }) => !stays)
    .map(({ coupling }) => coupling);
}

/**
 * The coupling that the channels written by a layer belong to.
 *
 * @throws `invalid layer; …` for a layer without a kernel, and for one whose coupling stays whole
 */
export function couplingOf(network: Network, layer: string): Coupling {
  const kernel = kernelsOf(network).find((spec) => spec.layer === layer);
  if (!kernel) throw invalid('layer', `${network.name} has none with a kernel to prune of that name`, layer);
  const group = groupsOf(network).find(({ coupling }) => coupling.producers.includes(kernel.name));
  if (group === undefined || group.stays)
    throw invalid(
      'layer',
      'its channels are inputs or outputs, or of a layer that is not pruned, and stay',
      layer,
    );
  return group.coupling;
}

interface Group {
  readonly coupling: Coupling;
  /** Whether it crosses an input or an output, or a layer that is not pruned. */
  readonly stays: boolean;
}

function groupsOf(network: Network): Group[] {
  const { nodes } = network;
  const { unitOf } = joinChannels(network);
  const unitsOf = (id: string) =>
    Array.from({ length: channelsOf(network, id) }, (_, channel) => unitOf(id, channel));
  const isPrunable = new Set(kernelsOf(network).map(({ name }) => name));
  const channels = new Map<number, Record<'written' | 'read', Record<string, number[]>>>();
  const fixed = new Set([nodes[0], nodes[nodes.length - 1]].flatMap(({ id }) => unitsOf(id)));
  let tied: Set<number>[] = [];
  for (const { layer, kernel, input } of layersOf(network)) {
    for (const [side, id] of [
      ['written', layer],
      ['read', input],
    ] as const)
      unitsOf(id).forEach((unit, channel) => {
        const own = channels.get(unit) ?? { written: {}, read: {} };
        channels.set(unit, own);
        own[side][kernel] ??= [];
        own[side][kernel].push(channel);
        if (!isPrunable.has(kernel)) fixed.add(unit);
      });
    const written = unitsOf(layer);
    const met = tied.filter((units) => written.some((unit) => units.has(unit)));
    tied = [
      ...tied.filter((units) => !met.includes(units)),
      new Set([...met.flatMap((units) => [...units]), ...written]),
    ];
  }
  return tied
    .map((units) => [...units].sort((a, b) => a - b))
    .sort(([a], [b]) => a - b)
    .map((units) => ({
      coupling: coupling(units.map((unit) => channels.get(unit)!)),
      stays: units.some((unit) => fixed.has(unit)),
    }));

  function coupling(own: readonly CoupledChannel[]): Coupling {
    const [producers, consumers] = (['written', 'read'] as const).map((side) =>
      layersOf(network).filter(({ kernel }) => own.some((channel) => channel[side][kernel])),
    );
    return {
      id: producers[0].layer,
      producers: producers.map(({ kernel }) => kernel),
      consumers: consumers.map(({ kernel }) => kernel),
      channels: own,
    };
  }
}

/** The layers that have a kernel, with what they read. */
function layersOf({ nodes, parameters }: Network) {
  const kernels = new Set(parameters.filter(({ role }) => role === 'kernel').map(({ name }) => name));
  return nodes.flatMap((node) => {
    const kernel = opOf(node).weight?.(node);
    return kernel !== undefined && kernels.has(kernel)
      ? [{ layer: node.id, kernel, input: node.inputs[0] }]
      : [];
  });
}

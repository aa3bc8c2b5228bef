import { checkNames, invalid, lookUp, product } from '../../base';
import { checkMask, checkParams, kernelsOf, type Mask, type Network, opOf, type Params } from '../../network';
import { channelsOf, joinChannels } from '../../network/joinChannels';
import { pathGradient } from '../../path';
import { maskOf } from '../maskOf';
import { survivorsOf } from '../select/survivors';
import { type EdgeNorm, layerEdges } from './layerEdges';
import { maximumForest } from './maximumForest';
import { type Forest, type ForestEdge, layerForest } from './spanningForest';

export interface NetworkForestOptions {
  /** Weights cut are no edges; all are kept by default. */
  mask?: Mask;
  /** What a weight weighs: `magnitude` |θ| (default), or its `path-mass` Σ |v_p| over the paths through it, as SynFlow scores it. */
  by?: 'magnitude' | 'path-mass';
  /** What the edge of two channels of a convolution weighs; `max` by default. */
  norm?: EdgeNorm;
}

/** An edge with the kernel that it lies in. */
export interface NetworkEdge extends ForestEdge {
  readonly name: string;
}

/**
 * The maximum spanning forest of each prunable layer by itself, by name of its kernel: see {@link spanningForest}.
 *
 * @throws `invalid …` for parameters or a mask of another network
 */
export function layerForests(
  network: Network,
  params: Params,
  options: NetworkForestOptions = {},
): Record<string, Forest> {
  const sizes = edgeSizes(network, params, options);
  const { mask, norm = 'max' } = options;
  return Object.fromEntries(
    kernelsOf(network).map((kernel) => {
      const { name, shape, groups = 1 } = kernel;
      const edges = layerEdges(kernel, sizes[name], norm, mask?.[name].dataSync());
      const [inputs, outputs] = shape.slice(-2);
      return [name, layerForest(inputs * groups, outputs, edges)];
    }),
  );
}

/**
 * The maximum spanning forest of a whole network over its prunable weights: one tree of Σ n − 1 edges where layers follow on each
 * other. Channels that additions, flattening and the like join without a weight are one node.
 *
 * It hangs together as a graph; its weights need not lie on paths from input to output.
 *
 * @throws `invalid …` for parameters or a mask of another network
 */
export function networkForest(
  network: Network,
  params: Params,
  options: NetworkForestOptions = {},
): Forest<NetworkEdge> {
  const sizes = edgeSizes(network, params, options);
  const { mask, norm = 'max' } = options;
  const kernels = new Map(kernelsOf(network).map((kernel) => [kernel.name, kernel]));
  const kernelOf = (node: Network['nodes'][number]) => kernels.get(opOf(node).weight?.(node) ?? '');
  const layers = new Set(
    network.parameters.filter(({ role }) => role === 'kernel').map(({ layer }) => layer),
  );
  const { unitOf } = joinChannels(network, ({ id }) => !layers.has(id));
  const numbers = new Map<number, number>();
  const number = (id: string, channel: number): number => {
    const unit = unitOf(id, channel);
    if (!numbers.has(unit)) numbers.set(unit, numbers.size);
    return numbers.get(unit) as number;
  };
  for (const { id } of network.nodes) for (let c = 0; c < channelsOf(network, id); c++) number(id, c);
  const all: (NetworkEdge & { from: number; to: number })[] = network.nodes.flatMap((node) => {
    const kernel = kernelOf(node);
    if (!kernel) return [];
    const { name } = kernel;
    const { input, output, weight, index } = layerEdges(kernel, sizes[name], norm, mask?.[name].dataSync());
    // Only edges of the layer's own forest can be in that of the whole.
    const ends = {
      from: input.map((c) => number(node.inputs[0], c)),
      to: output.map((c) => number(node.id, c)),
    };
    const own = maximumForest(numbers.size, { ...ends, weight }).sort((a, b) => a - b);
    return own.map((edge) => ({
      ...{ name, input: input[edge], output: output[edge], weight: weight[edge], index: index[edge] },
      ...{ from: ends.from[edge], to: ends.to[edge] },
    }));
  });
  const column = (of: (edge: (typeof all)[number]) => number) => all.map(of);
  const [from, to, weight] = [column((e) => e.from), column((e) => e.to), column((e) => e.weight)];
  const taken = maximumForest(numbers.size, { from, to, weight });
  const edges = taken.map((edge) => {
    const { from: _, to: __, ...own } = all[edge];
    return own;
  });
  return { nodes: numbers.size, components: numbers.size - edges.length, edges };
}

/** The mask that keeps the largest element of each edge; the caller disposes of it. */
export function forestMask(
  network: Network,
  forest: Forest<NetworkEdge> | Readonly<Record<string, Forest>>,
): Mask {
  const edges = isWhole(forest)
    ? forest.edges
    : Object.entries(forest).flatMap(([name, own]) => own.edges.map((edge) => ({ ...edge, name })));
  const bits = new Map(kernelsOf(network).map(({ name, shape }) => [name, new Uint8Array(product(shape))]));
  for (const { name, index } of edges) {
    const own = bits.get(name);
    if (!own) throw invalid('forest', 'an edge of no prunable kernel of the network', name);
    own[index] = 1;
  }
  return maskOf(network, survivorsOf([...bits.values()]));
}

function isWhole(forest: object): forest is Forest<NetworkEdge> {
  return Array.isArray((forest as Partial<Forest>).edges);
}

/** What each weight weighs, by name of its kernel. */
export function edgeSizes(
  network: Network,
  params: Params,
  options: NetworkForestOptions,
): Readonly<Record<string, ArrayLike<number>>> {
  checkNames('a spanning forest', options, { mask: 1, by: 1, norm: 1 });
  const { mask, by = 'magnitude' } = options;
  lookUp('by', { magnitude: 1, 'path-mass': 1 }, by);
  checkParams(network, params);
  if (mask) checkMask(network, mask);
  if (by === 'path-mass') return pathGradient(network, params, 1, { weight: 1, mask }).gradients;
  return Object.fromEntries(
    kernelsOf(network).map(({ name }) => [name, Float64Array.from(params[name].dataSync(), Math.abs)]),
  );
}

import { checkNames, invalid, product } from '../base';
import { type Initialiser, initialise, kernelsOf, type Network, type Params } from '../network';
import { tf } from '../tensor';
import { l1PathNorm } from './l1PathNorm';
import { l2PathNorm } from './l2PathNorm';
import { pathKernelTrace } from './pathKernelTrace';

/** What sums over paths say of a network before training, as logarithms. */
export interface PathProxies {
  /** ln Tr Π */
  logTrace: number;
  /** ln Σ |v_p|, SynFlow's objective. */
  logL1: number;
  /** ln Σ v_p² */
  logL2: number;
}

/** The same for one of several networks, means over initialisations, with what else its accuracy might follow. */
export interface ArchitectureProxies extends PathProxies {
  /** The network's. */
  name: string;
  /** Weights that pruning may remove: kernels. */
  parameters: number;
  /** Layers with weights on the longest way from input to output. */
  depth: number;
  bySeed: (PathProxies & { seed: number })[];
}

export interface ArchitectureProxyOptions {
  /** Of the initialisations; 1, 2 and 3 by default. */
  seeds?: readonly number[];
  /** How weights are drawn; as each network asks for by default. */
  initialiser?: Initialiser;
}

/**
 * The logarithm of the Path Kernel's trace of untrained networks, to rank them by before any is trained: an architecture proxy
 * after PATNAS (Yang et al. 2025, doi 10.1109/TPAMI.2024.3498035). Its exact score, the "skeleton path kernel trace", was not
 * available: this is the trace of the whole network, and the choice is ours. A proxy is of use only where it says more of the
 * accuracy than parameters, depth and SynFlow's objective do: `figures.proxyRanks` tells.
 *
 * @throws `invalid networks; …` for fewer than two or two of one name, `invalid seeds; …` for none
 */
export function architectureProxies(
  networks: readonly Network[],
  options: ArchitectureProxyOptions = {},
): ArchitectureProxies[] {
  checkNames('architectureProxies', options, { seeds: 1, initialiser: 1 });
  const { seeds = [1, 2, 3], initialiser } = options;
  if (!(networks?.length >= 2)) throw invalid('networks', 'not at least 2 to rank', networks?.length);
  if (!(seeds?.length >= 1)) throw invalid('seeds', 'none to initialise by', seeds);
  const names = networks.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalid('networks', 'a name comes twice', twice);
  return networks.map((network) => {
    const bySeed = seeds.map((seed) => {
      const params = initialise(network, { seed, initialiser });
      const found = pathProxies(network, params);
      tf.dispose(params);
      return { seed, ...found };
    });
    const mean = (of: keyof PathProxies) => bySeed.reduce((sum, own) => sum + own[of], 0) / bySeed.length;
    const parameters = kernelsOf(network).reduce((sum, { shape }) => sum + product(shape), 0);
    const proxies = { logTrace: mean('logTrace'), logL1: mean('logL1'), logL2: mean('logL2') };
    return { name: network.name, parameters, depth: depthOf(network), ...proxies, bySeed };
  });
}

/** Of given parameters. */
export function pathProxies(network: Network, params: Params): PathProxies {
  return {
    logTrace: pathKernelTrace(network, params).log,
    logL1: l1PathNorm(network, params).log,
    logL2: l2PathNorm(network, params).log,
  };
}

function depthOf({ nodes, parameters }: Network): number {
  const depths = new Map<string, number>();
  const layers = new Set(parameters.flatMap(({ role, layer }) => (role === 'kernel' ? [layer] : [])));
  for (const { id, inputs } of nodes)
    depths.set(id, Math.max(0, ...inputs.map((input) => depths.get(input)!)) + Number(layers.has(id)));
  return depths.get(nodes[nodes.length - 1].id)!;
}

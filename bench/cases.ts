import { sum } from 'd3-array';
import { methods, nets, ntk, pathKernelTrace, paths, prune, tf } from 'pathkernel';
import type { Peaks } from '../lib/tensor/profile';
import { batchFor, networkOf } from './networkOf';
import type { Case } from './rows';
import { startTrainingStep } from './startTrainingStep';

/** What a repetition computes, were nothing masked. */
export interface Work {
  multiplications: number;
  /** What most of them are part of. */
  kind: keyof Peaks;
}

/** A case that is prepared. */
export interface Prepared {
  repeat: () => void | Promise<void>;
  /** Of training steps alone. */
  work?: Work;
}

/** Not one of those that take longer than all others together, nor one that takes out whole channels. */
const isQuick = (method: string) => !/^(px|ntk-sap)/.test(method) && !methods[method].about?.structured;

type Kind = Case['kind'];

/** What prepares a case, by its kind; PyTorch's side of each is in peer/cases.py. */
const kinds: { [K in Kind]: (asked: Extract<Case, { kind: K }>) => Prepared | Promise<Prepared> } = {
  async train({ network: name, batch, optimiser, mask: file }) {
    const { network, params } = networkOf(name);
    const mask =
      file === undefined ? undefined : nets.fromPytorch(network, (await nets.loadTensors(file)).tensors);
    return {
      repeat: startTrainingStep(network, params, { optimiser, mask, batch: batchFor(network, batch) }),
      work: {
        multiplications: 3 * batch * sum(Object.values(nets.multiplications(network))), // forwards, to weights, to inputs
        kind: network.nodes.some(({ op }) => op === 'conv2d') ? 'convolution' : 'product',
      },
    };
  },
  synflow: ({ network }) => pruning(network, ['synflow'], 0.01),
  methods: ({ network }) => pruning(network, Object.keys(methods).filter(isQuick), 0.1, 100),
  grasp: ({ network, batch }) => pruning(network, ['grasp'], 0.1, batch),
  spectrum({ network: name, k }) {
    const { network, params } = networkOf(name);
    return { repeat: async () => void (await paths.pathKernelSpectrum(network, params, { k, probes: 0 })) };
  },
  ntk({ network: name, images: count, outputs }) {
    const { network, params } = networkOf(name);
    const { images } = batchFor(network, count);
    return { repeat: async () => void (await ntk.empiricalNtk(network, params, images, null, { outputs })) };
  },
  trace({ network: name }) {
    const { network, params } = networkOf(name);
    return { repeat: () => void pathKernelTrace(network, params) };
  },
};

export function prepare(asked: Case): Prepared | Promise<Prepared> {
  return (kinds[asked.kind] as (asked: Case) => Prepared | Promise<Prepared>)(asked);
}

/** Prunes by some methods in turn. */
function pruning(name: string, by: readonly string[], density: number, images?: number): Prepared {
  const { network, params } = networkOf(name);
  const batch = images === undefined ? undefined : batchFor(network, images);
  return {
    async repeat() {
      for (const method of by) tf.dispose((await prune(network, params, { method, density, batch })).mask);
    },
  };
}

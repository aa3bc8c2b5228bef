import { sum } from 'd3-array';
import { methods, nets, pathKernelTrace, prune, tf } from 'pathkernel';
import { batchFor, networkOf } from './networkOf';
import type { Case } from './rows';
import { startTrainingStep } from './startTrainingStep';

/** A case that is prepared. */
export interface Prepared {
  repeat: () => void | Promise<void>;
  /** Multiplications of a repetition, were nothing masked; of training steps alone. */
  multiplications?: number;
}

type Kind = Case['kind'];

/** What prepares a case, by its kind; PyTorch's side of each is in peer/cases.py. */
const kinds: { [K in Kind]: (asked: Extract<Case, { kind: K }>) => Prepared | Promise<Prepared> } = {
  async train({ network: name, batch, optimiser, mask: file }) {
    const { network, params } = networkOf(name);
    const mask =
      file === undefined ? undefined : nets.fromPytorch(network, (await nets.loadTensors(file)).tensors);
    return {
      repeat: startTrainingStep(network, params, { optimiser, mask, batch: batchFor(network, batch) }),
      multiplications: 3 * batch * sum(Object.values(nets.multiplications(network))),
    };
  },
  synflow: ({ network }) => pruning(network, ['synflow'], 0.01),
  methods: ({ network }) => pruning(network, Object.keys(methods), 0.1, 100),
  grasp: ({ network, batch }) => pruning(network, ['grasp'], 0.1, batch),
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

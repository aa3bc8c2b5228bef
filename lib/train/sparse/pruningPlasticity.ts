import { invalid, type LongWork } from '../../base';
import { interruptible } from '../../base/interrupt';
import type { Network, Params } from '../../network';
import { type MethodName, prune } from '../../prune';
import { tf } from '../../tensor';
import { checkTrainingNames } from '../checkOptions';
import { testMetrics } from '../testMetrics';
import { train } from '../train';
import { partOf, type TrainingState } from '../trainingState';
import type { TrainerOptions } from '../trainOptions';

/** Options of `pruningPlasticity`: those of the training, which may have no mask. */
export interface PlasticityOptions
  extends Omit<TrainerOptions, 'mask' | 'sparse' | 'resume' | 'epochs' | 'freeze' | 'fromStep'>,
    LongWork {
  /** Epochs after which it is pruned, rising; 0 is before training. */
  at: readonly number[];
  /** Epochs that it is trained on then; 1 by default. */
  recovery?: number;
  /** The fraction of the weights that stay. */
  density: number;
  /** How it is pruned, a name of `methods` that needs no images; `magnitude` by default. */
  method?: MethodName;
}

/** What pruning at one time came to: fractions of the test images right. */
export interface PlasticityRow {
  /** Epochs trained before pruning. */
  epoch: number;
  /** Of the network that is not pruned, after the epochs of recovery. */
  dense: number;
  /** Right after pruning. */
  pruned: number;
  /** After the epochs of recovery. */
  recovered: number;
}

const names: Record<keyof PlasticityOptions, 1> = {
  ...{ data: 1, batch: 1, optimiser: 1, schedule: 1, seed: 1, augment: 1, record: 1, validation: 1 },
  ...{ compact: 1, loss: 1, linearisedAt: 1, penalty: 1, signal: 1, onProgress: 1 },
  ...{ at: 1, recovery: 1, density: 1, method: 1 },
};

/**
 * Pruning plasticity (Liu et al. 2021, arXiv 2106.10404, section 3): how well a network recovers by a short training, against when in its
 * training it is pruned. One dense training, and a branch from each of its states that goes on with the same batches and rates.
 *
 * @throws `invalid at; …` for epochs that are not rising whole numbers, `invalid recovery; …`, and what `prune` and `train` refuse
 */
export async function pruningPlasticity(
  network: Network,
  params: Params,
  options: PlasticityOptions,
): Promise<PlasticityRow[]> {
  checkTrainingNames('pruningPlasticity', options, names);
  const { at, recovery = 1, density, method = 'magnitude', signal: stop, onProgress, ...rest } = options;
  const isRising =
    Array.isArray(at) && at.every((e, i) => Number.isInteger(e) && e >= 0 && (i === 0 || e > at[i - 1]));
  if (!isRising || at.length === 0) throw invalid('at', 'not epochs, whole numbers that rise', at);
  if (!(Number.isInteger(recovery) && recovery >= 1))
    throw invalid('recovery', 'not a whole number of epochs from 1', recovery);
  const last = at[at.length - 1] + recovery;
  const total = last + at.length * recovery;
  return interruptible(async (signal) => {
    const states = new Map<number, TrainingState>();
    const held: tf.TensorContainer[] = [];
    let done = 0;
    const step = (message: string) => onProgress?.({ done: ++done, total, message });
    try {
      const dense = await train(network, params, {
        ...{ ...rest, epochs: last, signal },
        onEpoch(row, state) {
          if (row.epoch > 0) step(`epoch ${row.epoch} of the dense network`);
          if (at.includes(row.epoch)) states.set(row.epoch, state());
        },
      });
      held.push(dense.params);
      signal.throwIfAborted();
      const rows: PlasticityRow[] = [];
      for (const epoch of at) {
        const state = states.get(epoch) as TrainingState;
        const now = partOf(state, 'params');
        const { mask } = await prune(network, now, { method, density, seed: rest.seed, signal });
        held.push(mask);
        const pruned = await testMetrics(network, now, rest.data, { mask, loss: rest.loss, signal });
        const branch = await train(network, params, {
          ...{ ...rest, mask, resume: state, epochs: epoch + recovery, signal },
          onEpoch: (row) => step(`epoch ${row.epoch} of the network pruned after ${epoch}`),
        });
        held.push(branch.params);
        signal.throwIfAborted();
        rows.push({
          epoch,
          dense: dense.rows[epoch + recovery].testTop1 as number,
          pruned: pruned.top1,
          recovered: branch.rows[recovery - 1].testTop1 as number,
        });
      }
      return rows;
    } finally {
      tf.dispose([held, ...[...states.values()].map(({ tensors }) => tensors)]);
    }
  }, stop);
}

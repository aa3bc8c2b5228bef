import { interruptible, product } from '../../base';
import {
  checkMask,
  kernelsOf,
  type Mask,
  type Network,
  type ParameterSpec,
  type Params,
} from '../../network';
import { countOf, survivorsUnder } from '../../prune';
import { cloneRecord, tf } from '../../tensor';
import { train } from '../train';
import { branchOf } from './branch';
import { firstSteps } from './firstSteps';
import { type IterativeMagnitudeOptions, type Settled, settle, type Ticket } from './options';
import { pruneSmallest } from './pruneSmallest';

/**
 * Iterative magnitude pruning with rewinding (Frankle and Carbin 2019, arXiv 1803.03635; Frankle et al. 2020, arXiv 1912.05671): train, prune
 * the smallest of all weights left, set the others back to what they were after a few steps, and again.
 *
 *     const ticket = await training.iterativeMagnitude(network, params, { data, epochs: 3, levels: 8, rewind: 100 });
 *     show(ticket.rows);
 *
 * Every level trains from the step rewound to, to the same last epoch; running averages start anew, batch norm's statistics are rewound
 * with the weights. It costs `levels + 1` trainings, as the first call of `onProgress` says. The same options give the same
 * masks and weights to the bit, resumed or not.
 *
 * @param params the initial ones; they are not changed
 * @throws `invalid …` as `train`, and for levels, a fraction or a step out of range, more compression than one weight a layer, and
 *   weights to keep that a level has no room for
 */
export async function iterativeMagnitude(
  network: Network,
  params: Params,
  options: IterativeMagnitudeOptions,
): Promise<Ticket> {
  const settings = settle(network, params, options);
  const { training, levels, rewind, branch, kernels, trainings, length } = settings;
  const { initialiser, onLevel, onProgress, resume } = options;
  const rows = [...(resume?.rows ?? [])];
  const total = rewind + trainings * length;
  const report = (done: number, message: string) => onProgress?.({ done, total, message });
  return interruptible(async (signal) => {
    report(0, `${trainings} trainings of ${length} steps, after ${rewind} to rewind to`);
    const begun = resume
      ? { params: cloneRecord(resume.rewound), isDone: true }
      : await firstSteps(network, params, { ...training, signal }, rewind, (step) =>
          report(step, 'first steps'),
        );
    const rewound = begun.params;
    let mask = resume ? cloneRecord(resume.mask) : allOf(network);
    let last: Params | undefined;
    let interrupted = !begun.isDone;
    try {
      while (rows.length < trainings && !interrupted) {
        const level = rows.length;
        const isLast = level === levels;
        const from = { params: rewound, mask, fromStep: rewind };
        const way = isLast && branch ? branch : 'retrain';
        const start = branchOf(network, from, way, { seed: training.seed ?? 1, initialiser });
        try {
          const history = await train(network, start.params, {
            ...training,
            ...{ mask: start.mask, fromStep: start.fromStep, signal },
            onProgress: ({ done, message }) => {
              const step = rewind + level * length + Math.max(0, done - rewind);
              report(step, `level ${level} of ${levels}, ${message}`);
            },
          });
          tf.dispose(last ?? {});
          last = history.params;
          interrupted = history.interrupted;
          if (interrupted) break;
          const next = isLast
            ? cloneRecord(start.mask)
            : await nextMask(network, last, mask, level + 1, settings);
          tf.dispose(mask);
          mask = next;
          const row = { level, ...countIn(kernels, start.mask), ...history.rows[history.rows.length - 1] };
          rows.push(row);
          await onLevel?.(row, () => ({
            rows: [...rows],
            rewound: cloneRecord(rewound),
            mask: cloneRecord(mask),
          }));
        } finally {
          tf.dispose([start.params, start.mask]);
        }
      }
      return { rows, mask, rewound, params: last ?? cloneRecord(rewound), interrupted };
    } catch (error) {
      tf.dispose([rewound, mask, last ?? {}]);
      throw error;
    }
  }, options.signal);
}

/** What the weights that a level has trained leave of its mask. */
async function nextMask(
  network: Network,
  trained: Params,
  mask: Mask,
  level: number,
  { fraction, rule, kernels, keep }: Settled,
): Promise<Mask> {
  const kept = typeof keep === 'function' ? await keep({ level, trained, mask }) : keep;
  if (kept) checkMask(network, kept, 'keep');
  try {
    return pruneSmallest(network, trained, mask, { level, fraction, rule, kernels, keep: kept });
  } finally {
    if (typeof keep === 'function') tf.dispose(kept ?? {});
  }
}

/** How many weights of some kernels a mask keeps, and their share. */
function countIn(kernels: readonly ParameterSpec[], mask: Mask): { kept: number; density: number } {
  const left = countOf(survivorsUnder(mask, kernels));
  return { kept: left, density: left / kernels.reduce((sum, { shape }) => sum + product(shape), 0) };
}

const allOf = (network: Network): Mask =>
  Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, tf.ones([...shape])]));

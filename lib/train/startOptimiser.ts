import {
  assignVariable,
  correctedAdam,
  createVariable,
  destroyVariable,
  mapRecord,
  multiplyNoNan,
  type NativeVariable,
  readVariable,
  type TensorRecord,
  tf,
} from '../tensor';
import type { Moving } from './masking';
import type { Optimiser } from './optimiser';
import type { Rates } from './update';

type Variables = Readonly<Record<string, NativeVariable>>;

/** What an optimiser remembers from step to step. */
export interface OptimiserState {
  /** Steps taken. */
  step: number;
  /** Running averages, `SLOT/PARAMETER`: `mean/conv1/kernel`. */
  slots: TensorRecord;
}

/** An optimiser at work on a set of variables. */
export interface RunningOptimiser {
  /** Its running averages, by their name and the parameter's. */
  readonly slots: Readonly<Record<string, Variables>>;
  /** The numbers of the next step's update; the caller disposes of them. */
  rates(learningRate: number): Rates;
  /** Counts a step that was taken. */
  count(): void;
  /** Sets the averages to 0 wherever a weight is not to move. */
  forget(moving: Moving): void;
  /** The state so far; the caller disposes of its tensors. */
  state(): OptimiserState;
  dispose(): void;
}

/** The running averages an optimiser keeps of each parameter. */
export function slotNames(optimiser: Optimiser): readonly string[] {
  if (optimiser.kind === 'adam') return ['mean', 'square'];
  return optimiser.momentum === 0 ? [] : ['velocity'];
}

/**
 * Puts an optimiser to work on variables.
 *
 * @param state where an earlier run stopped, of this optimiser and these variables; a fresh start by default
 */
export function startOptimiser(
  optimiser: Optimiser,
  variables: Variables,
  state?: OptimiserState,
): RunningOptimiser {
  const slots: Record<string, Record<string, NativeVariable>> = {};
  for (const slot of slotNames(optimiser))
    slots[slot] = mapRecord(variables, (variable, name) =>
      startSlot(variable, state?.slots[`${slot}/${name}`]),
    );
  let step = state?.step ?? 0;
  return {
    slots,
    rates(learningRate) {
      if (optimiser.kind === 'sgd') return { rate: tf.scalar(learningRate) };
      const { rate, epsilon } = correctedAdam({ ...optimiser, learningRate, step: step + 1 });
      return { rate: tf.scalar(rate), epsilon: tf.scalar(epsilon) };
    },
    count() {
      step++;
    },
    forget(moving) {
      for (const values of Object.values(slots))
        for (const [name, where] of Object.entries(moving))
          tf.tidy(() => assignVariable(values[name], within(readVariable(values[name]), where)));
    },
    state: () => ({
      step,
      slots: Object.fromEntries(
        Object.entries(slots).flatMap(([slot, values]) =>
          Object.entries(values).map(([name, value]) => [`${slot}/${name}`, readVariable(value)]),
        ),
      ),
    }),
    dispose() {
      for (const values of Object.values(slots)) Object.values(values).forEach(destroyVariable);
    },
  };
}

/** A tensor where something moves, 0 elsewhere. */
export function within(tensor: tf.Tensor, where: tf.Tensor | 'none'): tf.Tensor {
  return where === 'none' ? tf.zerosLike(tensor) : multiplyNoNan(tensor, where);
}

function startSlot({ shape }: NativeVariable, value?: tf.Tensor): NativeVariable {
  if (value) return createVariable(value);
  const zeros = tf.zeros([...shape]);
  const slot = createVariable(zeros);
  zeros.dispose();
  return slot;
}

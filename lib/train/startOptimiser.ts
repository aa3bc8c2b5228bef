import {
  applyAdam,
  applyGradientDescent,
  applyMomentum,
  assignVariable,
  createVariable,
  destroyVariable,
  mapRecord,
  multiplyNoNan,
  type NativeVariable,
  readVariable,
  type TensorRecord,
  tf,
} from '../tensor';
import type { Optimiser } from './optimiser';

/** By parameter name: 1 where an update counts, 0 where it does not; no entry where all do, `none` where none does. */
type Moving = Readonly<Record<string, tf.Tensor | 'none'>>;
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
  /** Moves each variable that has a gradient, where `moving` has a 1 or nothing to say. */
  step(gradients: TensorRecord, learningRate: number, moving?: Moving): void;
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
    step(gradients, learningRate, moving = {}) {
      step++;
      tf.tidy(() => {
        const updates = mapRecord(gradients, (gradient, name) =>
          within(decayed(gradient, name), moving[name]),
        );
        move(optimiser, variables, slots, updates, learningRate, step);
      });
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

  /** The gradient of the loss with the L2 penalty. */
  function decayed(gradient: tf.Tensor, name: string): tf.Tensor {
    const { weightDecay } = optimiser;
    if (weightDecay === 0) return gradient;
    return tf.tidy(() => gradient.add(readVariable(variables[name]).mul(weightDecay)));
  }
}

function within(tensor: tf.Tensor, where: tf.Tensor | 'none' | undefined): tf.Tensor {
  if (where === undefined) return tensor;
  return where === 'none' ? tf.zerosLike(tensor) : multiplyNoNan(tensor, where);
}

function move(
  optimiser: Optimiser,
  variables: Variables,
  slots: Readonly<Record<string, Variables>>,
  gradients: TensorRecord,
  learningRate: number,
  step: number,
): void {
  const entries = Object.entries(gradients).map(([name, gradient]) => ({
    name,
    gradient,
    variable: variables[name],
  }));
  if (optimiser.kind === 'adam') {
    const { mean, square } = slots;
    applyAdam(
      entries.map((entry) => ({ ...entry, mean: mean[entry.name], square: square[entry.name] })),
      { ...optimiser, learningRate, step },
    );
  } else if (optimiser.momentum === 0) {
    applyGradientDescent(entries, learningRate);
  } else {
    const { velocity } = slots;
    applyMomentum(
      entries.map((entry) => ({ ...entry, velocity: velocity[entry.name] })),
      { ...optimiser, learningRate },
    );
  }
}

function startSlot({ shape }: NativeVariable, value?: tf.Tensor): NativeVariable {
  if (value) return createVariable(value);
  const zeros = tf.zeros([...shape]);
  const slot = createVariable(zeros);
  zeros.dispose();
  return slot;
}

import { tf } from './engine';
import { runOp } from './native';

/** A tensor that TensorFlow updates in place; destroyed by `destroyVariable`, not by a tidy. */
export interface NativeVariable {
  readonly shape: readonly number[];
  /** TensorFlow's resource handle, a string tensor to tfjs. */
  readonly handle: tf.Tensor;
}

/** TensorFlow's own name for "no name": each handle made under it is a resource of its own. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';
const FLOAT = { dtype: { type: 'float32' } } as const;
const UPDATE = { T: { type: 'float32' }, use_locking: false } as const;

/** A variable that starts at a float32 tensor's values; the tensor stays the caller's and is never changed. */
export function createVariable(initial: tf.Tensor): NativeVariable {
  const { shape } = initial;
  const [handle] = runOp('VarHandleOp', [], {
    container: '',
    shared_name: ANONYMOUS,
    shape: { shape },
    ...FLOAT,
  });
  const variable = { shape, handle: tf.keep(handle) };
  assignVariable(variable, initial);
  return variable;
}

/**
 * The current values as a tensor that later updates leave alone.
 *
 * No copy is made here, but an update made while the tensor lives has to copy: dispose it before.
 */
export function readVariable({ handle }: NativeVariable): tf.Tensor {
  return runOp('ReadVariableOp', [handle], FLOAT)[0];
}

/** Replaces the values. */
export function assignVariable({ handle }: NativeVariable, value: tf.Tensor): void {
  runOp('AssignVariableOp', [handle, value], FLOAT, 0);
}

/** Frees a variable; it must not be used afterwards. A nameless resource lives as long as its handle. */
export function destroyVariable({ handle }: NativeVariable): void {
  handle.dispose();
}

/** What an update of one variable reads: its gradient and the optimiser's running averages beside it. */
export interface AdamEntry {
  variable: NativeVariable;
  /** Running average of the gradient. */
  mean: NativeVariable;
  /** Running average of the squared gradient. */
  square: NativeVariable;
  gradient: tf.Tensor;
}

/** A number, or a scalar tensor where it changes between the calls of a compiled function. */
export type Rate = number | tf.Scalar;

/** Numbers of an Adam update. */
export interface AdamSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Which step this is, from 1, for the correction of the averages' start at zero. */
  step: number;
}

/** Numbers of an Adam update with the correction of its step in them: only `rate` and `epsilon` change between steps. */
export interface CorrectedAdam<Number = number> {
  /** η √(1 − β₂ᵗ) / (1 − β₁ᵗ) */
  rate: Number;
  beta1: Number;
  beta2: Number;
  /** ε √(1 − β₂ᵗ) */
  epsilon: Number;
}

/** The form TensorFlow's op has, θ ← θ − rate · m / (√v + epsilon); the op's betas are float32, and so must be those of the correction. */
export function correctedAdam({ learningRate, beta1, beta2, epsilon, step }: AdamSettings): CorrectedAdam {
  const correction = Math.sqrt(1 - Math.fround(beta2) ** step);
  const rate = (learningRate * correction) / (1 - Math.fround(beta1) ** step);
  return { rate, beta1, beta2, epsilon: epsilon * correction };
}

/**
 * Adam (Kingma and Ba 2015, Algorithm 1) on each entry: θ ← θ − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), one pass
 * over each tensor, where tfjs makes about twelve.
 *
 * @param corrected what {@link correctedAdam} gave; in a compiled function `rate` and `epsilon` are inputs
 */
export function applyAdam(
  entries: readonly AdamEntry[],
  { rate, beta1, beta2, epsilon }: CorrectedAdam<Rate>,
): void {
  withScalars([0, 0, rate, beta1, beta2, epsilon], (scalars) => {
    for (const { variable, mean, square, gradient } of entries) {
      const inputs = [variable.handle, mean.handle, square.handle, ...scalars, gradient];
      runOp('ResourceApplyAdam', inputs, { ...UPDATE, use_nesterov: false }, 0);
    }
  });
}

/** What a momentum update of one variable reads. */
export interface MomentumEntry {
  variable: NativeVariable;
  /** The decaying sum of gradients. */
  velocity: NativeVariable;
  gradient: tf.Tensor;
}

/** Numbers of a momentum update. */
export interface MomentumSettings {
  learningRate: Rate;
  momentum: Rate;
  nesterov: boolean;
}

/** b ← μ b + g, then θ ← θ − η b, or θ − η (g + μ b) with Nesterov's look ahead, as in torch.optim.SGD. */
export function applyMomentum(
  entries: readonly MomentumEntry[],
  { learningRate, momentum, nesterov }: MomentumSettings,
): void {
  withScalars([learningRate, momentum], ([rate, decay]) => {
    for (const { variable, velocity, gradient } of entries) {
      const inputs = [variable.handle, velocity.handle, rate, gradient, decay];
      runOp('ResourceApplyMomentum', inputs, { ...UPDATE, use_nesterov: nesterov }, 0);
    }
  });
}

/** θ ← θ − η g. */
export function applyGradientDescent(
  entries: readonly { variable: NativeVariable; gradient: tf.Tensor }[],
  learningRate: Rate,
): void {
  withScalars([learningRate], ([rate]) => {
    for (const { variable, gradient } of entries)
      runOp('ResourceApplyGradientDescent', [variable.handle, rate, gradient], UPDATE, 0);
  });
}

/** Makes the numbers tensors once for all entries. */
function withScalars(values: readonly Rate[], body: (scalars: tf.Tensor[]) => void): void {
  const scalars = values.map((value) => (typeof value === 'number' ? tf.scalar(value) : value));
  body(scalars);
  tf.dispose(scalars.filter((_, i) => typeof values[i] === 'number'));
}

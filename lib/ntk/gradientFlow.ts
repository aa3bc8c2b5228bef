import { checkNames, invalid } from '../base';
import { symmetricEigen } from '../linalg';

/** What the dynamics of a linearised network follow from; entries are those of image · outputs + output. */
export interface FlowOptions {
  /** Θ between the training images, `[n, n]`, row by row. */
  kernel: ArrayLike<number>;
  /** f(X; θ₀), `[n]`. */
  outputs: ArrayLike<number>;
  /** Y, `[n]`. */
  targets: ArrayLike<number>;
  /**
   * η, of the loss ½ Σ (f − Y)²; of its mean over images, as `train` takes it, η is the rate over their number. 1 / λ₁ by default,
   * where a step takes all that lies along the first eigenvector.
   */
  rate?: number;
  /** Other images whose outputs are wanted: Θ between them and the training images, `[m, n]`, and f(x; θ₀), `[m]`; none by default. */
  test?: { kernel: ArrayLike<number>; outputs: ArrayLike<number> };
}

/** Outputs of a linearised network at one time of its training. */
export interface FlowState {
  /** `[n]` */
  train: Float64Array;
  /** `[m]`, where other images are given. */
  test?: Float64Array;
  /** ½ Σ (f − Y)² over the training images. */
  loss: number;
  /** ‖θ_t − θ₀‖ over the parameters of the kernel. */
  movement: number;
}

/** The training of a linearised network on squares, in closed form. */
export interface GradientFlow {
  /** η. */
  rate: number;
  /** Of Θ, largest first. */
  eigenvalues: Float64Array;
  /** Share of Σ (Y − f₀)² along each eigenvector: what of the loss decays at which rate. */
  shares: Float64Array;
  /** After gradient flow for a time. */
  at(time: number): FlowState;
  /** After so many steps of gradient descent of size η, which diverges where η λ₁ > 2. */
  after(steps: number): FlowState;
}

/**
 * Gradient flow dθ/dt = −η ∇L of a linearised network, L = ½ Σ (f − Y)², in closed form on its tangent kernel (Jacot et al.
 * 2018; Lee et al. 2019, eq. 9-11): f_t(X) = f₀ + (I − exp(−ηΘt)) (Y − f₀), and elsewhere f₀(x) + Θ(x, X) Θ⁻¹ (I − exp(−ηΘt))
 * (Y − f₀), also where Θ has no inverse; and gradient descent, with (I − ηΘ)^s in the exponential's place. In double precision.
 *
 * @throws `invalid …` for sizes that do not fit each other, numbers that are not finite, times and steps below 0
 */
export function gradientFlow(options: FlowOptions): GradientFlow {
  checkNames('gradientFlow', options, { kernel: 1, outputs: 1, targets: 1, rate: 1, test: 1 });
  const { kernel, outputs, targets, test } = options;
  const n = outputs?.length;
  if (!(n > 0)) throw invalid('outputs', 'none', outputs);
  checkNumbers('outputs', outputs, n);
  checkNumbers('targets', targets, n);
  checkNumbers('kernel', kernel, n * n);
  const m = test?.outputs.length ?? 0;
  if (test) {
    checkNumbers('test.outputs', test.outputs, m);
    checkNumbers('test.kernel', test.kernel, m * n);
  }
  const { values, vectors } = symmetricEigen(Float64Array.from(kernel));
  const { rate = values[0] > 0 ? 1 / values[0] : 1 } = options;
  if (!(rate > 0 && Number.isFinite(rate))) throw invalid('rate', 'not above 0', rate);
  const residual = Float64Array.from({ length: n }, (_, i) => targets[i] - outputs[i]);
  const along = Float64Array.from({ length: n }, (_, k) => dot(vectors[k], 0, residual)); // Uᵀ (Y − f₀)
  const whole = dot(residual, 0, residual);

  /** The state where (1 − left(λ)) / λ is `gained`. */
  const stateOf = (gained: (eigenvalue: number) => number): FlowState => {
    const moves = along.map((part, k) => part * gained(values[k])); // Uᵀ w, θ_t − θ₀ = Jᵀ w
    const w = new Float64Array(n);
    const change = new Float64Array(n); // Θ w
    moves.forEach((move, k) => {
      for (let i = 0; i < n; i++) {
        w[i] += move * vectors[k][i];
        change[i] += move * values[k] * vectors[k][i];
      }
    });
    const left = along.map((part, k) => part - values[k] * moves[k]);
    const state: FlowState = {
      train: change.map((value, i) => outputs[i] + value),
      loss: dot(left, 0, left) / 2,
      movement: Math.sqrt(
        Math.max(
          0,
          moves.reduce((sum, move, k) => sum + values[k] * move * move, 0),
        ),
      ),
    };
    if (test)
      state.test = Float64Array.from({ length: m }, (_, i) => test.outputs[i] + dot(test.kernel, i * n, w));
    return state;
  };

  return {
    rate,
    eigenvalues: values,
    shares: along.map((part) => (whole > 0 ? (part * part) / whole : 0)),
    at(time) {
      if (!(time >= 0)) throw invalid('time', 'not 0 or above', time);
      const reach = rate * time;
      return stateOf((λ) => (λ === 0 ? reach : -Math.expm1(-reach * λ) / λ));
    },
    after(steps) {
      if (!(Number.isInteger(steps) && steps >= 0))
        throw invalid('steps', 'not a whole number of 0 or more', steps);
      return stateOf((λ) => {
        if (λ === 0) return rate * steps;
        const left = 1 - rate * λ;
        return left > 0 ? -Math.expm1(steps * Math.log1p(-rate * λ)) / λ : (1 - left ** steps) / λ;
      });
    },
  };
}

function dot(a: ArrayLike<number>, from: number, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[from + i] * b[i];
  return sum;
}

function checkNumbers(name: string, values: ArrayLike<number>, count: number): void {
  if (values?.length !== count) throw invalid(name, `not ${count} numbers`, values?.length);
  for (let i = 0; i < count; i++)
    if (!Number.isFinite(values[i])) throw invalid(name, `[${i}] not finite`, values[i]);
}

import { constant } from '../compiled/compiled';
import { tracing } from '../compiled/trace';
import { tf } from '../engine';
import { runOp } from '../native';
import { registerKernel } from './register';

export interface Normalised {
  /** γ (x − μ) / √(σ² + ε) + β, of x's shape. */
  y: tf.Tensor4D;
  /** Mean of the batch, `[channels]`. */
  mean: tf.Tensor1D;
  /** Variance of the batch with Bessel's correction, as PyTorch and TensorFlow keep it, `[channels]`. */
  variance: tf.Tensor1D;
}

interface Settings {
  epsilon: number;
}

/**
 * Batch normalisation with the statistics of the batch itself, through TensorFlow's fused kernels.
 *
 * The gradients go through `y`; `mean` and `variance` are for the running averages and carry none.
 *
 * @param x `[batch, height, width, channels]`
 * @param gamma `[channels]`
 * @param beta `[channels]`
 */
export function batchNormTraining(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
): Normalised {
  if (tracing() === 'double') return plainTraining(x, gamma, beta, epsilon);
  const [y, mean, variance, ...reserved] = forward<tf.Tensor[]>({ x, gamma, beta }, { epsilon });
  tf.dispose(reserved);
  return { y: y as tf.Tensor4D, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}

/** The same by single ops, since the fused kernels know no float64. */
function plainTraining(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalised {
  const [batch, height, width] = x.shape;
  const count = batch * height * width;
  const mean = x.mean<tf.Tensor1D>([0, 1, 2]);
  const centred = x.sub<tf.Tensor4D>(mean); // [batch, height, width, channels]
  const variance = centred.square().mean<tf.Tensor1D>([0, 1, 2]);
  const scale = gamma.mul(tf.rsqrt(variance.add(constant(epsilon))));
  const y = centred.mul<tf.Tensor4D>(scale).add<tf.Tensor4D>(beta);
  return { y, mean, variance: variance.mul(constant(count / Math.max(1, count - 1))) };
}

/**
 * Batch normalisation with given statistics, an affine map of each channel: x a + b with a = γ / √(σ² + ε), b = β − μ a.
 *
 * @param x `[batch, height, width, channels]` or `[batch, features]`; the other arguments one number a channel
 */
export function batchNormInference<T extends tf.Tensor>(
  x: T,
  {
    gamma,
    beta,
    mean,
    variance,
    epsilon,
  }: { gamma: tf.Tensor; beta: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor; epsilon: number },
): T {
  return tf.tidy(() => {
    const scale = gamma.mul(tf.rsqrt(variance.add(constant(epsilon)))); // [channels]
    return x.mul<T>(scale).add(beta.sub(mean.mul(scale)));
  });
}

const forward = registerKernel<Settings>({
  name: 'FusedBatchNorm',
  forward: ({ x, gamma, beta }, { epsilon }) =>
    tf.tidy(() => {
      const none = tf.tensor1d([]); // no running statistics in training
      return runOp('FusedBatchNormV3', [x, gamma, beta, none, none], attributes(epsilon), 6);
    }),
  keepInputs: ['x', 'gamma'],
  keepOutputs: [false, false, false, true, true, true],
  backward: (dys, [x, gamma, ...reserved], { epsilon }) => {
    const [dy] = dys as tf.Tensor[];
    const [mean, variance, reserve] = reserved;
    // Here rather than in the functions below, each of which tfjs runs in a tidy of its own.
    const [dx, dGamma, dBeta] = backward<tf.Tensor[]>({ dy, x, gamma, mean, variance, reserve }, { epsilon });
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
});

/** Cotangents of x, γ and β; the statistics are functions of x and only spare their recomputation. */
const backward = registerKernel<Settings>({
  name: 'FusedBatchNormGrad',
  forward: ({ dy, x, gamma, mean, variance, reserve }, { epsilon }) => {
    const [dx, dGamma, dBeta, ...rest] = runOp(
      'FusedBatchNormGradV3',
      [dy, x, gamma, mean, variance, reserve],
      attributes(epsilon),
      5,
    );
    tf.dispose(rest);
    return [dx, dGamma, dBeta];
  },
  keepInputs: ['dy', 'x', 'gamma', 'mean', 'variance', 'reserve'],
  backward: (directions, [dy, x, gamma, mean, variance, reserve], { epsilon }) => {
    const [toDy, toX, toGamma] = tf.tidy(() =>
      secondOrder(directions as tf.Tensor[], [dy, x, gamma], epsilon),
    );
    const nothing = (of: tf.Tensor) => () => tf.zerosLike(of);
    return {
      dy: () => toDy,
      x: () => toX,
      gamma: () => toGamma,
      mean: nothing(mean),
      variance: nothing(variance),
      reserve: nothing(reserve),
    };
  },
});

/**
 * Cotangents of (dy, x, γ) for the map (dy, x, γ) ↦ (dx, dγ, dβ), given directions (X, G, B) for its results.
 *
 * With n = (x − μ) i, i = 1/σ, P z = z − m(z) − n m(n z) and m the mean over batch and pixels:
 * dx = γ i P dy, dγ = Σ dy n, dβ = Σ dy. The map is linear in dy (and P is symmetric); x enters through n and through i.
 */
function secondOrder([X, G, B]: tf.Tensor[], [dy, x, gamma]: tf.Tensor[], epsilon: number): tf.Tensor[] {
  const average = (z: tf.Tensor) => z.mean([0, 1, 2]); // [channels]
  const centred = x.sub(average(x)); // [batch, height, width, channels]
  const inverse = tf.rsqrt(average(centred.square()).add(epsilon)); // [channels]
  const n = centred.mul(inverse); // [batch, height, width, channels]
  const project = (z: tf.Tensor) => z.sub(average(z)).sub(n.mul(average(z.mul(n))));
  const scale = gamma.mul(inverse); // [channels]

  const u = average(dy.mul(n)); // [channels]
  const v = average(X.mul(n)); // [channels]
  const correlation = average(dy.mul(X))
    .sub(average(dy).mul(average(X)))
    .sub(u.mul(v)); // [channels]
  const throughN = dy.mul(G.sub(scale.mul(v))).sub(X.mul(scale.mul(u)));
  const throughInverse = n.mul(scale.mul(inverse).mul(correlation));
  return [
    project(X).mul(scale).add(n.mul(G)).add(B),
    project(throughN).mul(inverse).sub(throughInverse),
    project(dy).mul(X).sum([0, 1, 2]).mul(inverse),
  ];
}

function attributes(epsilon: number) {
  return {
    T: { type: 'float32' },
    U: { type: 'float32' },
    epsilon: { float: epsilon },
    data_format: 'NHWC',
    is_training: true,
  } as const;
}

import type { Network } from '../network';
import { compiled, compiledFor, type Precision, tf } from '../tensor';
import type { Feature, Features, KernelOutputs } from './features';

/**
 * A block of the tangent kernel, Θ = J Jᵀ, from the gradients of its images: the sum over parameters.
 *
 * @returns `[images of x, outputs, images of y, outputs]` for `full`, `[images of x, images of y]` for `trace`, `[images of x, images of y,
 *   outputs]` for `diagonal`; in `single` as float32
 */
export function contraction(network: Network, outputs: KernelOutputs, precision: Precision) {
  return compiledFor(network, ['ntk', 'contraction', outputs, precision], () =>
    compiled(
      ({ x, y }: { x: Features; y: Features }): tf.Tensor =>
        tf.addN(
          Object.keys(x)
            .filter((name) => Object.hasOwn(y, name))
            .map((name) => productOf(x[name], y[name], outputs)),
        ),
      { precision },
    ),
  );
}

function productOf(x: Feature, y: Feature, outputs: KernelOutputs): tf.Tensor {
  if ('rows' in x && 'rows' in y) return ofRows(x.rows, y.rows, outputs);
  if ('read' in x && 'read' in y) return ofFactors(x, y, outputs);
  throw new Error('gradients written out do not go with those that are not');
}

/** From gradients `[images, outputs, ...entries]`. */
function ofRows(x: tf.Tensor, y: tf.Tensor, outputs: KernelOutputs): tf.Tensor {
  const [n, k] = x.shape as [number, number];
  const [m] = y.shape;
  if (outputs === 'full')
    return tf.matMul(x.reshape([n * k, -1]), y.reshape([m * k, -1]), false, true).reshape([n, k, m, k]);
  if (outputs === 'trace') return tf.matMul(x.reshape([n, -1]), y.reshape([m, -1]), false, true);
  const byOutput = (z: tf.Tensor) => z.reshape([z.shape[0], k, -1]).transpose([1, 0, 2]);
  return tf.matMul(byOutput(x), byOutput(y), false, true).transpose([1, 2, 0]);
}

type Factors = Extract<Feature, { read: tf.Tensor }>;

/** From gradients Σ_s a_s d_sᵀ: (A Aᵀ) ⊙ (D Dᵀ), summed over the places of both images. */
function ofFactors(x: Factors, y: Factors, outputs: KernelOutputs): tf.Tensor {
  const [n, k, s, out] = x.cotangents.shape as [number, number, number, number];
  const [m, , t] = y.cotangents.shape as [number, number, number, number];
  const byPlace = (z: tf.Tensor) => z.reshape([z.shape[0] * z.shape[1]!, -1]);
  const read = tf.matMul(byPlace(x.read), byPlace(y.read), false, true); // [n · s, m · t]
  if (outputs === 'trace') {
    const joined = (z: tf.Tensor) => byPlace(z.transpose([0, 2, 1, 3])); // [images · places, outputs · out]
    const met = tf.matMul(joined(x.cotangents), joined(y.cotangents), false, true);
    return read.mul(met).reshape([n, s, m, t]).sum([1, 3]);
  }
  if (outputs === 'diagonal') {
    const byOutput = (z: tf.Tensor) => z.transpose([1, 0, 2, 3]).reshape([k, -1, out]);
    const met = tf.matMul(byOutput(x.cotangents), byOutput(y.cotangents), false, true); // [k, n · s, m · t]
    return read.mul(met).reshape([k, n, s, m, t]).sum([2, 4]).transpose([1, 2, 0]);
  }
  const flat = (z: tf.Tensor) => z.reshape([-1, out]);
  const met = tf.matMul(flat(x.cotangents), flat(y.cotangents), false, true); // [n · k · s, m · k · t]
  return read
    .reshape([n, 1, s, m, 1, t])
    .mul(met.reshape([n, k, s, m, k, t]))
    .sum([2, 5]);
}

import assert from 'node:assert/strict';
import { product } from '../base';
import { createRandom, tf } from '../tensor';

/** Seeded standard-normal tensor for tests. */
export function normalTensor<T extends tf.Tensor = tf.Tensor>(
  shape: readonly number[],
  seed: number,
  scale = 1,
): T {
  const random = createRandom(seed);
  const size = product(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, () => scale * random.normal()),
    [...shape],
  ) as T;
}

type Scalarised = (...inputs: tf.Tensor[]) => tf.Scalar;

/**
 * Asserts that the gradient of `f` is its slope along random directions (central differences).
 *
 * @param f a smooth scalar function near the inputs
 * @param tolerance relative to the slope's size; 2e-2 by default, which float32 allows at step 1e-2 and no wrong formula meets
 */
export function assertGradient(
  f: Scalarised,
  inputs: tf.Tensor[],
  { step = 1e-2, tolerance = 2e-2 } = {},
): void {
  tf.tidy(() => {
    const gradients = tf.grads(f)(inputs);
    inputs.forEach((input, i) => {
      const direction = normalTensor(input.shape, 100 + i);
      const at = (t: number) =>
        f(...inputs.map((x, j) => (j === i ? x.add(direction.mul(t)) : x))).dataSync()[0];
      const slope = (at(step) - at(-step)) / (2 * step);
      const predicted = gradients[i].mul(direction).sum().dataSync()[0];
      const size = Math.max(Math.abs(slope), Math.abs(predicted), 1e-3);
      assert.ok(
        Math.abs(slope - predicted) <= tolerance * size,
        `input ${i}: slope ${slope}, gradient says ${predicted}`,
      );
    });
  });
}

/** Asserts first- and second-order gradients: of `f`, and of the size of the gradient of `f` along fixed directions. */
export function assertTwiceDifferentiable(
  f: Scalarised,
  inputs: tf.Tensor[],
  options?: { step?: number; tolerance?: number },
): void {
  assertGradient(f, inputs, options);
  tf.tidy(() => {
    const directions = inputs.map((input, i) => normalTensor(input.shape, 200 + i));
    const slope: Scalarised = (...at) => {
      const gradients = tf.grads(f)(at);
      return tf.addN(gradients.map((gradient, i) => gradient.mul(directions[i]).sum())) as tf.Scalar;
    };
    assertGradient(slope, inputs, options);
  });
}

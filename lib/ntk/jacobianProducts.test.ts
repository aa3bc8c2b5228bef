import assert from 'node:assert/strict';
import fc from 'fast-check';
import { forward, type Network, type Params } from '../network';
import { randomMask, randomParams, smallMlp, smallResidual } from '../path/testNetworks';
import { randomNetworks } from '../path/testRandomNetwork';
import { mapRecord, readDoubles, type TensorRecord, tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { type JacobianProductOptions, jacobianProducts } from './jacobianProducts';

const directionsOf = (network: Network, names: readonly string[], seed: number): TensorRecord =>
  Object.fromEntries(
    network.parameters
      .filter(({ name }) => names.includes(name))
      .map(({ name, shape }, i) => [name, normalTensor(shape, seed + i)]),
  );

const inner = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** ⟨w, J u⟩ and ⟨Jᵀ w, u⟩. */
function bothWays(network: Network, params: Params, x: tf.Tensor, options: JacobianProductOptions) {
  return tf.tidy(() => {
    const products = jacobianProducts(network, params, x, options);
    const u = directionsOf(network, Object.keys(products.parameters), 7);
    const w = normalTensor(products.shape, 3);
    const forwards = inner(readDoubles(products.multiply(u)), w.dataSync());
    const transposed = products.multiplyTransposed(w);
    const backwards = Object.entries(u).map(([name, direction]) =>
      inner(readDoubles(transposed[name]), direction.dataSync()),
    );
    return [forwards, backwards.reduce((sum, part) => sum + part, 0)];
  });
}

test('⟨w, J u⟩ = ⟨Jᵀ w, u⟩ on random networks of every op, masked and not, in parts and at once', () => {
  const choice = fc.record({
    parameters: fc.constantFrom('weights' as const, 'all' as const),
    batchNorm: fc.constantFrom('inference' as const, 'training' as const),
    batch: fc.integer({ min: 1, max: 4 }),
    isMasked: fc.boolean(),
  });
  fc.assert(
    fc.property(randomNetworks, choice, fc.nat(99), (network, { isMasked, ...options }, seed) => {
      tf.tidy(() => {
        const params = randomParams(network, { seed, shifts: true });
        const x = normalTensor([3, ...network.input], seed);
        const mask = isMasked ? randomMask(network, 0.5, seed) : undefined;
        const [forwards, backwards] = bothWays(network, params, x, { ...options, mask });
        assert.ok(
          Math.abs(forwards - backwards) <= 1e-9 * Math.max(1, Math.abs(forwards)),
          `${forwards} is not ${backwards}`,
        );
      });
    }),
    { numRuns: 30, seed: 1 },
  );
});

test('J u is the slope of the outputs along u, of kept weights in the masked network', () => {
  tf.tidy(() => {
    const network = smallResidual();
    const params = randomParams(network, { seed: 2, shifts: true });
    const mask = randomMask(network, 0.6);
    const x = normalTensor([5, ...network.input], 4);
    const products = jacobianProducts(network, params, x, {
      parameters: 'all',
      mask,
      batch: 2,
      precision: 'single',
    });
    const u = directionsOf(network, Object.keys(products.parameters), 11);
    const at = (t: number) => {
      const moved = mapRecord(params, (θ, name) => (u[name] ? θ.add(u[name].mul(t)) : θ));
      return forward(
        network,
        mapRecord(moved, (θ, name) => (mask[name] ? θ.mul(mask[name]) : θ)),
        x,
      );
    };
    const slope = at(5e-4).sub(at(-5e-4)).div(1e-3);
    const error = slope.sub(products.multiply(u)).abs().max().dataSync()[0];
    assert.ok(error < 1e-2 * slope.abs().max().dataSync()[0], `differs by ${error}`);
  });
});

test('products say what does not fit', () => {
  tf.tidy(() => {
    const network = smallMlp(true);
    const params = randomParams(network);
    const x = tf.ones([2, 3]);
    const products = jacobianProducts(network, params, x);
    assert.deepEqual(products.shape, [2, 2]);
    assert.deepEqual(Object.keys(products.parameters), ['first/kernel', 'second/kernel', 'third/kernel']);
    const bias = { 'first/bias': tf.ones([4]) };
    assert.throws(
      () => products.multiply(bias),
      /invalid directions; not among the parameters .*: first\/bias/,
    );
    assert.throws(() => products.multiply({}), /invalid directions; none given/);
    assert.throws(
      () => products.multiplyTransposed(tf.ones([2, 3])),
      /invalid cotangent; needs shape \[images, outputs\] = \[2, 2\], has: \[2, 3\]/,
    );
    const bad =
      (change: object, images: tf.Tensor = x, options: object = {}) =>
      () =>
        jacobianProducts(network, { ...params, ...change }, images, options);
    assert.throws(bad({}, tf.ones([0, 3])), /invalid input; needs at least one sample/);
    assert.throws(bad({}, tf.ones([2, 4])), /invalid input; small-mlp reads \[batch, 3\]/);
    assert.throws(bad({}, tf.fill([2, 3], Number.NaN)), /invalid input; NaN or infinite/);
    assert.throws(
      bad({ 'third/kernel': tf.fill([3, 2], Number.NaN) }),
      /invalid params; NaN or infinite numbers in: third\/kernel/,
    );
    assert.throws(bad({}, x, { batch: 0 }), /invalid batch; not a positive whole number: 0/);
    assert.throws(bad({}, x, { parameters: 'biases' }), /invalid parameters; unknown, did you mean/);
    assert.throws(bad({}, x, { batchNorm: 'skip' }), /invalid batchNorm; unknown/);
    assert.throws(
      bad({}, x, { mask: { 'first/kernel': tf.ones([3, 4]) } }),
      /invalid mask; no tensor second\/kernel/,
    );
  });
});

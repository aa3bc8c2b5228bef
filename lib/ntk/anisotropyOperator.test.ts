import assert from 'node:assert/strict';
import { leadingEigenvalues, symmetricEigen } from '../linalg';
import { graphBuilder, initialise, tangent } from '../network';
import { compiled, createRandom, doubles, readDoubles, tf, valueAndAllGradients } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { tinyNetwork } from '../testing/tinyTraining';
import { anisotropyOperator } from '.';

/** A small convolutional network of one output, smooth but for its ReLUs. */
function small() {
  const g = graphBuilder([3, 3, 1]);
  const x = g.relu('relu', g.conv2d('conv', g.input, { filters: 3, bias: true }));
  g.dense('out', g.relu('relu2', g.dense('hidden', g.flatten('flat', x), { units: 4 })), { units: 1 });
  return g.build('small');
}

for (const parameters of ['weights', 'all'] as const)
  test(`directions of ${parameters} are the singular vectors of the mixed derivatives, taken one input at a time`, async () => {
    const network = small();
    const params = initialise(network, { seed: 5 });
    const xs = normalTensor([6, 3, 3, 1], 8);
    const names = network.parameters
      .filter(({ role }) => role === 'kernel' || parameters === 'all')
      .map(({ name }) => name);
    // ∂/∂x_d of the mean output differs by θ: differences of gradients by θ along each input.
    const gradient = compiled(
      ({ all, x }: { all: typeof params; x: tf.Tensor }) =>
        tf.concat(
          Object.values(
            valueAndAllGradients(
              (at) => tangent(network, { ...all, ...at }, {}, x).outputs.mean() as tf.Scalar,
              Object.fromEntries(names.map((name) => [name, all[name]])),
            ).gradients,
          ).map((part) => part.flatten()),
        ),
      { precision: 'double' },
    );
    const step = 2 ** -12;
    const rows = Array.from({ length: 9 }, (_, d) => {
      const [up, down] = [1, -1].map((sign) => {
        const x = tf.tidy(() => {
          const unit = tf
            .oneHot(tf.tensor1d([d], 'int32'), 9)
            .toFloat()
            .reshape([1, 3, 3, 1]);
          return xs.add(unit.mul(sign * step));
        });
        const found = gradient({ all: params, x });
        const values = readDoubles(found);
        tf.dispose([x, found]);
        return values;
      });
      return up.map((value, i) => (value - down[i]) / (2 * step));
    });
    const matrix = rows.map((a) => rows.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
    const expected = symmetricEigen(matrix);
    const operator = anisotropyOperator(network, params, xs, { parameters });
    const { eigenvalues, vectors } = await leadingEigenvalues(operator, { k: 3, vectors: true });
    for (const [k, { value }] of eigenvalues.slice(0, 3).entries())
      assert.ok(
        Math.abs(value - expected.values[k]) < 1e-3 * expected.values[0],
        `${value}, ${expected.values[k]}`,
      );
    const overlap = readDoubles(vectors[0][0]).reduce(
      (sum, value, d) => sum + value * expected.vectors[0][d],
      0,
    );
    assert.ok(Math.abs(Math.abs(overlap) - 1) < 1e-3, `${overlap}`);
    tf.dispose([params, xs, vectors.flat()]);
  });

test('it is symmetric and positive, under a mask too, and is refused for several outputs', async () => {
  const network = tinyNetwork({ classes: 1 });
  const params = initialise(network, { seed: 2 });
  const xs = normalTensor([4, 6, 6, 1], 3);
  const kernels = network.parameters.filter(({ role }) => role === 'kernel');
  const mask = Object.fromEntries(
    kernels.map(({ name, shape }, i) => [name, tf.tidy(() => normalTensor(shape, i).greater(0).toFloat())]),
  );
  const { sizes, apply } = anisotropyOperator(network, params, xs, { mask });
  assert.deepEqual(sizes, [36]);
  const random = createRandom(4);
  const [u, v] = [0, 1].map(() => Float64Array.from({ length: 36 }, () => random.uniform() - 0.5));
  const product = async (w: Float64Array) => {
    const given = doubles(w);
    const [found] = await apply([given]);
    const values = readDoubles(found);
    tf.dispose([given, found]);
    return values;
  };
  const [au, av] = [await product(u), await product(v)];
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  assert.ok(dot(au, u) > 0);
  assert.ok(Math.abs(dot(au, v) - dot(u, av)) < 1e-12 * dot(au, u));
  const several = tinyNetwork();
  const own = initialise(several, { seed: 2 });
  assert.throws(() => anisotropyOperator(several, own, xs), /invalid network; tiny needs one output, has: 3/);
  tf.dispose([params, xs, mask, own]);
});

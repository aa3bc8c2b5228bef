import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyMask, initialise, kernelsOf, type Network, type Params, resnet20 } from '../network';
import { countPaths, enumeratePaths, pathActivity, pathJacobian, pathKernel } from '../path';
import { randomMask, randomParams, smallMlp, smallResidual } from '../path/testNetworks';
import { randomNetworks } from '../path/testRandomNetwork';
import { tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { empiricalNtk } from './empiricalNtk';
import { tangentBound } from './tangentBound';

const startsOf = (xs: tf.Tensor) => tf.tidy(() => xs.reshape([xs.shape[0], -1]).arraySync() as number[][]);

/** J_v of the outputs by the values of paths, without their fixed factors, `[images · outputs][paths]`, and Π. */
function factorsOf(network: Network, params: Params, xs: tf.Tensor) {
  const paths = enumeratePaths(network, params);
  const activity = pathActivity(network, params, paths, xs);
  const starts = startsOf(xs);
  const rows = activity.flatMap((open, n) =>
    Array.from({ length: network.classes }, (_, k) =>
      paths.map(({ input, output, constant }, p) =>
        output === k ? open[p] * constant * starts[n][input] : 0,
      ),
    ),
  );
  const kernel = pathKernel(pathJacobian(network, paths));
  return { rows, kernel };
}

const inner = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

test('Θ = J_v Π J_vᵀ where all paths are written out, on random networks', async () => {
  const property = fc.asyncProperty(randomNetworks, fc.nat(99), async (network, seed) => {
    if (countPaths(network).count > 400n) return;
    const params = randomParams(network, { seed });
    const xs = normalTensor([2, ...network.input], seed);
    const { rows, kernel } = factorsOf(network, params, xs);
    const { values } = await empiricalNtk(network, params, xs, null, { precision: 'double' });
    const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const through = rows.map((row) => kernel.map((line) => inner(line, row))); // Π J_vᵀ
    rows.forEach((row, a) => {
      through.forEach((other, b) => {
        const found = values[a * rows.length + b];
        assert.ok(
          Math.abs(inner(row, other) - found) <= 2e-5 * largest,
          `${inner(row, other)} is not ${found}`,
        ); // activity in float32
      });
    });
    tf.dispose([params, xs]);
  });
  await fc.assert(property, { numRuns: 30, seed: 4 });
});

for (const [name, network, isMasked] of [
  ['a multilayer perceptron', smallMlp(true), false],
  ['a masked one', smallMlp(true), true],
  ['a residual network', smallResidual(), false],
  ['a masked residual network', smallResidual(), true],
] as const)
  test(`the bound and its factors of ${name} are those of the paths written out, without shifts`, async () => {
    const params = randomParams(network, { seed: 2 });
    const shifted = randomParams(network, { seed: 2, shifts: true });
    const mask = isMasked ? randomMask(network, 0.8, 3) : undefined;
    const xs = normalTensor([3, ...network.input], 5);
    const found = await tangentBound(network, shifted, xs, { mask, batch: 2 });
    tf.tidy(() => {
      const of = mask ? applyMask(network, params, mask) : params;
      const paths = enumeratePaths(network, of);
      const open = pathActivity(network, of, paths, xs);
      const starts = startsOf(xs);
      // Of kept weights alone: fixed factors and γ² once in the Path Kernel, fixed factors once in J_v.
      const kept = paths.filter(({ weights }) => weights.every(({ value }) => value !== 0));
      assert.ok(kept.length > 0);
      const activity = open.flatMap((row, n) =>
        paths.map(({ input, constant, weights }, p) =>
          weights.every(({ value }) => value !== 0) ? row[p] ** 2 * constant * starts[n][input] ** 2 : 0,
        ),
      );
      const sum = activity.reduce((total, term) => total + term, 0);
      assert.ok(Math.abs(found.logActivity - Math.log(sum)) < 1e-5, `${found.logActivity}, ${Math.log(sum)}`);
    });
    assert.ok(found.logTightness < 0);
    assert.equal(found.logBound, found.logActivity + found.logPathKernelTrace);
    const { values } = await empiricalNtk(network, params, xs, null, { mask, precision: 'double' });
    const trace = Array.from({ length: 6 }, (_, i) => values[7 * i]).reduce((sum, value) => sum + value, 0);
    assert.ok(Math.abs(found.logTangentTrace - Math.log(trace)) < 1e-10);
    tf.dispose([params, shifted, mask ?? {}, xs]);
  });

test('the bound of ResNet-20 is empty, and a network without a path has none', async () => {
  const network = resnet20();
  const params = initialise(network, { seed: 1 });
  const xs = normalTensor([2, 32, 32, 3], 1);
  const { logTightness } = await tangentBound(network, params, xs);
  assert.ok(logTightness < -90, `e^${logTightness}`);
  const none = tf.tidy(() =>
    Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, tf.zeros([...shape])])),
  );
  await assert.rejects(tangentBound(network, params, xs, { mask: none }), /invalid network; no path is left/);
  tf.dispose([params, xs, none]);
});

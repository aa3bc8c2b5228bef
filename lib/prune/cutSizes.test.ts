import assert from 'node:assert/strict';
import { fc, initialise, kernelsOf, type Params } from '../network';
import { l2PathNorm } from '../path';
import { randomParams, smallMlp } from '../path/testNetworks';
import { tf } from '../tensor';
import { test } from '../testing';
import { cutSizes, prune } from '.';

async function disposing(params: Params, body: () => Promise<void>): Promise<void> {
  await body();
  tf.dispose(params);
}

test('a cut of magnitude is Σ |θ| of the weights that go, counted by hand', () => {
  const network = smallMlp();
  const params = randomParams(network);
  return disposing(params, async () => {
    const layers = kernelsOf(network).map(({ name }) => [...params[name].dataSync()].map(Math.abs));
    const sorted = layers.flat().sort((a, b) => a - b);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const [first, second] = await cutSizes(network, params, {
      method: 'magnitude',
      density: 0.5,
      iterations: 2,
      schedule: 'linear',
    });
    const sums = layers.map(sum);
    const quarter = sorted.length - Math.round(0.75 * sorted.length);
    assert.ok(Math.abs(first.cut - sum(sorted.slice(0, quarter))) < 1e-6);
    assert.ok(Math.abs(second.cut - sum(sorted.slice(quarter, sorted.length / 2))) < 1e-6);
    assert.ok(Math.abs(first.layer - Math.min(...sums)) < 1e-6);
    assert.ok(Math.abs(first.imbalance - Math.max(...sums) / Math.min(...sums)) < 1e-6);
    assert.deepEqual([first.density, second.density], [0.75, 0.5]);
  });
});

test('the layer sum of a conserved score is R at every iteration, and the steps are those of prune', () => {
  const network = fc({ width: 12, depth: 4, input: [6], classes: 3 });
  const params = initialise(network, { seed: 5 });
  return disposing(params, async () => {
    const found = await cutSizes(network, params, { method: 'synflow-l2', density: 0.1, iterations: 6 });
    for (const { imbalance } of found) assert.ok(Math.abs(imbalance - 1) < 1e-5, `${imbalance}`);
    for (const [step, { layer }] of found.entries()) {
      const before =
        step === 0
          ? undefined
          : (
              await prune(network, params, {
                method: 'synflow-l2',
                density: 0.1 ** (step / 6),
                iterations: step,
              })
            ).mask;
      const { value } = l2PathNorm(network, params, { mask: before });
      assert.ok(Math.abs(layer - value) < 1e-4 * value, `${layer} is not ${value}`);
      tf.dispose(before ?? []);
    }
  });
});

test('no layer is emptied while the cut is smaller than every layer sum', () => {
  const network = fc({ width: 20, depth: 4, input: [30], classes: 3 });
  const params = initialise(network, { seed: 2 });
  return disposing(params, async () => {
    for (const [iterations, isSafe] of [
      [1, false],
      [40, true],
    ] as const) {
      const options = { method: 'synflow', density: 0.01, iterations } as const;
      const found = await cutSizes(network, params, options);
      assert.equal(found.length, iterations);
      assert.equal(
        found.every(({ cut, layer }) => cut < layer),
        isSafe,
      );
      if (!isSafe) continue;
      const { mask, report } = await prune(network, params, options);
      assert.ok(report.rows.every(({ kept }) => kept > 0));
      tf.dispose(mask);
    }
  });
});

test('methods that score with images, and options out of range, are refused', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  await disposing(params, async () => {
    for (const [options, message] of [
      [{ method: 'snip', density: 0.5 }, /invalid method; scores with images: snip/],
      [{ method: 'synflow', density: 2 }, /invalid density; not in \(0, 1\]: 2/],
      [{ method: 'synflow', density: 0.5, iterations: 0.5 }, /invalid iterations/],
      [{ method: 'synflo', density: 0.5 }, /invalid method; unknown, did you mean synflow/],
    ] as const)
      await assert.rejects(cutSizes(network, params, options as Parameters<typeof cutSizes>[2]), message);
  });
});

import assert from 'node:assert/strict';
import { fc, initialise, kernelsOf, type Network, type Params, resnet20 } from '../../network';
import { mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { prune } from '../prune';
import { grasp } from './grasp';
import { inReach } from './inReach';
import { snip } from './snip';

const network = fc({ width: 6, depth: 3, input: [8, 8, 1], classes: 3 });
const batchOf = (images: tf.Tensor) => ({ images, labels: tf.tensor1d([0, 1, 2, 0], 'int32') });
const draw = () => batchOf(tf.randomNormal([4, 8, 8, 1], 0, 1, 'float32', 3));

/** Parameters with kernels c times as large. */
function scaled(of: Network, c: number, names = kernelsOf(of).map(({ name }) => name)): Params {
  const params = initialise(of, { seed: 1 });
  return mapRecord(params, (tensor, name) => {
    if (!names.includes(name)) return tensor;
    const next = tensor.mul(c);
    tensor.dispose();
    return next;
  });
}

async function scoresOf(
  method: typeof snip,
  params: Params,
  batch: ReturnType<typeof draw>,
): Promise<number[][]> {
  const scores = await method.score(network, params, { batch, random: undefined as never });
  return kernelsOf(network).map(({ name }) => {
    const found = scores[name];
    if (!(found instanceof tf.Tensor)) return [...found];
    const values = [...found.dataSync()];
    found.dispose();
    return values;
  });
}

test('scores of small weights are powers of their scale, also where float32 does not hold them', async () => {
  const batch = draw();
  // To lowest order of small outputs the gradient of the loss does not depend on them.
  for (const [method, power] of [
    [snip, 3],
    [grasp, 4],
  ] as const) {
    const [small, tiny] = [1e-6, 1e-20].map((c) => scaled(network, c));
    const [larger, smaller] = [await scoresOf(method, small, batch), await scoresOf(method, tiny, batch)];
    larger.flat().forEach((score, i) => {
      const expected = score * 1e-14 ** power;
      assert.ok(
        Math.abs(smaller.flat()[i] - expected) <= 1e-4 * Math.abs(expected),
        `${smaller.flat()[i]} is not ${expected}`,
      );
    });
    assert.ok(smaller.flat().some((score) => score !== 0));
    tf.dispose([small, tiny]);
  }
  tf.dispose(batch);
});

test('weights far from 1 are pruned by every method, in each layer', async () => {
  const batch = draw();
  for (const c of [1e-20, 1e20]) {
    const params = scaled(network, c);
    for (const method of ['magnitude', 'synflow', 'synflow-l2', 'snip', 'snip/as-published', 'grasp']) {
      const images = /snip|grasp/.test(method) ? { batch } : {};
      const { mask, report } = await prune(network, params, {
        method,
        density: 0.3,
        iterations: 2,
        ...images,
      });
      assert.ok(
        report.rows.every(({ kept }) => kept > 0),
        `${method} at ${c}`,
      );
      assert.ok(Number.isFinite(report.after.logTrace), `${method} at ${c}`);
      tf.dispose(mask);
    }
    tf.dispose(params);
  }
  tf.dispose(batch);
});

test('scores that leave float64, and what is NaN before, are named', async () => {
  const deep = fc({ width: 6, depth: 20, input: [8, 8, 1], classes: 3 });
  const batch = draw();
  const params = scaled(deep, 1e20);
  const by = (method: string, of: Params = params, images = batch) =>
    prune(deep, of, { method, density: 0.5, ...(method === 'snip' ? { batch: images } : {}) });
  await assert.rejects(by('snip'), { message: /^invalid scores; those of dense1 leave float64, .*: NaN$/ });
  await assert.rejects(by('synflow'), {
    message: /^invalid path norm; leaves float64, .*, at dense16: Infinity$/,
  });
  const nan = scaled(deep, Number.NaN, ['dense7/kernel']);
  const message = 'invalid params; NaN or infinite numbers in: dense7/kernel';
  for (const method of ['snip', 'synflow']) await assert.rejects(by(method, nan), { message }, method);
  await assert.rejects(by('magnitude', nan), {
    message: 'invalid scores; dense7/kernel has among its scores: NaN',
  });
  const images = batchOf(tf.fill([4, 8, 8, 1], Number.NaN));
  await assert.rejects(by('snip', params, images), {
    message: 'invalid batch; NaN or infinite numbers in: images',
  });
  tf.dispose([params, nan, batch, images]);
});

test('scores that single precision holds are taken once', async () => {
  const params = scaled(network, 1);
  const asked: string[] = [];
  const scores = await inReach(network, params, async (precision) => {
    asked.push(precision);
    return Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name].abs()]));
  });
  assert.deepEqual(asked, ['single']);
  tf.dispose([params, scores as Record<string, tf.Tensor>]);
});

test('a residual network of tiny weights keeps weights in every layer by SNIP', async () => {
  const residual = resnet20({ input: [8, 8, 1], classes: 3 });
  const params = scaled(residual, 1e-20);
  const batch = draw();
  const { mask, report } = await prune(residual, params, { method: 'snip', density: 0.3, batch });
  assert.ok(report.rows.every(({ kept }) => kept > 0));
  tf.dispose([params, mask, batch]);
});

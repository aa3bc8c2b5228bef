import assert from 'node:assert/strict';
import { applyMask, forward, kernelsOf, type Network, type Params } from '../../network';
import { randomMask, randomParams, smallMlp } from '../../path/testNetworks';
import { mapRecord, softmaxCrossEntropy, type TensorRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import { methods, type PruneOptions, prune } from '..';

const batch = () => ({
  images: normalTensor([10, 3], 5),
  labels: tf.tensor1d([0, 1, 1, 0, 1, 0, 0, 1, 1, 0], 'int32'),
});
const bits = (mask: TensorRecord) => mapRecord(mask, (tensor) => [...tensor.dataSync()]);

/** The gradient of the loss by kernel, entries at 0 included. */
function gradients(network: Network, params: Params, { images, labels }: ReturnType<typeof batch>) {
  const names = kernelsOf(network).map(({ name }) => name);
  return tf.tidy(() => {
    const loss = (...at: tf.Tensor[]) => {
      const moved = { ...params, ...Object.fromEntries(names.map((name, k) => [name, at[k]])) };
      const outputs = forward(network, moved, images) as tf.Tensor2D;
      return softmaxCrossEntropy(outputs, tf.oneHot(labels, 2).toFloat() as tf.Tensor2D).mean() as tf.Scalar;
    };
    const found = tf.grads(loss)(names.map((name) => params[name]));
    return Object.fromEntries(names.map((name, k) => [name, [...found[k].dataSync()]]));
  });
}

async function scoresOf(
  name: 'force' | 'iter-snip' | 'grasp-it',
  network: Network,
  params: Params,
  context: object,
) {
  const scored = await methods[name].score(network, params, { random: undefined as never, ...context });
  return mapRecord(scored as TensorRecord, (tensor) => {
    const values = [...tensor.dataSync()];
    tf.dispose(tensor);
    return values;
  });
}

const near = (found: number[], expected: number[], what: string) =>
  found.forEach((value, i) => {
    assert.ok(
      Math.abs(value - expected[i]) <= 1e-6 + 1e-5 * Math.abs(expected[i]),
      `${what}: ${value}, ${expected[i]}`,
    );
  });

test('FORCE takes the gradient at the masked weights of all weights, times those of the start', async () => {
  const network = smallMlp(true);
  const params = randomParams(network, { shifts: true });
  const [mask, images] = [randomMask(network, 0.6), batch()];
  const masked = applyMask(network, params, mask);
  const expected = gradients(network, masked, images);
  const force = await scoresOf('force', network, params, { batch: images, mask });
  const snip = await scoresOf('iter-snip', network, masked, { batch: images, mask });
  const graspIt = await scoresOf('grasp-it', network, masked, { batch: images, mask });
  let returning = 0;
  for (const { name } of kernelsOf(network)) {
    const [theta, kept, g] = [[...params[name].dataSync()], [...mask[name].dataSync()], expected[name]];
    near(
      force[name],
      g.map((value, i) => Math.abs(value * theta[i])),
      `force ${name}`,
    );
    near(
      snip[name],
      g.map((value, i) => Math.abs(value * theta[i] * kept[i])),
      `iter-snip ${name}`,
    );
    near(
      graspIt[name],
      g.map((value) => value ** 2),
      `grasp-it ${name}`,
    );
    returning += force[name].filter((score, i) => kept[i] === 0 && score > 0).length;
  }
  assert.ok(returning > 3, `only ${returning} masked weights have a score`);
  tf.dispose([params, mask, masked, images.images, images.labels]);
});

test('one iteration of FORCE and of Iter-SNIP is SNIP; of many, only FORCE takes weights back, and the report counts them', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const images = batch();
  const run = async (method: PruneOptions['method'], iterations: number) => {
    const { mask, report } = await prune(network, params, {
      method,
      iterations,
      density: 0.3,
      batch: images,
    });
    const found = { bits: bits(mask), reentered: report.reentered, kept: report.kept };
    tf.dispose(mask);
    return found;
  };
  const snip = await run('snip', 1);
  for (const method of ['force', 'iter-snip'] as const)
    assert.deepEqual(await run(method, 1), { ...snip, reentered: 0 }, method);
  assert.deepEqual(await run('iter-snip', 8), await run('snip', 8));
  for (const [method, returns] of [
    ['force', true],
    ['iter-snip', false],
    ['grasp-it', false],
  ] as const) {
    const { reentered, kept } = await run(method, 12);
    assert.equal(reentered! > 0, returns, `${method}: ${reentered}`);
    assert.equal(kept, 9);
  }
  assert.deepEqual(
    ['force', 'iter-snip', 'grasp-it'].map((name) => methods[name].iterations),
    [60, 60, 60],
  );
  tf.dispose([params, images.images, images.labels]);
});

test('FORCE may take back what a starting mask has cut, Iter-SNIP may not', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const [mask, images] = [randomMask(network, 0.5), batch()];
  const back = async (method: 'force' | 'iter-snip') => {
    const { mask: found, report } = await prune(network, params, {
      method,
      iterations: 3,
      density: 0.3,
      batch: images,
      mask,
    });
    const before = Object.values(bits(mask)).flat();
    const count = Object.values(bits(found))
      .flat()
      .filter((bit, i) => bit > before[i]).length;
    tf.dispose(found);
    return { count, warnings: report.warnings.join() };
  };
  const [force, snip] = [await back('force'), await back('iter-snip')];
  assert.ok(force.count > 0);
  assert.match(force.warnings, new RegExp(`${force.count} weights outside the starting mask are back`));
  assert.equal(snip.count, 0);
  tf.dispose([params, mask, images.images, images.labels]);
});

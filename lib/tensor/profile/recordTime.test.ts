import assert from 'node:assert/strict';
import { test } from '../../testing';
import { compiled, inPhase, phased, recordTime, tf, valueAndGradients } from '..';

const f = compiled(({ x, w }: { x: tf.Tensor; w: tf.Tensor }) =>
  valueAndGradients(({ w }) => inPhase('forward', () => x.matMul(w).relu().sum() as tf.Scalar, 'layer'), {
    w,
  }),
);

/** Made outside of the measured time. */
function inputs() {
  return { x: tf.ones([4, 6]), w: tf.ones([6, 5]) };
}

test('ops of a compiled function belong to their phase and part, and a profile changes no number', async () => {
  const given = inputs();
  const plain = f(given);
  const run = () => tf.dispose(f(given));
  await phased(run);
  const rows = await recordTime(run, 3);
  const products = rows.filter(({ op }) => /MatMul/.test(op));
  assert.deepEqual(products.map(({ phase, part, calls }) => [phase, part, calls]).sort(), [
    ['backward', 'layer', 3],
    ['forward', 'layer', 3],
  ]);
  for (const { multiplications } of products) assert.equal(multiplications, 3 * 4 * 6 * 5);
  const observed = await phased(() => f(given));
  assert.deepEqual(observed.gradients.w.dataSync(), plain.gradients.w.dataSync());
  tf.dispose([given, plain, observed]);
  f.dispose();
});

test('ops one by one, JavaScript and what is awaited belong to the phase they are in', async () => {
  const rows = await recordTime(async () => {
    tf.tidy(() => inPhase('forward', () => void tf.ones([3]).mul(2).dataSync(), 'layer'));
    await inPhase('choosing', () => new Promise((resolve) => setTimeout(resolve, 5)));
    inPhase('masking', () => {});
  });
  const found = (phase: string, op: string) => rows.find((row) => row.phase === phase && row.op === op);
  assert.equal(found('forward', 'Mul')?.part, 'layer');
  assert.ok((found('choosing', 'JavaScript')?.milliseconds ?? 0) >= 4); // timers may be a millisecond early
  for (const phase of ['masking', 'rest']) assert.equal(found(phase, 'JavaScript')?.calls, 1);
});

test('what throws ends the profile, and the next one begins', async () => {
  const fails = () =>
    inPhase('forward', () => {
      throw new Error('broken');
    });
  await assert.rejects(recordTime(fails), /broken/);
  await assert.rejects(
    recordTime(async () => fails()),
    /broken/,
  );
  assert.equal((await recordTime(() => {})).length, 1);
});

test('one profile at a time', async () => {
  await assert.rejects(
    recordTime(() => recordTime(() => {})),
    /something else profiles this process/,
  );
  assert.equal((await recordTime(() => {})).length, 1);
});

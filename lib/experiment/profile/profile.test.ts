import assert from 'node:assert/strict';
import { sum } from 'd3-array';
import { fc, graphBuilder, initialise, kernelsOf, multiplications } from '../../network';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { adam } from '../../train';
import { type ProfileOptions, type ProfileRow, profile } from '.';

const peaks = { product: 100, convolution: 50 };

/** A network of every kind of layer that has no padding, whose multiplications are then those of its ops. */
function small() {
  const g = graphBuilder([6, 6, 2]);
  const x = g.relu('relu', g.batchNorm('norm', g.conv2d('conv', g.input, { filters: 4, padding: 0 })));
  g.dense('fc', g.flatten('flat', g.maxPool('pool', x)), { units: 3 });
  return g.build('small');
}

async function profiled(options: ProfileOptions, network = small()) {
  const params = initialise(network, { seed: 1 });
  try {
    return await profile(network, params, { peaks, repetitions: 2, ...options });
  } finally {
    tf.dispose(params);
  }
}

const products = (rows: readonly ProfileRow[], phase: string, part: string) =>
  rows.filter((row) => row.phase === phase && row.part === part && row.multiplications > 0);

test('a step of training is told by phase, layer and op, with the multiplications of each', async () => {
  const network = small();
  const mask = Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, tf.ones([...shape])]));
  const { rows, ...rest } = await profiled({ batch: 8, mask });
  tf.dispose(mask);
  const phases = new Set(rows.map(({ phase }) => phase));
  const expected = ['batch', 'forward', 'backward', 'masking', 'update', 'statistics', 'metrics', 'rest'];
  for (const phase of expected) assert.ok(phases.has(phase), phase);
  const { conv, fc: last } = multiplications(network);
  const count = (phase: string, part: string) =>
    sum(products(rows, phase, part), (row) => row.multiplications);
  assert.equal(count('forward', 'conv'), 8 * conv);
  assert.equal(count('backward', 'conv'), 8 * conv); // of the kernel; nobody asks for the image's gradient
  assert.equal(count('forward', 'fc'), 8 * last);
  assert.equal(count('backward', 'fc'), 2 * 8 * last);
  assert.deepEqual([rest.peaks, rest.drift], [peaks, 0]);
  assert.deepEqual([rest.network, rest.work, rest.batch, rest.repetitions], ['small', 'train', 8, 2]);
  assert.equal(rest.multiplications, sum(Object.values(multiplications(network))));
});

test('a share is the speed over the peak of the kind of op', async () => {
  const { rows } = await profiled({ batch: 8 });
  for (const { op, share, multiplications: count, milliseconds } of rows) {
    if (count === 0) assert.equal(share, null);
    else {
      const peak = /Conv/.test(op) ? peaks.convolution : peaks.product;
      assert.ok(Math.abs((share as number) * peak - (2 * count) / milliseconds / 1e6) < 1e-6, op);
    }
  }
});

test('every work is profiled, and a mask leaves out its multiplications', async () => {
  const network = small();
  const zeros = Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, tf.zeros([...shape])]));
  const evaluated = await profiled({ work: 'evaluate', batch: 4, mask: zeros });
  tf.dispose(zeros);
  assert.equal(evaluated.multiplications, multiplications(network).norm);
  assert.ok(evaluated.rows.some(({ phase, part }) => phase === 'forward' && part === 'conv'));
  const traced = await profiled({ work: 'trace' });
  assert.equal(traced.batch, undefined);
  assert.ok(traced.rows.some(({ phase }) => phase === 'backward'));
  for (const method of ['synflow', 'snip', 'grasp'] as const) {
    const { rows } = await profiled({ work: 'prune', prune: { method, compression: 2, iterations: 2 } });
    for (const phase of ['forward', 'backward', 'scoring', 'choosing', 'masking'])
      assert.ok(
        rows.some((row) => row.phase === phase),
        `${method}: ${phase}`,
      );
    assert.equal(rows.find(({ phase }) => phase === 'choosing')?.calls, 2);
  }
});

test('what XLA compiles is one row with the multiplications of the whole step', async () => {
  const network = fc({ width: 200, depth: 2, input: [16, 16, 1], classes: 10 });
  const { rows } = await profiled({ batch: 4, optimiser: adam() }, network);
  const [whole] = rows.filter(({ op }) => op === 'XLA');
  const { dense1, dense2 } = multiplications(network);
  assert.equal(whole.multiplications, 4 * (2 * dense1 + 3 * dense2));
});

test('what cannot be profiled is refused in a line', async () => {
  await assert.rejects(profiled({ work: 'trian' as 'train' }), /invalid work; unknown, did you mean train/);
  await assert.rejects(profiled({ batch: 0 }), /invalid batch; not a whole number of 1 or more: 0/);
  await assert.rejects(profiled({ repetitions: Number.NaN }), /invalid repetitions; not a whole/);
  const flat = graphBuilder([5]);
  flat.dense('fc', flat.input, { units: 2 });
  await assert.rejects(
    profiled({}, flat.build('flat')),
    /invalid network; a profile needs one that reads \[height/,
  );
});

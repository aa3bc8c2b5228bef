import assert from 'node:assert/strict';
import fc from 'fast-check';
import { graphBuilder, kernelsOf, type Network, type Params, parameterShapes } from '../network';
import { randomMask, randomParams, smallMlp, smallResidual } from '../path/testNetworks';
import { randomNetworks } from '../path/testRandomNetwork';
import { tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { empiricalNtk, type NtkOptions } from './empiricalNtk';
import { featureSizes } from './features';

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  const largest = Array.from(expected).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  for (let i = 0; i < found.length; i++)
    assert.ok(
      Math.abs(found[i] - expected[i]) <= tolerance * largest,
      `${i}: ${found[i]} is not ${expected[i]}`,
    );
}

/** The smallest xᵀ A x of random unit vectors x. */
function smallestQuotient(values: Float64Array, size: number): number {
  const quotients = Array.from({ length: 20 }, (_, seed) => {
    const x = normalTensor([size], seed);
    const v = x.dataSync();
    x.dispose();
    let sum = 0;
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) sum += v[i] * values[i * size + j] * v[j];
    return sum;
  });
  return Math.min(...quotients);
}

/** Runs `body` with parameters, images and perhaps a mask, and disposes of them. */
async function given(
  network: Network,
  seed: number,
  isMasked: boolean,
  body: (params: Params, xs: tf.Tensor, ys: tf.Tensor, mask?: Params) => Promise<void>,
): Promise<void> {
  const params = randomParams(network, { seed, shifts: true });
  const mask = isMasked ? randomMask(network, 0.5, seed) : undefined;
  const [xs, ys] = [normalTensor([5, ...network.input], seed), normalTensor([3, ...network.input], seed + 1)];
  try {
    await body(params, xs, ys, mask);
  } finally {
    tf.dispose([params, xs, ys, mask ?? {}]);
  }
}

const choice = fc.record({
  parameters: fc.constantFrom('weights' as const, 'all' as const),
  batchNorm: fc.constantFrom('inference' as const, 'training' as const),
  outputs: fc.constantFrom('full' as const, 'trace' as const, 'diagonal' as const),
});

test('layer by layer and row by row are one kernel, on random networks of every op, of two sets of images and of one', async () => {
  const property = fc.asyncProperty(
    randomNetworks,
    choice,
    fc.boolean(),
    fc.nat(99),
    (network, { batchNorm: _, ...options }, isMasked, seed) =>
      given(network, seed, isMasked, async (params, xs, ys, mask) => {
        const set = { ...options, mask, precision: 'double' } as const;
        for (const others of [ys, null]) {
          const layers = await empiricalNtk(network, params, xs, others, set);
          const rows = await empiricalNtk(network, params, xs, others, { ...set, implementation: 'rows' });
          assertClose(layers.values, rows.values, 1e-11);
          assert.deepEqual(layers.shape, rows.shape);
        }
      }),
  );
  await fc.assert(property, { numRuns: 25, seed: 2 });
});

test('the kernel is symmetric and positive semi-definite, also where batch norm joins the images', async () => {
  const property = fc.asyncProperty(randomNetworks, choice, fc.nat(99), (network, options, seed) =>
    given(network, seed, false, async (params, xs) => {
      const set = { ...options, precision: 'double' } as const;
      const { values, shape } = await empiricalNtk(network, params, xs, null, { ...set, outputs: 'full' });
      const size = shape[0] * shape[1];
      for (let i = 0; i < size; i++)
        for (let j = 0; j < i; j++) assert.equal(values[i * size + j], values[j * size + i]);
      const largest = values.reduce((max, value) => Math.max(max, value), 0);
      assert.ok(smallestQuotient(values, size) >= -1e-9 * size * largest);
    }),
  );
  await fc.assert(property, { numRuns: 15, seed: 3 });
});

test('trace and diagonal are what is left of the full kernel', async () => {
  const network = smallResidual();
  await given(network, 4, false, async (params, xs, ys) => {
    const of = (outputs: NtkOptions['outputs']) =>
      empiricalNtk(network, params, xs, ys, { outputs, precision: 'double' });
    const [full, trace, diagonal] = await Promise.all([of('full'), of('trace'), of('diagonal')]);
    assert.deepEqual(
      [full.shape, trace.shape, diagonal.shape],
      [
        [5, 2, 3, 2],
        [5, 3],
        [5, 3, 2],
      ],
    );
    assert.deepEqual(full.axes, ['x', 'output of x', 'y', 'output of y']);
    const at = (n: number, k: number, m: number) => full.values[((n * 2 + k) * 3 + m) * 2 + k];
    const equal = Array.from({ length: 30 }, (_, i) => at(Math.floor(i / 6), i % 2, Math.floor(i / 2) % 3));
    assertClose(diagonal.values, equal, 1e-13);
    assertClose(
      trace.values,
      Array.from({ length: 15 }, (_, i) => equal[2 * i] + equal[2 * i + 1]),
      1e-13,
    );
  });
});

test('every memory that is enough gives the same kernel, in more blocks', async () => {
  const network = smallResidual();
  await given(network, 5, false, async (params, xs) => {
    const blocks: number[] = [];
    const of = async (memory: number, options: NtkOptions = {}) => {
      let done = 0;
      const onProgress = () => void done++;
      const { values } = await empiricalNtk(network, params, xs, null, {
        memory,
        onProgress,
        precision: 'double',
        ...options,
      });
      blocks.push(done);
      return values;
    };
    const whole = await of(1e9);
    for (const memory of [4e4, 2e4, 1.2e4]) assertClose(await of(memory), whole, 1e-13);
    assert.deepEqual(
      blocks,
      [...blocks].sort((a, b) => a - b),
    );
    assert.ok(blocks[0] < blocks[3], `blocks ${blocks}`);
    await assert.rejects(
      of(1e3),
      /^InvalidError: invalid memory; less than .* two images of small-residual .*: 1000$/,
    );
    assertClose(await of(1e9, { precision: 'single' }), whole, 1e-5);
  });
});

test('gradients are written out where that is cheaper, and where a mask cuts them', () => {
  const g = graphBuilder([8, 8, 4]);
  const wide = g.conv2d('wide', g.input, { filters: 4 });
  const small = g.conv2d('small', g.avgPool('pool', wide, { size: 8 }), { filters: 16 });
  g.dense('out', g.flatten('flat', small), { units: 3 });
  const network = g.build('two-sizes');
  const names = kernelsOf(network).map(({ name }) => name);
  const written = (mask: Params) =>
    Object.entries(featureSizes(network, { names, mask }, 'full', 'layers'))
      .filter(([, { isWritten }]) => isWritten)
      .map(([name]) => name);
  assert.deepEqual(written({}), ['wide/kernel']);
  tf.tidy(() => {
    const ones = Object.fromEntries(
      names.map((name) => [name, tf.ones([...parameterShapes(network)[name]])]),
    );
    assert.deepEqual(written(ones), names);
  });
});

test('one output, and one image of it, have a kernel as well', async () => {
  const g = graphBuilder([3]);
  g.dense('out', g.relu('relu', g.dense('hidden', g.input, { units: 4 })), { units: 1 });
  const network = g.build('one');
  await given(network, 3, false, async (params, xs) => {
    const one = xs.slice([0], [1]);
    for (const x of [xs, one]) {
      const options = { parameters: 'all', precision: 'double' } as const;
      const [layers, rows] = await Promise.all(
        (['layers', 'rows'] as const).map((implementation) =>
          empiricalNtk(network, params, x, null, { ...options, implementation }),
        ),
      );
      assert.deepEqual(layers.shape, [x.shape[0], 1, x.shape[0], 1]);
      assertClose(layers.values, rows.values, 1e-12);
      assert.ok(layers.values[0] > 0);
    }
    one.dispose();
  });
});

test('a kernel says what does not fit, and stops where it is told to', async () => {
  const network = smallMlp();
  const joined = smallResidual();
  const [params, others] = [randomParams(network), randomParams(joined)];
  const x = tf.ones([2, 3]);
  const of = (change: object, options: object = {}, xs: tf.Tensor = x, ys?: tf.Tensor) =>
    empiricalNtk(network, { ...params, ...change }, xs, ys, options);
  const none = tf.zeros([0, 3]);
  const wide = tf.ones([2, 4]);
  const broken = tf.fill([3, 2], Number.POSITIVE_INFINITY);
  await assert.rejects(of({}, {}, none), /invalid input; needs at least one sample: \[0, 3\]/);
  await assert.rejects(of({}, {}, x, none), /invalid input; needs at least one sample: \[0, 3\]/);
  await assert.rejects(of({}, {}, x, wide), /invalid input; small-mlp reads \[batch, 3\]: \[2, 4\]/);
  await assert.rejects(
    of({ 'third/kernel': broken }),
    /invalid params; NaN or infinite numbers in: third\/kernel/,
  );
  await assert.rejects(of({}, { outputs: 'mean' }), /invalid outputs; unknown, did you mean .*: mean/);
  await assert.rejects(of({}, { memory: 'much' }), /invalid memory; not bytes/);
  await assert.rejects(of({}, { implementation: 'fast' }), /invalid implementation; unknown/);
  await assert.rejects(of({}, { signal: AbortSignal.abort(new Error('enough')) }), /enough/);
  const images = tf.ones([2, 4, 4, 1]);
  await assert.rejects(
    empiricalNtk(joined, others, images, null, { batchNorm: 'training', implementation: 'layers' }),
    /invalid implementation; .* use rows: layers/,
  );
  tf.dispose([params, others, x, none, wide, broken, images]);
});

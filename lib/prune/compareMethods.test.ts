import assert from 'node:assert/strict';
import { initialise, kernelsOf, type Mask, resnet20 } from '../network';
import { randomMask, randomParams, smallMlp } from '../path/testNetworks';
import { mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { compareMethods, jaccardIndex, prune, spreadOf } from '.';

/** A mask of the small network from the bits of its kernels, one after the other. */
function maskOfBits(bits: string): Mask {
  let next = 0;
  return Object.fromEntries(
    kernelsOf(smallMlp()).map(({ name, shape }) => {
      const size = shape.reduce((a, b) => a * b);
      next += size;
      return [name, tf.tensor([...bits.slice(next - size, next)].map(Number), [...shape])];
    }),
  );
}

test('the Jaccard index is the share kept by both of what one of two masks keeps', () => {
  const masks = [
    '1'.repeat(30),
    '1'.repeat(15) + '0'.repeat(15),
    `${'0'.repeat(10)}${'1'.repeat(20)}`,
    '0'.repeat(30),
  ].map(maskOfBits);
  const table = masks.map((a) => masks.map((b) => jaccardIndex(a, b)));
  assert.deepEqual(table, [
    [1, 15 / 30, 20 / 30, 0],
    [15 / 30, 1, 5 / 30, 0],
    [20 / 30, 5 / 30, 1, 0],
    [0, 0, 0, 1],
  ]);
  const [all] = masks;
  const { 'first/kernel': _, ...rest } = all;
  assert.throws(() => jaccardIndex(all, rest), {
    message: 'invalid mask; not one kernel in both masks: first/kernel',
  });
  assert.throws(() => jaccardIndex(rest, all), /invalid mask/);
  tf.dispose(masks);
});

test('a spread is the deviation of all numbers, over their mean', () => {
  assert.deepEqual(spreadOf([2, 4, 6, 8]), {
    mean: 5,
    standardDeviation: Math.sqrt(5),
    relative: Math.sqrt(5) / 5,
    largestOverSmallest: 4,
  });
  assert.equal(spreadOf(Float64Array.of(-3, -3)).relative, 0);
  assert.equal(spreadOf([-2, -4]).relative, 1 / 3);
  assert.equal(spreadOf([0, 0]).relative, 0);
  assert.throws(() => spreadOf([]), { message: 'invalid numbers; not one or more: 0' });
});

test('a method is like itself, and two are as like as the masks that prune makes by them', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const how = { densities: [0.5, 0.2], iterations: [1, 3] };
  const same = await compareMethods(network, params, ['synflow', 'synflow'], how);
  assert.ok(Math.abs(same.rankCorrelation - 1) < 1e-12);
  assert.deepEqual(
    same.masks,
    [1, 3].flatMap((iterations) =>
      [0.5, 0.2].map((density) => ({ density, iterations, kept: Math.round(30 * density), jaccard: 1 })),
    ),
  );
  const { rankCorrelation, masks } = await compareMethods(network, params, ['synflow', 'magnitude'], how);
  assert.ok(rankCorrelation > 0.3 && rankCorrelation < 1);
  for (const { density, iterations, jaccard } of masks) {
    const [a, b] = [
      await prune(network, params, { method: 'synflow', density, iterations }),
      await prune(network, params, { method: 'magnitude', density, iterations }),
    ];
    assert.equal(jaccard, jaccardIndex(a.mask, b.mask));
    tf.dispose([a.mask, b.mask]);
  }
  tf.dispose(params);
});

test('PX and SynFlow-L2 make one mask of a dense network, and part where masks make classes unequal', async () => {
  const network = resnet20({ input: [8, 8, 3] });
  const params = initialise(network, { seed: 1 });
  const batch = { images: normalTensor([6, 8, 8, 3], 2), labels: tf.zeros([6], 'int32') as tf.Tensor1D };
  const seen: number[] = [];
  const { rankCorrelation, masks } = await compareMethods(network, params, ['px', 'synflow-l2'], {
    densities: [0.02, 0.005],
    iterations: [1, 8],
    batch,
    onProgress: ({ done, total }) => seen.push(done, total as number),
  });
  assert.ok(rankCorrelation > 1 - 1e-9);
  const jaccard = masks.map((mask) => mask.jaccard);
  assert.deepEqual(jaccard.slice(0, 2), [1, 1]);
  assert.ok(jaccard.slice(2).every((value) => value > 0.5 && value <= 1) && jaccard[3] < 1, jaccard.join());
  assert.deepEqual(seen, [1, 4, 2, 4, 3, 4, 4, 4]);
  tf.dispose([params, batch.images, batch.labels]);
});

test('methods that build masks, lack images or do not exist are not compared', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const mask = randomMask(network, 0.5);
  const building = {
    description: 'a mask',
    needs: 'nothing' as const,
    build: () => mapRecord(mask, (bits) => bits.clone()),
  };
  const how = { densities: [0.5] };
  await assert.rejects(compareMethods(network, params, ['synflow', building], how), {
    message: 'invalid method; has no scores to compare: a mask',
  });
  await assert.rejects(
    compareMethods(network, params, ['synflow', 'px'], how),
    /invalid data; px scores with images/,
  );
  await assert.rejects(
    compareMethods(network, params, ['synflow', 'pxx'], how),
    /invalid method; unknown, did you mean px/,
  );
  await assert.rejects(
    compareMethods(network, params, ['synflow', 'magnitude'], { densities: [0] }),
    /invalid density/,
  );
  tf.dispose([params, mask]);
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { graphBuilder } from '../../network';
import { randomParams, smallResidual } from '../../path/testNetworks';
import { tf } from '../../tensor';
import { test } from '../../testing';
import {
  bhattacharyyaDistance,
  channelSaliencies,
  classMeanGaps,
  classMoments,
  classPairs,
  fisherDiscriminant,
  layerDifficulty,
  leastSeparation,
  normalDistance,
  publishedPairs,
  removalOrder,
  witnessBound,
} from '..';

const density = (mean: number, s: number) => (x: number) =>
  Math.exp(-((x - mean) ** 2) / (2 * s ** 2)) / (s * Math.sqrt(2 * Math.PI));

/** ∫ f by the trapezoidal rule, which is exact to rounding for such functions but where |p − q| has corners. */
function integral(f: (x: number) => number, from: number, to: number, steps = 40_000): number {
  const h = (to - from) / steps;
  return Array.from({ length: steps + 1 }, (_, i) => f(from + i * h)).reduce((sum, y) => sum + y, 0) * h;
}

test('bounds and exact total variation of normal distributions are those of the integrals', () => {
  for (const gap of [0, 0.3, 1, 4])
    for (const [s1, s2] of [
      [1, 1],
      [1, 2],
      [1.5, 0.5],
      [0.2, 1],
    ]) {
      const [p, q] = [density(0.5, s1), density(0.5 + gap, s2)];
      const [from, to] = [0.5 - 12 * Math.max(s1, s2), 0.5 + gap + 12 * Math.max(s1, s2)];
      const found = normalDistance({ mean: 0.5, variance: s1 ** 2 }, { mean: 0.5 + gap, variance: s2 ** 2 });
      const common = integral((x) => Math.sqrt(p(x) * q(x)), from, to);
      assert.ok(Math.abs(found.bhattacharyya - common) < 1e-10);
      assert.ok(Math.abs(found.hellingerSquared - (1 - common)) < 1e-10);
      const exact = integral((x) => Math.abs(p(x) - q(x)) / 2, from, to);
      assert.ok(Math.abs(found.exact - exact) < 1e-5, `${gap} ${s1} ${s2}: ${found.exact} for ${exact}`);
      assert.ok(found.lower <= found.exact && found.exact <= found.upper);
    }
});

test('bounds hold for any normal distributions, in any order, and reach from 0 of equal ones to 1 of points', () => {
  const moments = fc.record({
    mean: fc.double({ min: -5, max: 5, noNaN: true }),
    variance: fc.double({ min: 1e-3, max: 30, noNaN: true }),
  });
  fc.assert(
    fc.property(moments, moments, (a, b) => {
      const { lower, exact, upper } = normalDistance(a, b);
      const slack = 1e-12;
      assert.ok(lower <= exact + slack && exact <= upper + slack && upper <= 1 && lower >= 0);
      assert.ok(Math.abs(exact - normalDistance(b, a).exact) < slack);
      const witness = witnessBound(fisherDiscriminant(a.mean, a.variance, b.mean, b.variance));
      assert.ok(witness <= exact + slack);
      assert.ok(normalDistance(a, a).exact === 0 && normalDistance(a, a).upper === 0);
    }),
    { seed: 1, numRuns: 500 },
  );
  const point = (mean: number) => ({ mean, variance: 0 });
  assert.equal(normalDistance(point(1), point(2)).exact, 1);
  assert.equal(normalDistance(point(1), point(2)).lower, 1);
  assert.equal(normalDistance(point(1), point(1)).exact, 0);
  assert.equal(normalDistance(point(1), { mean: 1, variance: 1 }).lower, 1);
  assert.ok(normalDistance({ mean: 0, variance: 1e-8 }, { mean: 1, variance: 1e-8 }).exact > 1 - 1e-15);
  assert.equal(witnessBound(fisherDiscriminant(1, 0, 2, 0)), 1);
  assert.equal(fisherDiscriminant(1, 0, 1, 0), 0);
  assert.throws(() => normalDistance(point(0), { mean: 0, variance: -1 }), {
    message: 'invalid variance; not 0 or more: -1',
  });
});

test('the bound by the discriminant is reached by two distributions of two points each', () => {
  const [e, h] = [0.3, 2]; // P: 1 − e at 0, e at h; Q: 1 − e at 0, e at −h; they differ by e
  const [mean, variance] = [e * h, e * h ** 2 - (e * h) ** 2];
  const bound = witnessBound(fisherDiscriminant(mean, variance, -mean, variance));
  assert.ok(Math.abs(bound - e) < 1e-15);
});

test('a filter is as far apart as in the two classes where it is the least, over all its places', () => {
  // three classes, two places, two filters
  const means = [0, 0, 1, 5, /**/ 3, 1, 1, 4, /**/ 0, 9, 2, 5];
  const spread = { classes: [0, 1, 2], positions: 2, filters: 2, means, variances: means.map(() => 1) };
  assert.deepEqual(classPairs(3), [
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  // filter 0: (0,1), (3,1), (0,2); filter 1: (0,5), (1,4), (9,5)
  assert.deepEqual([...classMeanGaps(spread)], [1, Math.sqrt(2)]);
  assert.deepEqual(publishedPairs(3, 2), [
    [0, 1],
    [0, 2],
  ]);
  assert.deepEqual(publishedPairs(3, 64), classPairs(3));
  assert.deepEqual([...classMeanGaps(spread, [[1, 2]])], [Math.sqrt(10), Math.sqrt(65)]);
  const { values, pairs } = leastSeparation(spread, bhattacharyyaDistance);
  assert.deepEqual(
    [...values].map((value) => Math.round(1e6 * value) / 1e6),
    [0.125, 0.25],
  );
  assert.deepEqual(pairs, [
    [0, 2],
    [0, 1],
  ]);
});

/** Two filters of 1 × 1: the first sees the channel that tells the classes apart, the second the other. */
function apart() {
  const g = graphBuilder([2, 2, 2]);
  const conv = g.batchNorm('norm', g.conv2d('conv', g.input, { filters: 2, size: 1 }));
  g.dense('out', g.globalAvgPool('mean', g.relu('open', conv)), { units: 3 });
  const network = g.build('apart');
  const { 'out/kernel': kernel, 'out/bias': bias, ...others } = randomParams(network, { shifts: true });
  tf.dispose(others);
  const params = {
    ...{ 'out/kernel': kernel, 'out/bias': bias },
    'conv/kernel': tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]),
    'norm/gamma': tf.tensor1d([2, 3]),
    'norm/beta': tf.tensor1d([1, -1]),
    'norm/mean': tf.tensor1d([0.5, 0]),
    'norm/variance': tf.tensor1d([4, 9]),
  };
  return { network, params };
}

test('moments are those of the values behind batch norm, class by class', () => {
  tf.tidy(() => {
    const { network, params } = apart();
    const pixels = Array.from({ length: 5 * 8 }, (_, i) => Math.sin(i));
    const labels = [2, 0, 2, 0, 2];
    const batch = { images: tf.tensor4d(pixels, [5, 2, 2, 2]), labels: tf.tensor1d(labels, 'int32') };
    const value = (image: number, place: number, filter: number) => {
      const x = pixels[(image * 4 + place) * 2 + filter];
      return filter === 0 ? (2 * (x - 0.5)) / Math.sqrt(4 + 1e-5) + 1 : (3 * x) / Math.sqrt(9 + 1e-5) - 1;
    };
    for (const pooled of [true, false]) {
      const found = classMoments(network, params, batch, { pooled });
      assert.deepEqual(Object.keys(found), ['conv/kernel']);
      const { classes, counts, positions, filters, means, variances } = found['conv/kernel'];
      assert.deepEqual({ classes, counts, filters }, { classes: [0, 2], counts: [2, 3], filters: 2 });
      assert.equal(positions, pooled ? 1 : 4);
      classes.forEach((label, k) => {
        const own = labels.flatMap((other, image) => (other === label ? [image] : []));
        for (let place = 0; place < positions; place++)
          for (let filter = 0; filter < 2; filter++) {
            const values = own.map((image) =>
              pooled
                ? [0, 1, 2, 3].reduce((sum, p) => sum + value(image, p, filter) / 4, 0)
                : value(image, place, filter),
            );
            const mean = values.reduce((a, b) => a + b, 0) / values.length;
            const variance = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length;
            const at = (k * positions + place) * 2 + filter;
            assert.ok(Math.abs(means[at] - mean) < 1e-5 && Math.abs(variances[at] - variance) < 1e-5);
          }
      });
    }
  });
});

test('the filter that does not tell the classes apart goes first, by each of the measures', async () => {
  const { network, params } = apart();
  const labels = Array.from({ length: 60 }, (_, i) => i % 3);
  const images = tf.tidy(() => {
    const noise = tf.randomNormal([60, 2, 2, 2], 0, 0.3, 'float32', 1);
    const shown = tf.tensor4d(labels.map((label) => [[[label, 0]]]).flat(3), [60, 1, 1, 2]);
    return noise.add(shown);
  });
  const batch = { images, labels: tf.tensor1d(labels, 'int32') };
  for (const method of ['tvs-gauss', 'tvs-gauss/diagonal', 'tvs-witness', 'class-mean-gap'] as const) {
    const order = removalOrder(await channelSaliencies(network, params, { method, batch }));
    assert.deepEqual(
      order.map(({ channel }) => channel),
      [1],
      method,
    );
  }
  tf.dispose([params, images, batch.labels]);
});

test('a channel that two layers write counts as the better of its filters', async () => {
  const network = smallResidual();
  const params = randomParams(network, { shifts: true });
  const batch = {
    images: tf.randomNormal([20, 4, 4, 1], 0, 1, 'float32', 1),
    labels: tf.tensor1d(
      Array.from({ length: 20 }, (_, i) => i % 2),
      'int32',
    ),
  };
  const moments = classMoments(network, params, batch);
  const of = (layer: string) => leastSeparation(moments[`${layer}/kernel`], bhattacharyyaDistance).values;
  const order = removalOrder(await channelSaliencies(network, params, { method: 'tvs-gauss', batch }));
  for (const { coupling, channel, saliency } of order.filter((one) => one.coupling === 'branch'))
    assert.equal(saliency, Math.max(of('branch')[channel], of('shortcut')[channel]), coupling);
  assert.equal(order.length, 2);
  tf.dispose([params, batch.images, batch.labels]);
});

test('a layer is as hard to prune as the share of its filters above a threshold', () => {
  assert.equal(layerDifficulty([0.1, 0.5, 0.7, 0.2], 0.5), 0.5);
  assert.throws(() => layerDifficulty([], 0.5), { message: /^invalid separations; has none/ });
});

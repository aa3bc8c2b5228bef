import assert from 'node:assert/strict';
import { fc, forward, initialise, kernelsOf } from '../network';
import { randomMask, randomParams, smallMlp, smallResidual } from '../path/testNetworks';
import { mapRecord, softmaxCrossEntropy, type TensorRecord, tf, zipRecords } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { type PruneOptions, prune, type Select, survivorsOf } from '.';

const bits = (mask: TensorRecord) => mapRecord(mask, (tensor) => [...tensor.dataSync()]);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('a starting mask is never widened, whatever the method, and the density is of all weights', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  const start = randomMask(network, 0.7);
  for (const method of ['random', 'magnitude', 'synflow'] as const)
    for (const select of ['top', 'threshold', 'random', 'unit'] as const) {
      const options = { method, select, density: 0.3, mask: start, iterations: 3 } as const;
      const { mask, report } = await prune(network, params, options);
      zipRecords(bits(mask), bits(start), (after, before) => {
        assert.ok(
          after.every((bit, i) => bit <= before[i]),
          `${method}, ${select}`,
        );
      });
      if (select === 'top' || select === 'random')
        assert.equal(sum(Object.values(bits(mask)).flat()), Math.round(0.3 * report.size));
      tf.dispose(mask);
    }
  tf.dispose([params, start]);
});

test('pruning on from a mask is pruning the masked network', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const first = await prune(network, params, { method: 'synflow', density: 0.25 ** (1 / 2), iterations: 1 });
  const second = await prune(network, params, {
    method: 'synflow',
    density: 0.25,
    iterations: 1,
    mask: first.mask,
  });
  const both = await prune(network, params, { method: 'synflow', density: 0.25, iterations: 2 });
  assert.deepEqual(bits(second.mask), bits(both.mask));
  await assert.rejects(
    prune(network, params, { method: 'magnitude', density: 0.9, mask: first.mask }),
    /invalid density; the starting mask keeps only 0.5: 0.9/,
  );
  const broken = { ...first.mask, 'first/kernel': params['first/kernel'] };
  await assert.rejects(
    prune(network, params, { method: 'magnitude', density: 0.1, mask: broken }),
    /invalid mask; entries other than 0 and 1: first\/kernel/,
  );
  tf.dispose([params, first.mask, second.mask, both.mask]);
});

test('layers that are not pruned keep what they have, and the density is that of the others', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  const layers = kernelsOf(network).map(({ layer }) => layer);
  const cases: [Partial<PruneOptions>, string[]][] = [
    [{ only: 'stem' }, ['stem']],
    [{ only: ['stem', 'o*t'] }, ['stem', 'out']],
    [{ only: /^s/ }, ['stem', 'shortcut']],
    [{ except: 'out' }, ['stem', 'branch', 'shortcut']],
    [{ except: ['*t', /br/] }, ['stem']],
  ];
  for (const [choice, pruned] of cases) {
    const { mask, report } = await prune(network, params, {
      method: 'synflow',
      density: 0.5,
      iterations: 4,
      ...choice,
    });
    const rows = report.rows.filter(({ layer }) => pruned.includes(layer));
    assert.equal(sum(rows.map(({ kept }) => kept)), Math.round(0.5 * sum(rows.map(({ size }) => size))));
    for (const { layer, density } of report.rows)
      if (!pruned.includes(layer)) assert.equal(density, 1, `${layer} of ${layers}`);
    tf.dispose(mask);
  }
  const refused: [Partial<PruneOptions>, RegExp][] = [
    [{ only: 'sten' }, /invalid only; unknown, did you mean stem.*: sten/],
    [{ except: 'x*' }, /invalid except; .*: x\*/],
    [{ only: 'norm' }, /invalid only; no layer with a kernel has that name: norm/],
    [{ only: /none/ }, /invalid only; no layer with a kernel has that name: \/none\//],
    [{ except: '*' }, /invalid except; leaves no layer to prune: \[\*\]/],
    [{ only: 'stem', except: 'out' }, /invalid only; give only or except, not both/],
  ];
  for (const [choice, message] of refused)
    await assert.rejects(prune(network, params, { method: 'magnitude', density: 0.5, ...choice }), message);
  tf.dispose(params);
});

test('a selection of one’s own chooses, and one that keeps what is cut is refused', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const start = randomMask(network, 0.5);
  /** All scores above 1. */
  const aboveOne: Select = ({ scores, candidates }) =>
    candidates.map((indices, k) => indices.filter((i) => scores[k][i] > 1));
  const options = { method: 'magnitude', density: 0.1, mask: start } as const;
  const { mask, report } = await prune(network, params, { ...options, select: aboveOne });
  for (const { name } of kernelsOf(network)) {
    const before = start[name].dataSync();
    const expected = Array.from(params[name].dataSync(), (x, i) => (Math.abs(x) > 1 ? before[i] : 0));
    assert.deepEqual([...mask[name].dataSync()], expected);
  }
  assert.equal(report.select, 'own');
  const all: Select = ({ scores }) => survivorsOf(scores.map((values) => values.map(() => 1)));
  await assert.rejects(
    prune(network, params, { ...options, select: all }),
    /invalid select; of first\/kernel keeps what is no candidate, or not in order/,
  );
  tf.dispose([params, start, mask]);
});

test('where each layer keeps its share, one whose share is no weight is named instead of emptied', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  await assert.rejects(prune(network, params, { method: 'magnitude', density: 0.1, scope: 'layer' }), {
    message: 'invalid density; leaves none of the 2 weights of shortcut with scope layer: 0.1'.replace(
      '2 weights',
      `${params['shortcut/kernel'].size} weights`,
    ),
  });
  tf.dispose(params);
});

test('an adaptive number of iterations keeps the layer that a hundred lose, and stays at a hundred elsewhere', async () => {
  const network = fc({ width: 10, depth: 30, input: [784], classes: 2 });
  const params = initialise(network, { seed: 1 });
  const options = { method: 'synflow', density: 45 / 10_660 } as const;
  const fixed = await prune(network, params, options);
  assert.ok(fixed.report.warnings.includes('layer collapse: dense1 keeps none of its 7840 weights'));
  assert.match(
    fixed.report.warnings.join(),
    /cut too much at once: dense1 at iteration \d+ of 100; more iterations, or 'adaptive', keep every layer/,
  );
  const adaptive = await prune(network, params, { ...options, iterations: 'adaptive' });
  assert.deepEqual(adaptive.report.warnings, []);
  assert.equal(adaptive.report.kept, 45);
  assert.ok(100 < adaptive.report.iterations && adaptive.report.iterations <= 1000);
  const easy = { method: 'synflow', density: 0.1 } as const;
  const [hundred, same] = [
    await prune(network, params, easy),
    await prune(network, params, { ...easy, iterations: 'adaptive' }),
  ];
  assert.deepEqual(bits(same.mask), bits(hundred.mask));
  assert.equal(same.report.iterations, 100);
  for (const change of [{ scope: 'layer' }, { select: 'threshold' }] as const)
    await assert.rejects(
      prune(network, params, { ...easy, ...change, iterations: 'adaptive' }),
      /invalid iterations; an adaptive number is for the global scope/,
    );
  tf.dispose([params, ...[fixed, adaptive, hundred, same].map(({ mask }) => mask)]);
});

test('with the published threshold, weights that GraSP cut return with the value 0, as in the published loop', async () => {
  const network = smallMlp(true);
  const params = randomParams(network);
  const images = normalTensor([12, 3], 4);
  const labels = tf.tensor1d([0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0], 'int32');
  const names = kernelsOf(network).map(({ name }) => name);
  let hasReturned = false;
  for (const sign of [1, -1])
    for (const density of [0.3, 0.5, 0.7]) {
      const { mask } = await prune(network, params, {
        method: sign === 1 ? 'grasp' : 'grasp/as-published',
        density,
        iterations: 6,
        schedule: 'linear',
        select: 'threshold',
        batch: { images, labels },
      });
      // The published loop: weights are zeroed for good, the mask is made anew of all scores.
      tf.tidy(() => {
        let weights = names.map((name) => params[name]);
        let masks = weights.map((theta) => tf.onesLike(theta));
        for (let step = 1; step <= 6; step++) {
          weights = weights.map((theta, k) => theta.mul(masks[k]));
          const loss = (...at: tf.Tensor[]) =>
            softmaxCrossEntropy(
              forward(
                network,
                { ...params, ...Object.fromEntries(names.map((n, k) => [n, at[k].mul(masks[k])])) },
                images,
              ).div(200),
              tf.oneHot(labels, 2).toFloat() as tf.Tensor2D,
            ).mean() as tf.Scalar;
          const stopped = tf.grads(loss)(weights);
          const along = (...at: tf.Tensor[]) =>
            tf.addN(
              tf
                .grads(loss)(at)
                .map((g, k) => g.mul(stopped[k]).sum()),
            ) as tf.Scalar;
          const scores = tf
            .grads(along)(weights)
            .map((hg, k) => [...hg.mul(weights[k]).mul(sign).dataSync()]);
          const all = scores.flat().sort((a, b) => a - b);
          const cut = Math.trunc((1 - (1 - ((1 - density) * step) / 6)) * all.length);
          if (cut < 1) continue;
          const before = masks.map((kept) => kept.dataSync());
          masks = scores.map((values, k) =>
            tf.tensor(
              values.map((score) => (score > all[cut - 1] ? 1 : 0)),
              weights[k].shape,
            ),
          );
          hasReturned ||= masks.some((kept, k) => kept.dataSync().some((bit, i) => bit > before[k][i]));
        }
        names.forEach((name, k) => {
          assert.deepEqual(
            [...mask[name].dataSync()],
            [...masks[k].dataSync()],
            `${sign}, ${density}: ${name}`,
          );
        });
      });
      tf.dispose(mask);
    }
  assert.ok(hasReturned, 'no weight has returned: the test shows nothing');
  tf.dispose([params, images, labels]);
});

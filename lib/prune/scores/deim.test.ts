import assert from 'node:assert/strict';
import { deimRows, leverage, singularVectors, symmetricEigen } from '../../linalg';
import { kernelsOf, type Network } from '../../network';
import { enumeratePaths, pathJacobian } from '../../path';
import { randomMask, randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import {
  compiled,
  createRandom,
  mapRecord,
  readDoubles,
  type TensorRecord,
  tf,
  zipRecords,
} from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import type { ScoringMethod } from '../method';
import { prune } from '../prune';
import { deimWith, reductionOrder } from './deim';
import { gradientMagnitudeWith } from './gradientMagnitude';
import { gradientSnapshots } from './gradientSnapshots';
import { lossGradient } from './lossGradient';
import { pathDeimWith } from './pathDeim';

const namesOf = (network: Network) => kernelsOf(network).map(({ name }) => name);

function batchOf(network: Network, count: number) {
  const labels = Array.from({ length: count }, (_, n) => n % network.classes);
  return { images: normalTensor([count, ...network.input], 3), labels: tf.tensor1d(labels, 'int32') };
}

const scoresOf = async (method: ScoringMethod, network: Network, params: TensorRecord, batch?: object) =>
  (await method.score(network, params, {
    random: createRandom(1),
    batch: batch as ReturnType<typeof batchOf>,
  })) as Record<string, Float64Array>;

test('snapshots are the gradients along a descent, part by part of the batch and round again', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const batch = batchOf(network, 6);
  const mask = randomMask(network, 0.7);
  const times = compiled(
    ({ a, b }: { a: TensorRecord; b: TensorRecord }) => zipRecords(a, b, (x, y) => x.mul(y)),
    {
      precision: 'double',
    },
  );
  const less = compiled(
    ({ at, step }: { at: TensorRecord; step: TensorRecord }) =>
      zipRecords(at, step, (x, y) => x.sub(y.mul(0.25))),
    { precision: 'double' },
  );
  const start = times({ a: params, b: mask });
  const found = await gradientSnapshots(network, start, batch, {
    mask,
    steps: 5,
    size: 4,
    learningRate: 0.25,
    precision: 'double',
  });
  assert.equal(found.losses.length, 5);
  let at: TensorRecord = start;
  for (let step = 0; step < 5; step++) {
    const places = tf.tensor1d(
      [0, 1, 2, 3].map((q) => (4 * step + q) % 6),
      'int32',
    );
    const part = { images: batch.images.gather(places), labels: batch.labels.gather(places) };
    const gradient = await lossGradient(
      network,
      at,
      { batch: part, random: createRandom(1) },
      { precision: 'double' },
    );
    for (const name of namesOf(network)) {
      const [own, expected] = [found.gradients[name][step], readDoubles(gradient[name])];
      own.forEach((value, i) => {
        assert.ok(Math.abs(value - expected[i]) < 1e-13, `step ${step}, ${name}[${i}]`);
      });
    }
    const step1 = times({ a: gradient, b: mask });
    const next = less({ at, step: step1 });
    tf.dispose([places, part, gradient, step1, at]);
    at = next;
  }
  for (const f of [times, less]) f.dispose();
  tf.dispose([params, mask, batch, at]);
});

test('the first rows are DEIM’s choices for the modes of a tensor, the others follow by leverage', async () => {
  const network = smallMlp(true);
  const params = randomParams(network);
  const batch = batchOf(network, 12);
  const settings = { steps: 4, size: 3, learningRate: 0.1 };
  const { gradients } = await gradientSnapshots(network, params, batch, settings);
  const scores = await scoresOf(deimWith({ ...settings, modes: 3 }), network, params, batch);
  const plain = await scoresOf(
    deimWith({ ...settings, modes: 3, order: 'leverage' }),
    network,
    params,
    batch,
  );
  for (const [name, columns] of Object.entries(gradients)) {
    const basis = singularVectors(columns, 1e-6).vectors.slice(0, 3);
    const share = leverage(basis);
    const byScore = (of: Float64Array) => [...of.keys()].sort((a, b) => of[b] - of[a]);
    const order = byScore(scores[name]);
    const chosen = [...deimRows(basis)];
    assert.deepEqual(order.slice(0, chosen.length), chosen, name);
    const rest = order.slice(chosen.length);
    rest.slice(1).forEach((weight, i) => {
      const before = rest[i];
      assert.ok(share[before] > share[weight] || (share[before] === share[weight] && before < weight), name);
    });
    assert.deepEqual(byScore(plain[name]), [...reductionOrder(basis, 'leverage')]);
    assert.equal(scores[name][order[0]], 1 - 0.5 / order.length);
  }
  tf.dispose([params, batch]);
});

test('all tensors keep the same share of their weights, whatever their sizes', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  const batch = batchOf(network, 24);
  for (const method of ['deim', 'deim/leverage'] as const) {
    const { mask, report } = await prune(network, params, { method, density: 0.5, batch });
    for (const { layer, size, kept } of report.rows)
      assert.ok(Math.abs(kept - size / 2) <= 1, `${method}: ${layer} keeps ${kept} of ${size}`);
    tf.dispose(mask);
  }
  tf.dispose([params, batch]);
});

test('one snapshot of all images gives the size of the gradient', async () => {
  const network = smallResidual();
  const params = randomParams(network, { shifts: true });
  const batch = batchOf(network, 8);
  const found = await scoresOf(gradientMagnitudeWith({ steps: 1, size: 8 }), network, params, batch);
  const gradient = await lossGradient(network, params, { batch, random: createRandom(1) });
  for (const name of namesOf(network))
    gradient[name].dataSync().forEach((value, i) => {
      assert.ok(Math.abs(found[name][i] - Math.abs(value)) < 1e-6, `${name}[${i}]`);
    });
  tf.dispose([params, batch, gradient]);
});

test('without data, the choices are those on the eigenvectors of G as enumeration gives it', async () => {
  const network = smallMlp();
  const params = randomParams(network, { seed: 3 });
  const { columns, rows } = pathJacobian(network, [...enumeratePaths(network, params)]);
  const gram = columns.map((_, i) =>
    Float64Array.from(columns, (_, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)),
  );
  const { values, vectors } = symmetricEigen(gram);
  assert.ok(values[0] > 1.1 * values[1], 'simple, so not of the architecture alone');
  const [first] = vectors;
  const scores = await scoresOf(pathDeimWith({ modes: 1 }), network, params);
  const flat = columns.map(({ name, index }) => scores[name][index]);
  const largest = [...first.keys()].reduce(
    (best, i) => (Math.abs(first[i]) > Math.abs(first[best]) ? i : best),
    0,
  );
  flat.forEach((score, i) => {
    const expected = i === largest ? 2 : first[i] ** 2;
    assert.ok(Math.abs(score - expected) < 1e-7, `weight ${i}`);
  });
  tf.dispose(params);
});

test('more modes than there are eigenvalues are as many as there are', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const mask = mapRecord(randomMask(network, 0.6), (tensor) => tensor);
  const { mask: found, report } = await prune(network, params, {
    method: pathDeimWith({ modes: 50 }),
    density: 0.3,
    mask,
  });
  assert.equal(report.kept, Math.round(0.3 * report.size));
  tf.dispose([params, mask, found]);
});

test('settings that are none are named, and a descent that leaves the numbers', async () => {
  assert.throws(() => deimWith({ steps: 0 }), /invalid steps; not a positive whole number: 0/);
  assert.throws(() => deimWith({ modes: 0 }), /invalid modes; not a number of 1 or more: 0/);
  assert.throws(() => deimWith({ order: 'pod' as 'deim' }), /invalid order; unknown, did you mean .*: pod/);
  assert.throws(
    () => gradientMagnitudeWith({ learningRate: -1 }),
    /invalid learningRate; not a positive number: -1/,
  );
  assert.throws(() => pathDeimWith({ modes: 1.5 }), /invalid modes; not a positive whole number: 1.5/);
  const network = smallMlp();
  const params = randomParams(network);
  const batch = batchOf(network, 4);
  await assert.rejects(
    gradientSnapshots(network, params, batch, { size: 5 }),
    /invalid size; more than the 4 images: 5/,
  );
  await assert.rejects(
    gradientSnapshots(network, params, batch, { learningRate: 1e30 }),
    /invalid learningRate; the loss is NaN after \d steps?, take a lower one: 1e\+?30/,
  );
  tf.dispose([params, batch]);
});

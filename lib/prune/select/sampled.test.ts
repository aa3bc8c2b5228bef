import assert from 'node:assert/strict';
import { test as plainTest } from 'node:test';
import fc from 'fast-check';
import { randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import { createRandom, mapRecord, type TensorRecord, tf } from '../../tensor';
import { test } from '../../testing';
import {
  drawCounts,
  drawSubset,
  gumbelKey,
  inclusionProbabilities,
  type PruneOptions,
  prune,
  type Sampling,
  sampled,
  samplingProbabilities,
  selections,
  sketch,
} from '..';

const bits = (mask: TensorRecord) =>
  Object.values(mapRecord(mask, (tensor) => [...tensor.dataSync()])).flat();

/** How often each of some scores is kept over many seeds. */
function shares(scores: readonly number[], count: number, sampling: Sampling, seeds = 4000): number[] {
  const select = sampled(sampling);
  const kept = scores.map(() => 0);
  const kernel = { name: 'k', layer: 'k', role: 'kernel', shape: [scores.length] } as const;
  for (let seed = 0; seed < seeds; seed++) {
    const choice = {
      scores: [Float64Array.from(scores)],
      candidates: [Uint32Array.from(scores.keys())],
      count,
      density: 1,
    };
    const [found] = select({ ...choice, kernels: [kernel], random: createRandom(seed) });
    for (const i of found) kept[i]++;
  }
  return kept.map((times) => times / seeds);
}

const within = (found: readonly number[], expected: ArrayLike<number>, seeds = 4000) =>
  found.forEach((share, i) => {
    const deviation = Math.sqrt((expected[i] * (1 - expected[i])) / seeds);
    assert.ok(Math.abs(share - expected[i]) <= 4.5 * deviation + 1e-12, `${i}: ${share}, not ${expected[i]}`);
  });

plainTest(
  'each weight is drawn as often as its score says, with and without replacement, at every temperature',
  () => {
    const scores = [5, 1, 3, 0.5, 2, 0];
    for (const temperature of [0.5, 1, 2])
      for (const replacement of [false, true]) {
        const p = samplingProbabilities(scores, temperature);
        const expected = inclusionProbabilities(p, 3, { replacement });
        within(shares(scores, 3, { temperature, replacement }), expected);
      }
    within(shares([2, 2, 0, 0], 3, {}), [1, 1, 0.5, 0.5]); // zeros last, each as likely
  },
);

plainTest('towards temperature 0 the highest scores are left, and at 0 it is the top', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.float({ min: Math.fround(1e-30), max: Math.fround(1e30), noNaN: true }), {
        minLength: 2,
        maxLength: 30,
      }),
      fc.nat(30),
      (scores, count) => {
        const kernel = { name: 'k', layer: 'k', role: 'kernel', shape: [scores.length] } as const;
        const choice = {
          ...{ scores: [Float32Array.from(scores)], candidates: [Uint32Array.from(scores.keys())], count },
          ...{ density: 1, kernels: [kernel], random: createRandom(1) },
        };
        assert.deepEqual(sampled({ temperature: 0 })(choice), selections.top(choice));
      },
    ),
  );
  within(shares([4, 3, 2, 1], 2, { temperature: 0.02 }, 500), [1, 1, 0, 0], 500);
});

plainTest('keys of zero scores lie below those of all others, whatever is drawn', () => {
  for (const temperature of [1e-6, 1, 1e6]) {
    const least = gumbelKey(Number.MIN_VALUE, Number.MIN_VALUE, temperature);
    assert.ok(gumbelKey(0, 1, temperature) < least);
    assert.ok(gumbelKey(0, 0.2, temperature) < gumbelKey(0, 0.7, temperature));
  }
  assert.equal(gumbelKey(2, 0.3, 0), Math.log(2));
  assert.ok(Number.isFinite(gumbelKey(2, 1, 0)));
});

plainTest('a draw that falls on the end of the range is one that can be drawn', () => {
  const p = Float64Array.of(0.3, 0, 0.7 - 1e-16, 0);
  assert.deepEqual([...drawCounts(p, 1, () => 1 - 2 ** -53)], [0, 0, 1, 0]);
  assert.deepEqual([...drawCounts(p, 1, () => 0.3)], [0, 0, 1, 0]);
  assert.deepEqual([...drawCounts(p, 1, () => 0)], [1, 0, 0, 0]);
});

plainTest('a subset of some indices has as many as asked for, each set as likely', () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 3000; seed++) {
    const key = drawSubset(Uint32Array.of(2, 5, 7, 11), 2, createRandom(seed)).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const times of counts.values()) assert.ok(Math.abs(times - 500) < 4.5 * Math.sqrt(500), `${times}`);
});

plainTest('probabilities of scores far apart, of none and of infinite ones', () => {
  assert.deepEqual([...samplingProbabilities([1e300, 1e-300, 0])], [1, 0, 0]);
  assert.deepEqual([...samplingProbabilities([0, 0])], [0.5, 0.5]);
  assert.deepEqual(
    [...samplingProbabilities([Number.POSITIVE_INFINITY, 3, Number.POSITIVE_INFINITY])],
    [0.5, 0, 0.5],
  );
  assert.throws(
    () => samplingProbabilities([1, -1]),
    /invalid scores; a random choice takes none below 0: -1/,
  );
  assert.throws(() => samplingProbabilities([Number.NaN]), /invalid scores; .*: NaN/);
  assert.throws(() => samplingProbabilities([1], 0), /invalid temperature; not above 0: 0/);
});

test('prune samples by name, the same as a selection of that kind, and says how', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  const options = { method: 'magnitude', density: 0.4, seed: 3 } as const;
  const run = async (more: Partial<PruneOptions>) => {
    const { mask, report } = await prune(network, params, { ...options, ...more });
    const found = { kept: bits(mask), report };
    tf.dispose(mask);
    return found;
  };
  const byName = await run({ select: 'sampled', temperature: 0.5 });
  assert.deepEqual(byName.report.sampling, { temperature: 0.5, replacement: false });
  assert.equal(byName.report.kept, Math.round(0.4 * byName.report.size));
  assert.deepEqual((await run({ select: sampled({ temperature: 0.5 }) })).kept, byName.kept);
  assert.deepEqual((await run({ select: 'random' })).kept, (await run({ select: 'sampled' })).kept);
  assert.deepEqual((await run({ select: 'sampled', temperature: 0 })).kept, (await run({})).kept);
  const fewer = await run({ select: 'sampled', replacement: true });
  const draws = Math.round(0.4 * fewer.report.size);
  assert.ok(fewer.report.kept < draws);
  assert.ok(
    fewer.report.warnings.includes(
      `sampled with replacement: ${draws} draws have taken ${fewer.report.kept} different weights`,
    ),
  );
  const refused: [Partial<PruneOptions>, RegExp][] = [
    [{ temperature: 1 }, /invalid temperature; only for select sampled: 1/],
    [{ select: 'unit', replacement: false }, /invalid replacement; only for select sampled: false/],
    [{ select: 'sampled', temperature: -1 }, /invalid temperature; not 0 or more: -1/],
    [{ select: 'sampled', temperature: Number.NaN }, /invalid temperature; not 0 or more: NaN/],
    [
      { select: 'sampled', temperature: 0, replacement: true },
      /invalid temperature; with replacement not above 0/,
    ],
    [{ select: 'sampled', replacement: 1 as never }, /invalid replacement; not true or false: 1/],
  ];
  for (const [more, message] of refused) await assert.rejects(run(more), message);
  tf.dispose(params);
});

test('a sketch has the weights of its mask, rescaled so that their mean is the network', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const [kernel] = ['first/kernel'];
  const theta = [...params[kernel].dataSync()];
  const sums = theta.map(() => 0);
  const squares = theta.map(() => 0);
  const seeds = 600;
  for (let seed = 1; seed <= seeds; seed++) {
    const {
      params: sketched,
      mask,
      counts,
    } = await sketch(network, params, { method: 'magnitude', density: 0.5, scope: 'layer', seed });
    const values = [...sketched[kernel].dataSync()];
    assert.equal(
      counts[kernel].reduce((a, b) => a + b, 0),
      6,
    );
    assert.deepEqual(
      [...mask[kernel].dataSync()],
      Array.from(counts[kernel], (count) => Number(count > 0)),
    );
    values.forEach((value, i) => {
      assert.equal(value !== 0, counts[kernel][i] > 0);
      sums[i] += value;
      squares[i] += value ** 2;
    });
    tf.dispose([sketched, mask]);
  }
  theta.forEach((value, i) => {
    const mean = sums[i] / seeds;
    const deviation = Math.sqrt((squares[i] / seeds - mean ** 2) / seeds);
    assert.ok(Math.abs(mean - value) < 4.5 * deviation, `${mean}, not ${value}`);
  });
  const one = await sketch(network, params, { method: 'magnitude', density: 0.5, seed: 7 });
  const { mask } = await prune(network, params, {
    method: 'magnitude',
    density: 0.5,
    seed: 7,
    select: 'sampled',
    replacement: true,
  });
  assert.deepEqual(bits(one.mask), bits(mask));
  await assert.rejects(
    sketch(network, params, { method: 'random/erk', density: 0.5 }),
    /invalid method; has no scores/,
  );
  await assert.rejects(
    sketch(network, params, { method: 'magnitude', density: 0.5, temperature: 0 }),
    /invalid temperature/,
  );
  tf.dispose([params, one.params, one.mask, mask]);
});

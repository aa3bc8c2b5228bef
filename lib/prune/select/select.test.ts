import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { keepHighest as keepHighestOf, narrow } from '.';

/** Layers of scores with many ties, signs and sizes. */
const layers = fc.array(
  fc.array(
    fc.oneof(fc.constantFrom(0, -0, 1, -1, 1e-40, Number.POSITIVE_INFINITY), fc.float({ noNaN: true })),
    {
      minLength: 1,
      maxLength: 40,
    },
  ),
  { minLength: 1, maxLength: 5 },
);

const arrays = (numbers: readonly number[][]) => numbers.map((layer) => Float32Array.from(layer));
const full = (numbers: readonly number[][]) => numbers.map((layer) => new Uint8Array(layer.length).fill(1));
const count = (kept: readonly Uint8Array[]) =>
  kept.reduce((sum, mask) => sum + mask.reduce((a, b) => a + b, 0), 0);

/** On masks instead of survivors. */
function keepHighest(scores: readonly Float32Array[], kept: readonly Uint8Array[], wanted: number): void {
  const survivors = kept.map((mask) => Uint32Array.from(mask.keys()).filter((i) => mask[i] === 1));
  const weights = kept.map((mask) => Float32Array.from(mask));
  keepHighestOf(scores, survivors, wanted, weights);
  kept.forEach((mask, k) => {
    mask.set(weights[k]);
    assert.deepEqual(
      [...survivors[k]],
      [...mask.keys()].filter((i) => mask[i] === 1),
    );
  });
}

/** The same by a sort. */
function bySorting(scores: readonly Float32Array[], kept: readonly Uint8Array[], wanted: number): number[][] {
  const order = scores
    .flatMap((layer, k) => Array.from(layer, (score, i) => ({ score, k, i })))
    .filter(({ k, i }) => kept[k][i] === 1)
    .sort((a, b) => (a.score === b.score ? a.k - b.k || a.i - b.i : b.score - a.score));
  const result = scores.map((layer) => new Array<number>(layer.length).fill(0));
  for (const { k, i } of order.slice(0, wanted)) result[k][i] = 1;
  return result;
}

test('the highest scores are kept, exactly as many as asked for, ties by layer and index', () => {
  fc.assert(
    fc.property(layers, fc.double({ min: 0, max: 1, noNaN: true }), (numbers, fraction) => {
      const scores = arrays(numbers);
      const kept = full(numbers);
      const wanted = Math.round(fraction * count(kept));
      const expected = bySorting(scores, kept, wanted);
      keepHighest(scores, kept, wanted);
      assert.equal(count(kept), wanted);
      assert.deepEqual(
        kept.map((mask) => [...mask]),
        expected,
      );
    }),
  );
});

test('lower densities of the same scores keep subsets, and pruned weights never return', () => {
  fc.assert(
    fc.property(layers, layers, (numbers, others) => {
      const scores = arrays(numbers);
      const kept = full(numbers);
      keepHighest(scores, kept, Math.ceil(count(kept) / 2));
      const before = kept.map((mask) => mask.slice());
      const new_ = scores.map((layer, k) => layer.map((score, i) => others[k % others.length][i] ?? -score));
      const wanted = Math.floor(count(kept) / 2);
      const expected = bySorting(new_, kept, wanted);
      keepHighest(new_, kept, wanted);
      assert.deepEqual(
        kept.map((mask) => [...mask]),
        expected,
      );
      kept.forEach((mask, k) => {
        mask.forEach((bit, i) => {
          assert.ok(bit <= before[k][i]);
        });
      });
    }),
  );
});

test('nothing changes where fewer are kept already', () => {
  const kept = [Uint8Array.of(1, 0, 1)];
  keepHighest([Float32Array.of(1, 2, 3)], kept, 3);
  assert.deepEqual([...kept[0]], [1, 0, 1]);
});

test('a score that is not a number is refused, unless its weight is pruned already', () => {
  const scores = [Float32Array.of(1, 2), Float32Array.of(3, Number.NaN)];
  assert.throws(() => keepHighest(scores, [Uint8Array.of(1, 1), Uint8Array.of(1, 1)], 2), {
    message: 'invalid scores; weight 1 of kernel 1 has the score: NaN',
  });
  keepHighest(scores, [Uint8Array.of(1, 1), Uint8Array.of(1, 0)], 2);
});

test('each layer keeps its own share where layers are compared by themselves', () => {
  fc.assert(
    fc.property(layers, fc.double({ min: 0, max: 1, noNaN: true }), (numbers, density) => {
      const kept = full(numbers);
      narrow(arrays(numbers), kept, density, { scope: 'layer' });
      kept.forEach((mask) => {
        assert.equal(count([mask]), Math.round(density * mask.length));
      });
    }),
  );
});

test('the published rule prunes everything up to the k-th lowest score, ties and all', () => {
  fc.assert(
    fc.property(layers, fc.double({ min: 0, max: 1, noNaN: true }), (numbers, density) => {
      const scores = arrays(numbers);
      const kept = full(numbers);
      const sorted = scores.flatMap((layer) => [...layer]).sort((a, b) => a - b);
      const k = Math.trunc((1 - density) * sorted.length);
      const threshold = k < 1 ? Number.NEGATIVE_INFINITY : sorted[k - 1];
      narrow(scores, kept, density, { rule: 'as-published' });
      kept.forEach((mask, layer) => {
        mask.forEach((bit, i) => {
          assert.equal(bit, k < 1 || scores[layer][i] > threshold ? 1 : 0);
        });
      });
    }),
  );
});

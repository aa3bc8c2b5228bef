import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createRandom } from '../../tensor';
import {
  byGroup,
  narrow,
  type Scope,
  type Select,
  type Survivors,
  selections,
  survivorMask,
  survivorsOf,
} from '.';
import { top } from './top';

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
const full = (numbers: readonly { length: number }[]) =>
  numbers.map(({ length }) => new Uint8Array(length).fill(1));
const count = (kept: readonly Uint8Array[]) =>
  kept.reduce((sum, mask) => sum + mask.reduce((a, b) => a + b, 0), 0);

type Scores = readonly (Float32Array | Float64Array)[];

/** The highest, on masks instead of survivors. */
function keepHighest(scores: Scores, kept: readonly Uint8Array[], count: number): void {
  store(top({ scores, candidates: survivorsOf(kept), count }), kept);
}

function narrowed(select: Select, scope: Scope, scores: Scores, density: number): Uint8Array[] {
  const kept = full(scores);
  const kernels = scores.map(({ length }, k) => ({ ...kernel, name: `${k}`, shape: [length] }));
  const choice = { scores, candidates: survivorsOf(kept), density, kernels, random: createRandom(1) };
  store(narrow(select, scope, choice), kept);
  return kept;
}

function store(survivors: Survivors, kept: readonly Uint8Array[]): void {
  survivorMask(
    survivors,
    kept.map(({ length }) => length),
  ).forEach((mask, k) => {
    kept[k].set(mask);
  });
}

const kernel = { role: 'kernel', layer: 'layer' } as const;

/** The same by a sort. */
function bySorting(scores: Scores, kept: readonly Uint8Array[], wanted: number): number[][] {
  const order = scores
    .flatMap((layer, k) => Array.from(layer, (score: number, i: number) => ({ score, k, i })))
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

test('of scores too many to be sorted the same are kept, however they lie', () => {
  const random = createRandom(3);
  const size = 9000;
  const draw = (score: (i: number) => number) => Float64Array.from({ length: size }, (_, i) => score(i));
  const lists: Record<string, Float64Array> = {
    normal: draw(() => random.normal()),
    'heavy tails': draw(() => Math.exp(20 * random.normal())),
    rising: draw((i) => i),
    falling: draw((i) => -i),
    equal: draw(() => 2),
    'two values': draw((i) => (i % 7 === 0 ? 1 : 0)),
    'few values': draw(() => Math.round(2 * random.normal())),
    'mostly zero': draw((i) => (i < 100 ? random.uniform() : 0)),
    infinite: draw((i) => [Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY, random.normal()][i % 4]),
    'one in between': draw((i) => (i === 4321 ? 0.5 : Math.round(random.uniform()))),
  };
  for (const [name, scores] of Object.entries(lists))
    for (const wanted of [0, 1, 2, 90, 2047, 4500, 4501, 8999, 9000]) {
      const layers = [scores.subarray(0, 3000), scores.subarray(3000, 3001), scores.subarray(3001)];
      const kept = full(layers);
      kept[2].fill(0, 100, 150);
      const expected = bySorting(layers, kept, wanted);
      keepHighest(layers, kept, wanted);
      assert.ok(
        expected.every((bits, k) => bits.every((bit, i) => bit === kept[k][i])),
        `${name}, ${wanted}`,
      );
    }
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
      const kept = narrowed(selections.top, 'layer', arrays(numbers), density);
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
      const sorted = scores.flatMap((layer) => [...layer]).sort((a, b) => a - b);
      const k = Math.trunc((1 - density) * sorted.length);
      const threshold = k < 1 ? Number.NEGATIVE_INFINITY : sorted[k - 1];
      const kept = narrowed(selections.threshold, 'global', scores, density);
      kept.forEach((mask, layer) => {
        mask.forEach((bit, i) => {
          assert.equal(bit, k < 1 || scores[layer][i] > threshold ? 1 : 0);
        });
      });
    }),
  );
});

/** Float64 numbers that agree in their leading bits, with ties, zeros and denormal numbers. */
const doubles = fc.array(
  fc.array(
    fc.oneof(
      fc.constantFrom(0, -0, 5e-324, -5e-324, 1, 1 + 2e-16, 1 - 1e-16, -1, -1 - 2e-16),
      fc.integer({ min: -3, max: 3 }).map((n) => 1 + n * Number.EPSILON),
      fc.double({ noNaN: true }),
    ),
    { minLength: 1, maxLength: 40 },
  ),
  { minLength: 1, maxLength: 5 },
);

test('scores in float64 are told apart to the last bit, on views of a common buffer too', () => {
  fc.assert(
    fc.property(doubles, fc.double({ min: 0, max: 1, noNaN: true }), (numbers, fraction) => {
      const all = Float64Array.from(numbers.flat());
      let at = 0;
      const scores = numbers.map(({ length }) => {
        at += length;
        return all.subarray(at - length, at);
      });
      const kept = full(numbers);
      const wanted = Math.round(fraction * count(kept));
      const expected = bySorting(scores, kept, wanted);
      keepHighest(scores, kept, wanted);
      assert.deepEqual(
        kept.map((mask) => [...mask]),
        expected,
      );
    }),
  );
  const scores = [Float64Array.of(1, Number.NaN)];
  assert.throws(() => keepHighest(scores, full(scores), 1), /invalid scores; weight 1 of kernel 0/);
});

test('a random choice keeps exactly as many, and each weight as often as its score says', () => {
  const scores = [Float32Array.of(1, 2, 0), Float32Array.of(4, 8)];
  const times = [0, 0, 0, 0, 0];
  const random = createRandom(5);
  const kernels = scores.map(({ length }, k) => ({ ...kernel, name: `${k}`, shape: [length] }));
  const candidates = survivorsOf(full(scores));
  for (let draw = 0; draw < 3000; draw++) {
    const choice = { scores, candidates, kernels, count: 1, density: 0.2, random: random.fork(draw) };
    const [first, second] = selections.random(choice);
    assert.equal(first.length + second.length, 1);
    times[first.length ? first[0] : 3 + second[0]]++;
  }
  // Binomial counts: within four standard deviations.
  [1, 2, 0, 4, 8].forEach((score, i) => {
    const p = score / 15;
    assert.ok(Math.abs(times[i] - 3000 * p) <= 4 * Math.sqrt(3000 * p * (1 - p)), `${times}`);
  });
  const all = narrowed(selections.random, 'global', scores, 0.8);
  assert.deepEqual(
    all.map((mask) => [...mask]),
    [
      [1, 1, 0],
      [1, 1],
    ],
  );
  const negative = () => narrowed(selections.random, 'global', [Float32Array.of(-1, 1)], 0.5);
  assert.throws(negative, /invalid scores; a random choice takes none below 0: -1/);
});

test('groups are kept or cut whole, by their mean scores', () => {
  const pairs = byGroup(() => (index) => Math.floor(index / 2));
  const scores = [Float32Array.of(9, 0, 2, 3, 8, 8), Float32Array.of(5, 5)];
  const kept = (density: number) => narrowed(pairs, 'global', scores, density).map((mask) => [...mask]);
  assert.deepEqual(kept(0.5), [
    [0, 0, 0, 0, 1, 1],
    [1, 1],
  ]);
  assert.deepEqual(
    kept(0.6),
    [
      [0, 0, 0, 0, 1, 1],
      [1, 1],
    ],
    'another pair would be one weight too many',
  );
  assert.deepEqual(kept(0.75), [
    [1, 1, 0, 0, 1, 1],
    [1, 1],
  ]);
  assert.deepEqual(
    kept(0.1),
    [
      [0, 0, 0, 0, 1, 1],
      [0, 0],
    ],
    'one group at least',
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../tensor/random';
import {
  bootstrapInterval,
  criticalCompression,
  intervalText,
  kendallCorrelation,
  orderedPairs,
  partialRankCorrelation,
  rankCorrelation,
  rankInterval,
  traceSlopes,
} from '.';

const near = (actual: number, expected: number, within = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

test('rank correlation is that of a textbook: −29/165 for intelligence and hours of television', () => {
  const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
  const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
  near(rankCorrelation(iq, hours), -29 / 165);
});

test('rank correlation with ties is the product-moment correlation of mean ranks, counted one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 2, maxLength: 12 }), (pairs) => {
      const x = pairs.map(([a]) => a);
      const y = pairs.map(([, b]) => b);
      const expected = productMoment(x.map(meanRank(x)), y.map(meanRank(y)));
      const found = rankCorrelation(x, y);
      if (Number.isNaN(expected)) assert.ok(Number.isNaN(found));
      else near(found, expected, 1e-9);
    }),
  );
});

test('what is infinite has its place in the order', () => {
  const x = [Number.NEGATIVE_INFINITY, 3, Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY];
  const y = [2, 1, 4, 4, 5];
  assert.equal(rankCorrelation(x, y), rankCorrelation([0, 3, 0, 1, 9], y));
});

test('partial rank correlation is the correlation of what a straight line through the control’s ranks leaves', () => {
  const random = createRandom(3);
  const control = Array.from({ length: 30 }, () => random.normal());
  const x = control.map((value) => value + random.normal());
  const y = control.map((value) => value - random.normal());
  const ranks = [x, y, control].map((values) => values.map(meanRank(values)));
  near(
    partialRankCorrelation(x, y, control),
    productMoment(residuals(ranks[0], ranks[2]), residuals(ranks[1], ranks[2])),
    1e-9,
  );
});

test('a constant control takes nothing out, and one that says all leaves nothing', () => {
  const x = [1, 4, 2, 8];
  const y = [2, 3, 1, 9];
  near(partialRankCorrelation(x, y, [5, 5, 5, 5]), rankCorrelation(x, y));
  assert.ok(Number.isNaN(partialRankCorrelation(x, y, x)));
});

test('Kendall’s correlation counts pairs: 6 in order, 1 not, of 10 of which 2 and 1 are tied', () => {
  const [a, b] = [
    [1, 1, 2, 3, 3],
    [1, 2, 4, 4, 3],
  ];
  assert.deepEqual(orderedPairs(a, b), { concordant: 6, discordant: 1, tiedInA: 2, tiedInB: 1 });
  near(kendallCorrelation(a, b), 5 / Math.sqrt(8 * 9));
  near(kendallCorrelation([0, -0, Number.POSITIVE_INFINITY], [5, 5, 9]), 1);
  assert.ok(Number.isNaN(kendallCorrelation([1, 2], [3, 3])));
  for (const wrong of [[1], [1, 2, 3], [1, Number.NaN], ['1', 2]])
    assert.throws(() => kendallCorrelation(wrong as number[], [1, 2]), /^InvalidError: invalid scores; /);
});

test('several controls are taken out as the inverse of all correlations has it, in either statistic', () => {
  const random = createRandom(5);
  const lists = Array.from({ length: 5 }, () => Array.from({ length: 25 }, () => random.integer(12)));
  const [a, b, ...controls] = lists.map((own, i) =>
    own.map((value, k) => value + i * own[(k + 1) % 25] + lists[0][k]),
  );
  for (const statistic of ['spearman', 'kendall'] as const) {
    const by = { spearman: rankCorrelation, kendall: kendallCorrelation }[statistic];
    for (const count of [1, 2, 3]) {
      const used = [a, b, ...controls.slice(0, count)];
      const left = [0, 1].map((i) =>
        coefficients(
          used.map((x) => used.map((y) => by(x, y))),
          i,
        ),
      );
      near(
        partialRankCorrelation(a, b, used.slice(2), { statistic }),
        -left[0][1] / Math.sqrt(left[0][0] * left[1][1]),
        1e-9,
      );
    }
  }
  near(partialRankCorrelation(a, b, []), rankCorrelation(a, b));
  const once = partialRankCorrelation(a, b, controls[0]);
  near(
    partialRankCorrelation(a, b, [controls[0], controls[0].map((value) => 3 * value), a.map(() => 1)]),
    once,
  );
});

test('the interval of a Kendall correlation has it in its middle, controls taken out where all have as many', () => {
  const random = createRandom(2);
  const pairs = Array.from({ length: 40 }, (_, i) => {
    const control = [random.normal(), random.normal()];
    const x = control[0] + random.normal();
    return { x, y: x + control[1] + random.normal(), seed: i, control };
  });
  const column = (c: number) => pairs.map(({ control }) => control[c]);
  const [x, y] = [pairs.map((pair) => pair.x), pairs.map((pair) => pair.y)];
  const options = { statistic: 'kendall', samples: 200 } as const;
  const whole = rankInterval(pairs, options);
  near(whole.estimate, partialRankCorrelation(x, y, [column(0), column(1)], { statistic: 'kendall' }));
  const plain = rankInterval(
    pairs.map(({ control: _, ...pair }) => pair),
    options,
  );
  near(plain.estimate, kendallCorrelation(x, y));
  for (const { estimate, low, high } of [whole, plain]) assert.ok(low < estimate && estimate < high);
  assert.throws(() => rankInterval(pairs, { statistic: 'pearson' as never }), /invalid statistic; unknown/);
});

test('a bootstrap of two values finds all their draws as often as chance has it', () => {
  // The mean of two draws from {0, 1} is 0, ½, 1 with probability ¼, ½, ¼.
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const counts = new Map<number, number>();
  bootstrapInterval(
    [0, 1],
    (drawn) => {
      const value = mean(drawn);
      counts.set(value, (counts.get(value) ?? 0) + 1);
      return value;
    },
    { samples: 4000 },
  );
  near((counts.get(0) ?? 0) / 4000, 0.25, 0.03);
  near((counts.get(0.5) ?? 0) / 4000, 0.5, 0.03);
  assert.deepEqual(bootstrapInterval([0, 1], mean, { level: 0.4 }), { estimate: 0.5, low: 0.5, high: 0.5 });
});

test('the interval of a mean is close to the one of the normal distribution', () => {
  const random = createRandom(7);
  const values = Array.from({ length: 400 }, () => random.normal());
  const mean = (some: readonly number[]) => some.reduce((a, b) => a + b, 0) / some.length;
  const deviation = Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) / 400);
  const { estimate, low, high } = bootstrapInterval(values, mean);
  near(estimate, mean(values));
  near(low, estimate - 1.96 * deviation, 0.015);
  near(high, estimate + 1.96 * deviation, 0.015);
});

test('the same seed gives the same interval, and a wider level a wider one', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const largest = (some: readonly number[]) => Math.max(...some);
  assert.deepEqual(bootstrapInterval(values, largest), bootstrapInterval(values, largest, { seed: 1 }));
  const mean = (some: readonly number[]) => some.reduce((a, b) => a + b, 0) / some.length;
  const narrow = bootstrapInterval(values, mean, { level: 0.5 });
  const wide = bootstrapInterval(values, mean, { level: 0.99 });
  assert.ok(wide.low < narrow.low && narrow.high < wide.high);
});

test('an interval is written with two decimals and a proper minus', () => {
  assert.equal(intervalText({ estimate: -0.456, low: -0.5, high: 0 }), '−0.46 (−0.50 … 0.00)');
  assert.equal(intervalText({ estimate: 1, low: Number.NaN, high: Number.NaN }), '1.00');
  assert.equal(intervalText({ estimate: Number.NaN, low: Number.NaN, high: Number.NaN }), 'not defined');
});

test('draws without a statistic do not count', () => {
  const { low, high } = bootstrapInterval([1, 2], () => Number.NaN);
  assert.ok(Number.isNaN(low) && Number.isNaN(high));
});

test('runs of one seed are drawn together', () => {
  // Within a seed all is the same, so a draw of seeds 1 and 2 can only be one seed twice, which has no correlation, or both.
  const pairs = [1, 2].flatMap((seed) => [0, 1, 2].map(() => ({ x: seed, y: -seed, seed })));
  assert.deepEqual(rankInterval(pairs), { estimate: -1, low: -1, high: -1 });
  const single = pairs.map((pair, i) => ({ ...pair, seed: 1, y: (i * 7) % 5 }));
  const { low, high } = rankInterval(single);
  assert.ok(low < high);
});

test('methods are drawn anew where they are named, each draw the runs of the drawn seeds and methods', () => {
  const random = createRandom(11);
  const methods = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  // What sets methods apart has nothing to do with x, and is far larger than what sets seeds apart.
  const pairs = methods.flatMap((method) => {
    const [x, y] = [random.normal(), random.normal()];
    return [1, 2, 3, 4].map((seed) => ({
      method,
      seed,
      x: x + random.normal() / 50,
      y: y + random.normal() / 50,
    }));
  });
  const plain = pairs.map(({ method: _, ...pair }) => pair);
  const width = ({ low, high }: { low: number; high: number }) => high - low;
  const [both, seeds, only] = [
    rankInterval(pairs),
    rankInterval(plain),
    rankInterval(pairs, { over: 'methods' }),
  ];
  assert.deepEqual(rankInterval(pairs, { over: 'seeds' }), seeds);
  near(both.estimate, seeds.estimate);
  assert.ok(width(both) > 5 * width(seeds), `${width(both)} against ${width(seeds)}`);
  near(width(only), width(both), 0.15);
  // Of three methods all draws can be counted: 27, of which 3 have one method alone.
  const three = ['a', 'b', 'c'].map((method, i) => ({ method, seed: 1, x: i, y: [2, 1, 3][i] }));
  const { low, high } = rankInterval(three, { samples: 4000 });
  assert.deepEqual([low, high], [-1, 1]);
});

test('an interval over methods needs their names, and what is drawn one of three words', () => {
  const pairs = [1, 2, 3].map((seed) => ({ seed, x: seed, y: seed }));
  assert.throws(
    () => rankInterval(pairs, { over: 'methods' }),
    /invalid over; not every pair names its method/,
  );
  assert.throws(
    () => rankInterval(pairs, { over: 'runs' as 'seeds' }),
    /invalid over; not seeds, methods or both/,
  );
});

test('the slope of a trace is that of its line, on as many runs as have a path, with an interval over seeds', () => {
  const rows = ['snip', 'synflow'].flatMap((method, m) =>
    [1, 2, 3].flatMap((seed) =>
      [1, 0.1, 0.01].map((density) => ({
        ...{ method, seed, density },
        log: Math.LN10 * (5 + (m + 1 + seed / 10) * Math.log10(density)),
      })),
    ),
  );
  const cut = rows.map((row) =>
    row.method === 'snip' && row.density === 0.01 && row.seed > 1
      ? { ...row, log: Number.NEGATIVE_INFINITY }
      : row,
  );
  const [snip, synflow] = traceSlopes(cut);
  near(synflow.slope, 2.2, 1e-9);
  assert.ok(synflow.low >= 2.1 - 1e-9 && synflow.high <= 2.3 + 1e-9 && synflow.low < synflow.high);
  assert.deepEqual([synflow.runs, synflow.of, snip.runs, snip.of], [9, 9, 7, 9]);
  assert.ok(snip.low <= snip.slope && snip.slope <= snip.high);
  const lost = traceSlopes(rows.map((row) => ({ ...row, log: Number.NEGATIVE_INFINITY })));
  assert.deepEqual([lost[0].slope, lost[0].runs, lost[0].of], [Number.NaN, 0, 9]);
  assert.ok(Number.isNaN(traceSlopes([rows[0]])[0].slope));
  assert.throws(() => traceSlopes([{ ...rows[0], density: 0 }]), /density of row 0 not in \(0, 1\]/);
  assert.throws(() => traceSlopes([{ ...rows[0], log: Number.NaN }]), /log of row 0 not a number/);
  assert.throws(() => traceSlopes(rows.map((row, i) => ({ ...row, model: `fc-${i}` }))), /would mix several/);
});

test('a bootstrap of nothing, and options out of range, are refused', () => {
  const zero = () => 0;
  assert.throws(() => bootstrapInterval([], zero), { message: 'invalid values; has none: []' });
  for (const samples of [0, 1.5, Number.NaN])
    assert.throws(() => bootstrapInterval([1], zero, { samples }), {
      message: `invalid samples; not a whole number of 1 or more: ${samples}`,
    });
  for (const level of [0, 1, Number.NaN])
    assert.throws(() => bootstrapInterval([1], zero, { level }), {
      message: `invalid level; not in (0, 1): ${level}`,
    });
});

test('the critical compression is the largest before the first collapse in any run', () => {
  const rows = [
    { method: 'synflow', density: 0.1, collapsed: false },
    { method: 'synflow', density: 0.01, collapsed: false },
    { method: 'snip', density: 1, collapsed: false },
    { method: 'snip', density: 0.1, collapsed: false },
    { method: 'snip', density: 0.1, collapsed: true },
    { method: 'snip', density: 0.01, collapsed: false },
    { method: 'magnitude', density: 0.5, collapsed: true },
  ];
  assert.deepEqual(criticalCompression(rows), [
    { method: 'synflow', compression: 100, collapsedAt: null },
    { method: 'snip', compression: 1, collapsedAt: 10 },
    { method: 'magnitude', compression: null, collapsedAt: 2 },
  ]);
});

test('rows that cannot tell of collapse are refused', () => {
  assert.throws(() => criticalCompression([]), /invalid rows; has no rows/);
  assert.throws(() => criticalCompression([{ method: 'a', density: 2, collapsed: true }]), {
    message: 'invalid rows; density of row 0 not in (0, 1]: 2',
  });
  assert.throws(() => criticalCompression([{ method: 'a', density: 1, collapsed: undefined as never }]), {
    message: 'invalid rows; collapsed of row 0 not true or false: undefined',
  });
});

function meanRank(values: readonly number[]): (value: number) => number {
  return (value) =>
    values.filter((other) => other < value).length +
    (values.filter((other) => other === value).length + 1) / 2;
}

function productMoment(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + (value - mean(a)) * (b[i] - mean(b)), 0);
  return dot(x, x) > 0 && dot(y, y) > 0 ? dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)) : Number.NaN;
}

function residuals(y: readonly number[], x: readonly number[]): number[] {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const dx = x.map((value) => value - mean(x));
  const slope = dx.reduce((sum, d, i) => sum + d * y[i], 0) / dx.reduce((sum, d) => sum + d * d, 0);
  return y.map((value, i) => value - mean(y) - slope * dx[i]);
}

/** A row of the inverse of a matrix, by elimination. */
function coefficients(matrix: readonly (readonly number[])[], row: number): number[] {
  const size = matrix.length;
  const rows = matrix.map((own, i) => [...own, ...own.map((_, j) => Number(i === j))]);
  for (let k = 0; k < size; k++)
    for (let i = 0; i < size; i++) {
      const factor = i === k ? 1 - 1 / rows[k][k] : rows[i][k] / rows[k][k];
      rows[i] = rows[i].map((value, j) => value - factor * rows[k][j]);
    }
  return rows[row].slice(size);
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../tensor/random';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const random = createRandom(1);
/** Accuracies that follow the parameters alone, and a trace that follows them and the depth. */
const rows = [1, 2, 3].flatMap((depth) =>
  [4, 8, 16].flatMap((width) =>
    [false, true].map((skip) => {
      const parameters = 10 * width + depth * width ** 2;
      const logTrace = Math.log(parameters) + 2 * depth + 0.2 * random.normal();
      const sums = { logTrace, logL1: 2 * depth + random.normal(), logL2: depth + random.normal() };
      const accuracy = 0.5 + 0.05 * Math.log(parameters) + 0.01 * random.normal();
      return {
        name: `${depth} × ${width}${skip ? ' + skip' : ''}`,
        depth,
        skip,
        parameters,
        ...sums,
        accuracy,
      };
    }),
  ),
);
const similarity = [
  [-0.2, -0.6, -0.5],
  [-0.7, -0.1, -0.4],
  [-0.3, -0.5, -0.35],
  [Number.NaN, Number.NaN, Number.NaN],
];

testDrawn({
  proxyAgainstAccuracy: figures.proxyAgainstAccuracy(rows, { samples: 50 }),
  'proxyAgainstAccuracy-synflow': figures.proxyAgainstAccuracy(
    rows.map(({ skip: _, ...row }) => row),
    { samples: 50, proxy: 'logL1', title: 'SynFlow' },
  ),
  lineageMatrix: figures.lineageMatrix(similarity, { truth: [0, 1, 2, 0], value: 'L2' }),
  'lineageMatrix-untold': figures.lineageMatrix([[1, 1]], { children: ['a'], parents: ['b', 'c'] }),
});

test('a proxy that counts parameters has no correlation left once they are taken out', () => {
  const found = figures.proxyRanks(
    rows.map((row) => ({ ...row, logTrace: Math.log(row.parameters) })),
    { samples: 20 },
  );
  const of = (proxy: string, given: string) =>
    found.find((row) => row.proxy === proxy && row.given === given)!;
  assert.ok(of('Tr Π', 'nothing').kendall.estimate > 0.5);
  assert.deepEqual(of('Tr Π', 'nothing'), { ...of('parameters', 'nothing'), proxy: 'Tr Π' });
  assert.ok(Number.isNaN(of('Tr Π', 'parameters').kendall.estimate)); // it says what they say
  const { kendall, spearman } = of('Tr Π', 'depth');
  for (const { low, estimate, high } of [kendall, spearman]) assert.ok(low <= estimate && estimate <= high);
  assert.deepEqual(
    found.filter(({ proxy }) => proxy === 'depth').map(({ given }) => given),
    ['nothing', 'parameters', 'Σ |v| (SynFlow)'],
  );
  assert.equal(found.length, 5 + 3 + 5 + 3 + 3);
});

test('a random search comes to the mean over all draws there are, counted one by one', () => {
  const few = rows.slice(0, 5).map((row, i) => ({ ...row, logTrace: [3, 1, 3, 2, 5][i] }));
  const found = figures.searchByProxy(few, { draws: [1, 2, 5] });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const pairs = few.flatMap((a, i) => few.slice(i + 1).map((b) => [a, b]));
  const of = (line: string, x: number) => found.find((row) => row.line === line && row.x === x)!.y;
  const near = (value: number, expected: number) =>
    assert.ok(Math.abs(value - expected) < 1e-12, `${value}, ${expected}`);
  const chosen = pairs.map(([a, b]) => {
    const most = Math.max(a.logTrace, b.logTrace);
    return mean([a, b].filter((row) => row.logTrace === most).map(({ accuracy }) => accuracy));
  });
  near(of('Tr Π', 2), mean(chosen));
  near(of('Tr Π', 5), few[4].accuracy);
  for (const draws of [1, 2, 5]) near(of('chance', draws), mean(few.map(({ accuracy }) => accuracy)));
  near(of('parameters', 1), of('chance', 1));
  near(of('accuracy', 2), mean(pairs.map(([a, b]) => Math.max(a.accuracy, b.accuracy))));
  for (const draws of [[0], [6], [1.5]])
    assert.throws(
      () => figures.searchByProxy(few, { draws }),
      /invalid draws; not a whole number from 1 to 5: /,
    );
});

test('rows and lists that do not fit are refused', () => {
  const refused: [() => unknown, string][] = [
    [() => figures.proxyRanks([]), 'rows; has no rows to draw: []'],
    [() => figures.proxyRanks(rows.slice(0, 2)), 'rows; not at least 3 networks to order: 2'],
    [() => figures.proxyRanks([...rows, rows[0]]), 'rows; a network comes twice: 1 × 4'],
    [
      () => figures.proxyRanks([...rows, { ...rows[0], accuracy: undefined as never }]),
      'rows; accuracy of row 18 not a finite number: undefined',
    ],
    [
      () => figures.proxyRanks(rows, { given: [['width' as never]] }),
      'given; not of logTrace, logL1, logL2, parameters, depth: width',
    ],
    [
      () => figures.proxyAgainstAccuracy(rows, { proxy: 'depth' as never }),
      'proxy; unknown, did you mean logL1, logL2 or logTrace: depth',
    ],
    [() => figures.lineageMatrix([]), 'similarity; has no rows to draw: []'],
    [() => figures.lineageMatrix([[1]]), 'similarity; not of 2 parents or more: 1'],
    [() => figures.lineageMatrix([[1, 2], [1]]), 'similarity; a row not of 2 parents: [1]'],
    [() => figures.lineageMatrix([[1, 2]], { parents: ['a', 'a'] }), 'parents; a name comes twice: [a, a]'],
    [() => figures.lineageMatrix([[1, 2]], { children: [] }), 'children; not one name for each of 1: 0'],
    [
      () => figures.lineageMatrix([[1, 2]], { truth: [2] }),
      'truth; not one of 2 parents for each of 1 children: [2]',
    ],
  ];
  for (const [f, message] of refused) assert.throws(f, { message: `invalid ${message}` });
});

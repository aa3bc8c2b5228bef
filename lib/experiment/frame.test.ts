import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { frame } from '.';

const rows = [
  { method: 'snip', kept: 3, loss: null },
  { method: 'synflow', kept: 5, loss: 0.5 },
  { method: 'snip', kept: 4, loss: 0.25 },
];

test('a frame has a column a field and a row a record', async () => {
  const table = await frame(rows);
  assert.deepEqual(table.columns, ['method', 'kept', 'loss']);
  assert.deepEqual(
    table.values,
    rows.map(({ method, kept, loss }) => [method, kept, loss ?? Number.NaN]),
  );
});

test('fields go by name, whatever their order, and are gaps where a record lacks them', async () => {
  const table = await frame([
    { a: 1, b: 2 },
    { b: 3, a: 4 },
  ]);
  assert.deepEqual(
    [table.columns, table.values],
    [
      ['a', 'b'],
      [
        [1, 2],
        [4, 3],
      ],
    ],
  );
  const uneven = await frame([{ a: 1 }, {}, { b: 'x', a: undefined }, { c: true, b: null, a: 2 }, { 7: 7 }]);
  assert.deepEqual(uneven.columns, ['a', 'b', 'c', '7']);
  assert.deepEqual(uneven.values, [
    [1, null, null, Number.NaN],
    [Number.NaN, null, null, Number.NaN],
    [Number.NaN, 'x', null, Number.NaN],
    [2, null, true, Number.NaN],
    [Number.NaN, null, null, 7],
  ]);
  assert.deepEqual(uneven.dtypes, ['float32', 'string', 'boolean', 'float32']);
});

test('columns have the type of all their values', async () => {
  const day = new Date(0);
  const late = Array.from({ length: 30 }, (_, i) => ({ late: i < 25 ? null : 'x', half: i < 25 ? 1 : 0.5 }));
  assert.deepEqual((await frame(late)).dtypes, ['string', 'float32']);
  const all = {
    text: '1',
    whole: 2n,
    large: 2 ** 40,
    date: day,
    nested: { a: 1 },
    list: [1, 2],
    none: null,
    no: false,
  };
  const table = await frame([all, all]);
  const kinds = ['string', 'int32', 'float32', 'datetime', 'string', 'string', 'float32', 'boolean'];
  assert.deepEqual(table.dtypes, kinds);
  assert.deepEqual(table.values[0], ['1', 2, 2 ** 40, day, { a: 1 }, [1, 2], Number.NaN, false]);
  const mixed = await frame([{ m: 1 }, { m: '2' }, { m: 2n ** 60n }]);
  assert.deepEqual([mixed.dtypes, mixed.values], [['string'], [[1], ['2'], [2n ** 60n]]]);
  assert.throws(() => mixed.column('m').mean());
});

test('aggregates of groups are over what is there', async () => {
  const table = await frame([
    { method: 'a', top1: 0.8, loss: null, day: new Date(0) },
    { method: 'a', top1: null, loss: undefined, day: new Date(1) },
    { method: 'b', top1: 0.5, loss: Number.NaN, day: null },
    { method: 'b', top1: 0.25, day: null },
  ]);
  const of = (operation: string, column = 'top1') =>
    table.groupby(['method']).agg({ [column]: operation } as never).values;
  const both = (a: unknown, b: unknown) => [
    ['a', a],
    ['b', b],
  ];
  assert.deepEqual(of('mean'), both(0.8, 0.375));
  assert.deepEqual(of('sum'), both(0.8, 0.75));
  assert.deepEqual(of('count'), both(1, 2));
  assert.deepEqual(of('median'), both(0.8, 0.375));
  assert.deepEqual(of('min'), both(0.8, 0.25));
  assert.deepEqual(of('max'), both(0.8, 0.5));
  assert.deepEqual(of('cumsum'), [
    ['a', 0.8],
    ['a', Number.NaN],
    ['b', 0.5],
    ['b', 0.75],
  ]);
  for (const operation of ['mean', 'sum', 'std', 'var', 'median', 'min', 'max'])
    assert.deepEqual(of(operation, 'loss'), both(Number.NaN, Number.NaN));
  assert.deepEqual(of('count', 'loss'), both(0, 0));
  assert.throws(() => of('mean', 'day'), { message: /^invalid mean; not of numbers: / });
  assert.throws(() => table.groupby(['methods']), {
    message: 'invalid column; unknown, did you mean method, loss or top1: methods',
  });
});

test('groups are told apart by all their values', async () => {
  const keys = [
    ['a-b', 'c'],
    ['a', 'b-c'],
    [null, 'c'],
    ['', 'c'],
    ['null', 'c'],
    [1, 2],
    ['1', 2],
    [-1, -2],
  ];
  const table = await frame(keys.map(([first, second], i) => ({ first, second, i })));
  const sums = table.groupby(['first', 'second']).col(['i']).sum().values as unknown[][];
  assert.deepEqual(
    [...sums].sort((a, b) => Number(a[2]) - Number(b[2])),
    keys.map((key, i) => [...key, i]),
  );
  assert.deepEqual(table.groupby(['first', 'second']).getGroup(['a', 'b-c']).column('i').values, [1]);
  assert.throws(() => table.groupby(['first']).getGroup(['b']), {
    message: 'invalid group; there is none of: [b]',
  });
});

test('aggregates of columns, and their order, leave gaps out', async () => {
  const table = await frame([{ x: 2, no: null }, { x: null }, { x: 1 }, { x: 4 }, { x: Number.NaN }]);
  const x = table.column('x');
  assert.deepEqual([x.mean(), x.sum(), x.count(), x.median(), x.min(), x.max()], [7 / 3, 7, 3, 2, 1, 4]);
  const none = table.column('no');
  const ofNone = [none.mean(), none.std(), none.var(), none.median(), none.min(), none.max()];
  assert.deepEqual([...ofNone, none.count()], [...ofNone.map(() => Number.NaN), 0]);
  assert.deepEqual(table.describe().loc({ rows: ['count', 'mean'] }).values, [
    [3, 0],
    [7 / 3, Number.NaN],
  ]);
  assert.deepEqual(table.mean({ axis: 0 }).values, [7 / 3, Number.NaN]);
  for (const name of ['median', 'std', 'var'] as const) {
    const [ofX, ofNone] = table[name]({ axis: 0 }).values as number[];
    assert.deepEqual([ofX, ofNone], [x[name](), Number.NaN]);
  }
  assert.throws(() => table.cumSum({ axis: 0 }), /^InvalidError: invalid frame; has gaps, .* Row: 0$/);
  const whole = await frame([{ a: 1 }, { a: 2 }]);
  assert.deepEqual((whole.cumSum({ axis: 0 }) as typeof whole).values, [[1], [3]]);
  assert.deepEqual(x.add(1).values, [3, Number.NaN, 2, 5, Number.NaN]);
  const sorted = (ascending: boolean) => table.sortValues('x', { ascending })?.column('x').values;
  assert.deepEqual(sorted(true), [1, 2, 4, Number.NaN, Number.NaN]);
  assert.deepEqual(sorted(false), [4, 2, 1, Number.NaN, Number.NaN]);
});

test('a frame can be grouped and sorted', async () => {
  const table = await frame(rows);
  const sums = table.groupby(['method']).col(['kept']).sum();
  assert.deepEqual(sums.values, [
    ['snip', 7],
    ['synflow', 5],
  ]);
  assert.deepEqual(table.sortValues('kept', { ascending: false }).column('kept').values, [5, 4, 3]);
});

test('no rows are refused', async () => {
  await assert.rejects(frame([]), { message: 'invalid rows; has no rows: []' });
  await assert.rejects(frame({} as never), { message: 'invalid rows; not an array of records: object' });
  await assert.rejects(frame([{}, {}]), { message: 'invalid rows; has no fields: [{}, {}]' });
  await assert.rejects(frame([{ a: 1 }, null as never]), {
    message: 'invalid rows; row 1 is no record: null',
  });
});

test('importing the library does not load danfo', () => {
  const script =
    "require('pathkernel'); console.log(Object.keys(require.cache).some((path) => path.includes('danfo')))";
  const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
  });
  assert.equal(output.trim(), 'false');
});

import assert from 'node:assert/strict';
import { frame } from '../experiment';
import { tf } from '../tensor';
import { test } from '../testing';
import { heatMap } from './heatMap';
import { plainFigure } from './plainFigure';
import { spectrum } from './spectrum';

const plainOf = (value: unknown): unknown => plainFigure({ data: [{ y: value }] }).data[0].y;

test('typed arrays of every kind become arrays', () => {
  const numbers = [
    Float32Array,
    Float64Array,
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
  ];
  for (const Numbers of numbers) assert.deepEqual(plainOf(Numbers.of(1, 2)), [1, 2], Numbers.name);
  assert.deepEqual(plainOf(BigInt64Array.of(1n, -(2n ** 62n))), [1, '-4611686018427387904']);
  assert.deepEqual(plainOf(Buffer.from([1, 2])), [1, 2]);
  assert.deepEqual(plainOf([Float32Array.of(1), [Float32Array.of(2)]]), [[1], [[2]]]);
  assert.deepEqual(plainOf(new Set([1, 2])), [1, 2]);
});

test('all places of a figure are read: error bars, markers, texts, matrices, axes', () => {
  const list = Float32Array.of(1, 2);
  const trace = {
    x: list,
    y: list,
    z: [list, list],
    error_y: { array: list },
    marker: { size: list },
    text: [1n, 'b'],
  };
  const figure = plainFigure({ data: [trace], layout: { xaxis: { range: list }, title: undefined } });
  const plain = [1, 2];
  assert.deepEqual(figure, {
    data: [
      {
        x: plain,
        y: plain,
        z: [plain, plain],
        error_y: { array: plain },
        marker: { size: plain },
        text: [1, 'b'],
      },
    ],
    layout: { xaxis: { range: plain } },
  });
});

test('what JSON has no word for is a gap, and the rest stays', () => {
  const found = plainOf([Number.NaN, Infinity, undefined, null, () => 1, Symbol('s'), new Date(Number.NaN)]);
  assert.deepEqual(found, [null, null, null, null, null, null, null]);
  assert.deepEqual(plainOf(['a', true, new Date(0), 1n, 2n ** 64n, -0.5]), [
    'a',
    true,
    '1970-01-01T00:00:00.000Z',
    1,
    '18446744073709551616',
    -0.5,
  ]);
  assert.deepEqual(plainOf(new Array(2)), [null, null]);
});

test('tensors become lists, without extents of 1 that have no place', () => {
  const cases: [tf.Tensor, unknown][] = [
    [tf.tensor1d([1, 2]), [1, 2]],
    [tf.tensor2d([[1], [2]]), [1, 2]],
    [tf.tensor2d([[1, 2]]), [1, 2]],
    [
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [tf.scalar(1), [1]],
    [tf.tensor3d([1], [1, 1, 1]), [1]],
    [tf.tensor1d([true, false], 'bool'), [1, 0]],
    [tf.tensor1d(['a', 'b']), ['a', 'b']],
    [tf.tensor1d([Number.NaN, 1]), [null, 1]],
    [tf.zeros([0, 3]), []],
  ];
  for (const [tensor, expected] of cases) {
    assert.deepEqual(plainOf(tensor), expected, String(tensor.shape));
    tensor.dispose();
  }
  const matrix = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  assert.deepEqual(plainFigure({ data: [{ z: matrix }] }).data[0].z as unknown, [
    [1, 2],
    [3, 4],
  ]);
  matrix.dispose();
  assert.throws(() => plainOf(matrix), {
    message: 'invalid figure; data[0].y is a tensor that was disposed, of shape: [1, 2, 2, 1]',
  });
});

test('columns and frames of danfo become lists', async () => {
  const table = await frame([
    { a: 1, b: 'x' },
    { a: null, b: 'y' },
  ]);
  assert.deepEqual(plainOf(table.column('a')), [1, null]);
  assert.deepEqual(plainOf(table.loc({ columns: ['b'] })), ['x', 'y']);
  assert.deepEqual(plainOf(table), [
    [1, 'x'],
    [null, 'y'],
  ]);
});

test('heat maps and spectra take tensors, typed arrays and frames', async () => {
  const tensor = tf.tensor2d([
    [4, 1],
    [2, 3],
  ]);
  const table = await frame([
    { a: 4, b: 1 },
    { a: 2, b: 3 },
  ]);
  const rows = [
    [4, 1],
    [2, 3],
  ];
  for (const matrix of [tensor, table, rows, rows.map((row) => Float64Array.from(row))])
    assert.deepEqual(heatMap(matrix), heatMap(rows));
  const list = tensor.reshape([4]);
  for (const values of [list, new Float32Array([4, 1, 2, 3])])
    assert.deepEqual(spectrum(values), spectrum([4, 1, 2, 3]));
  assert.deepEqual(spectrum({ a: table.column('a') }), spectrum({ a: [4, 2] }));
  tf.dispose([tensor, list]);
});

test('what cannot be drawn is refused with its place', () => {
  const circular: { y: unknown[] } = { y: [] };
  circular.y.push(circular);
  assert.throws(() => plainOf(circular), {
    message: /^invalid figure; holds itself at: data\[0\]\.y\.y\[0\]/,
  });
  assert.throws(() => plainOf(Promise.resolve()), {
    message: 'invalid figure; data[0].y is a promise: await it first',
  });
  assert.throws(
    () => plainOf(new Uint8Array(4_000_001)),
    /has more than 4,000,000 values, too many to draw; at: data\[0\]\.y/,
  );
  const shared = [1];
  assert.deepEqual(plainOf([shared, shared]), [[1], [1]]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { multiplicationsOf } from './multiplicationsOf';

test('matrix products, transposed or many at a time', () => {
  const ways = [
    ['MatMul', [5, 7], [7, 3]],
    ['MatMul', [7, 5], [3, 7]],
    ['BatchMatMulV2', [1, 5, 7], [1, 7, 3]],
  ] as const;
  for (const [op, a, b] of ways)
    assert.equal(multiplicationsOf(op, [a, b], op === 'MatMul' ? [5, 3] : [1, 5, 3]), 5 * 7 * 3);
  assert.equal(
    multiplicationsOf(
      'BatchMatMul',
      [
        [4, 2, 5, 7],
        [4, 2, 7, 3],
      ],
      [4, 2, 5, 3],
    ),
    8 * 5 * 7 * 3,
  );
  assert.equal(
    multiplicationsOf(
      'BatchMatMulV2',
      [
        [0, 5, 7],
        [0, 7, 3],
      ],
      [0, 5, 3],
    ),
    0,
  );
});

test('a convolution and its two backward passes multiply as often', () => {
  const [x, kernel, y] = [
    [2, 8, 8, 3],
    [3, 3, 3, 16],
    [2, 4, 4, 16],
  ];
  const expected = 2 * 4 * 4 * 16 * (3 * 3 * 3);
  assert.equal(multiplicationsOf('Conv2D', [x, kernel], y), expected);
  assert.equal(multiplicationsOf('Conv2DBackpropInput', [[4], kernel, y], x), expected);
  assert.equal(multiplicationsOf('Conv2DBackpropFilter', [x, [4], y], kernel), expected);
});

test('of a depthwise one each filter reads one channel', () => {
  const [x, kernel, y] = [
    [2, 8, 8, 3],
    [3, 3, 3, 2],
    [2, 8, 8, 6],
  ];
  const expected = 2 * 8 * 8 * 6 * (3 * 3);
  assert.equal(multiplicationsOf('DepthwiseConv2dNative', [x, kernel], y), expected);
  assert.equal(multiplicationsOf('DepthwiseConv2dNativeBackpropInput', [[4], kernel, y], x), expected);
  assert.equal(multiplicationsOf('DepthwiseConv2dNativeBackpropFilter', [x, [4], y], kernel), expected);
});

test('other ops have none that count', () => {
  assert.equal(multiplicationsOf('Mul', [[3], [3]], [3]), undefined);
});

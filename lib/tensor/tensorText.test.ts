import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from '../testing';
import { compiled, tf } from '.';
import { tensorText } from './tensorText';

function assertText(tensor: tf.Tensor, lines: readonly string[]): void {
  assert.deepEqual(tensorText(tensor).split('\n'), lines);
  tensor.dispose();
}

test('a tensor is shown with type, shape and values', () => {
  assertText(tf.scalar(Math.PI), ['Tensor float32 []', '3.1416']);
  assertText(tf.tensor1d([1, 2, 3.5]), ['Tensor float32 [3]', '[  1,   2, 3.5]']);
  assertText(
    tf.tensor2d([
      [1, -2.25],
      [1e-9, Number.NaN],
    ]),
    ['Tensor float32 [2, 2]', '[[    1, -2.25],', ' [ 1e-9,   NaN]]'],
  );
  assertText(tf.tensor3d([1, 2, 3, 4], [2, 1, 2]), [
    'Tensor float32 [2, 1, 2]',
    '[[[1, 2]],',
    '',
    ' [[3, 4]]]',
  ]);
  assertText(tf.tensor1d([true, false], 'bool'), ['Tensor bool [2]', '[ true, false]']);
  assertText(tf.tensor1d(['a', 'b"']), ['Tensor string [2]', '[  "a", "b\\""]']);
  assertText(tf.tensor1d([7, -1], 'int32'), ['Tensor int32 [2]', '[ 7, -1]']);
  assertText(tf.zeros([0, 1_000_000]), ['Tensor float32 [0, 1000000]', '[]']);
});

test('of more than 1000 numbers the ends of each axis are shown', () => {
  assertText(tf.range(0, 2000, 1, 'int32'), [
    'Tensor int32 [2000]',
    '[   0,    1,    2, …, 1997, 1998, 1999]',
  ]);
  const long = tf.tidy(() => tf.range(0, 3000, 1, 'int32').reshape([500, 6]));
  const [name, ...rows] = tensorText(long).split('\n');
  long.dispose();
  assert.equal(name, 'Tensor int32 [500, 6]');
  assert.equal(rows.length, 7);
  assert.equal(rows[0], '[[   0,    1,    2,    3,    4,    5],');
  assert.equal(rows[3], ' …,');
  assert.equal(rows[6], ' [2994, 2995, 2996, 2997, 2998, 2999]]');
});

test('long rows go on in the next line', () => {
  const tensor = tf.linspace(0, 1, 60);
  const lines = tensorText(tensor).split('\n');
  assert.ok(lines.length > 5 && lines.every((line) => line.length <= 98));
  assert.equal(
    lines
      .slice(1)
      .join('')
      .match(/[\d.]+/g)?.length,
    60,
  );
  tensor.dispose();
});

test('what has no values to show says why', () => {
  const gone = tf.zeros([3]);
  gone.dispose();
  assert.equal(tensorText(gone), 'Tensor float32 [3], disposed of');
  const complex = tf.complex([1, 2], [3, 4]);
  assert.match(tensorText(complex), /^Tensor complex64 \[2\], whose values cannot be read: each is complex/);
  const ones = tf.ones([2]);
  const double = compiled((x: tf.Tensor) => x.mul(2), { precision: 'double' })(ones);
  assert.match(tensorText(double), /^Tensor float32 \[2\], whose values cannot be read: /);
  tf.dispose([complex, ones, double]);
});

test('console.log writes tensors with values, and within others by name', () => {
  const tensor = tf.tensor1d([1, 2]);
  assert.equal(inspect(tensor), 'Tensor float32 [2]\n[1, 2]');
  assert.equal(inspect({ a: [tensor] }), '{ a: [ Tensor float32 [2] ] }');
  tensor.dispose();
});

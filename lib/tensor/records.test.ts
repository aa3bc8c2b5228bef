import assert from 'node:assert/strict';
import { test } from '../testing';
import { cloneRecord, dot, mapRecord, norm, size, tf, valueAndGradients, zipRecords } from '.';

const pair = () => ({ a: tf.tensor([3, 4]), b: tf.tensor([[1], [2]]) });

test('records are mapped and zipped by name', () => {
  tf.tidy(() => {
    const doubled = mapRecord(pair(), (tensor) => tensor.mul(2));
    const summed = zipRecords(pair(), doubled, (x, y, name) => `${name}:${x.add(y).dataSync().join()}`);
    assert.deepEqual(summed, { a: 'a:9,12', b: 'b:3,6' });
  });
});

test('zipping with a record that lacks a name says which', () => {
  assert.throws(() => zipRecords({ a: 1 }, {} as Record<string, number>, (x) => x), {
    message: 'invalid record; has no entry for a, only: []',
  });
});

test('dot, norm and size run over all entries', () => {
  tf.tidy(() => {
    assert.equal(dot(pair(), pair()), 30);
    assert.equal(norm(pair()), Math.sqrt(30));
    assert.equal(size(pair()), 4);
  });
});

test('a cloned record outlives the original', () => {
  const original = pair();
  const copy = cloneRecord(original);
  tf.dispose(original);
  assert.deepEqual([...copy.a.dataSync()], [3, 4]);
  tf.dispose(copy);
});

test('gradients come back under the names of the record', () => {
  tf.tidy(() => {
    const { value, gradients } = valueAndGradients(
      ({ a, b }) => a.square().sum().add(b.sum()) as tf.Scalar,
      pair(),
    );
    assert.equal(value.dataSync()[0], 28);
    assert.deepEqual([...gradients.a.dataSync()], [6, 8]);
    assert.deepEqual([...gradients.b.dataSync()], [1, 1]);
  });
});

import assert from 'node:assert/strict';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import {
  applyAdam,
  applyGradientDescent,
  applyMomentum,
  assignVariable,
  correctedAdam,
  createVariable,
  destroyVariable,
  type NativeVariable,
  readVariable,
  tf,
} from '.';

function valuesOf(variable: NativeVariable): number[] {
  return tf.tidy(() => [...readVariable(variable).dataSync()]);
}

test('a variable holds what it was given or assigned, apart from every other', () => {
  tf.tidy(() => {
    const first = createVariable(tf.tensor1d([1, 2]));
    const second = createVariable(tf.tensor1d([3, 4]));
    assignVariable(second, tf.tensor1d([5, 6]));
    assert.deepEqual(
      [valuesOf(first), valuesOf(second)],
      [
        [1, 2],
        [5, 6],
      ],
    );
    destroyVariable(first);
    destroyVariable(second);
  });
});

test('updates change neither the tensor a variable began with nor one read before', () => {
  tf.tidy(() => {
    const initial = tf.tensor1d([1, 2]);
    const variable = createVariable(initial);
    const before = readVariable(variable);
    applyGradientDescent([{ variable, gradient: tf.tensor1d([1, 1]) }], 0.5);
    assert.deepEqual(
      [[...initial.dataSync()], [...before.dataSync()]],
      [
        [1, 2],
        [1, 2],
      ],
    );
    assert.deepEqual(valuesOf(variable), [0.5, 1.5]);
    destroyVariable(variable);
  });
});

test('a destroyed variable is gone', () => {
  const initial = tf.zeros([2]);
  const variable = createVariable(initial);
  initial.dispose();
  destroyVariable(variable);
  assert.throws(() => readVariable(variable));
});

test('a variable outlives the tidy it was made in', () => {
  const made: NativeVariable[] = [];
  tf.tidy(() => void made.push(createVariable(tf.tensor1d([7]))));
  const [variable] = made;
  assert.deepEqual(valuesOf(variable), [7]);
  destroyVariable(variable);
});

test('the fused Adam and momentum equal their formulas in plain tensors', () => {
  tf.tidy(() => {
    const start = normalTensor([5, 3], 1);
    const gradients = [1, 2, 3].map((step) => normalTensor([5, 3], 10 + step));
    const [variable, mean, square] = [start, tf.zeros([5, 3]), tf.zeros([5, 3])].map(createVariable);
    const settings = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-3 };
    let [x, m, v] = [start, tf.zeros([5, 3]), tf.zeros([5, 3])];
    gradients.forEach((gradient, i) => {
      applyAdam([{ variable, mean, square, gradient }], correctedAdam({ ...settings, step: i + 1 }));
      m = m.mul(0.9).add(gradient.mul(0.1));
      v = v.mul(0.999).add(gradient.square().mul(0.001));
      const root = v.div(1 - 0.999 ** (i + 1)).sqrt();
      x = x.sub(
        m
          .div(1 - 0.9 ** (i + 1))
          .div(root.add(1e-3))
          .mul(0.01),
      );
    });
    assertClose(readVariable(variable), x);

    for (const nesterov of [false, true]) {
      assignVariable(variable, start);
      assignVariable(mean, tf.zeros([5, 3]));
      [x, m] = [start, tf.zeros([5, 3])];
      for (const gradient of gradients) {
        applyMomentum([{ variable, velocity: mean, gradient }], {
          learningRate: 0.1,
          momentum: 0.9,
          nesterov,
        });
        m = m.mul(0.9).add(gradient);
        x = x.sub((nesterov ? gradient.add(m.mul(0.9)) : m).mul(0.1));
      }
      assertClose(readVariable(variable), x);
    }
    [variable, mean, square].forEach(destroyVariable);
  });
});

function assertClose(found: tf.Tensor, expected: tf.Tensor): void {
  const difference = found.sub(expected).abs().max().dataSync()[0];
  assert.ok(difference < 1e-6, `differs by ${difference}`);
}

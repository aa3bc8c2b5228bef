import assert from 'node:assert/strict';
import { test } from '../../testing';
import { assertTwiceDifferentiable, normalTensor } from '../../testing/finiteDifferences';
import { batchNormInference, batchNormTraining, conv2d, relu, softmaxCrossEntropy, tf } from '..';

/** A smooth scalar that weighs every entry differently. */
const weigh = (y: tf.Tensor) => y.mul(normalTensor(y.shape, 7)).add(y.square().mul(0.3)).sum() as tf.Scalar;

for (const [stride, padding] of [
  [1, [1, 1, 1, 1]],
  [2, [1, 1, 1, 1]],
  [2, [0, 0, 0, 0]],
  [1, [0, 2, 1, 0]],
  [2, [0, 1, 1, 1]], // what SAME does for these extents
] as const) {
  test(`conv2d with stride ${stride} and padding ${padding} has first and second derivatives`, () => {
    tf.tidy(() => {
      const x = normalTensor([2, 6, 5, 3], 1);
      const kernel = normalTensor([3, 3, 3, 4], 2, 0.3);
      const f = (a: tf.Tensor, k: tf.Tensor) =>
        weigh(conv2d(a as tf.Tensor4D, k as tf.Tensor4D, { stride, padding }));
      assertTwiceDifferentiable(f, [x, kernel]);
    });
  });

  test(`conv2d with stride ${stride} and padding ${padding} equals padding by hand and a valid convolution`, () => {
    tf.tidy(() => {
      const x = normalTensor<tf.Tensor4D>([2, 6, 5, 3], 1);
      const kernel = normalTensor<tf.Tensor4D>([3, 3, 3, 4], 2);
      const [top, bottom, left, right] = padding;
      const padded = tf.pad(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
      const expected = tf.conv2d(padded, kernel, stride, 'valid');
      const difference = conv2d(x, kernel, { stride, padding }).sub(expected).abs().max().dataSync()[0];
      assert.ok(difference < 1e-5, `differs by ${difference}`);
    });
  });
}

for (const [extents, padding] of [
  [
    [4, 4],
    [1, 1, 1, 1],
  ],
  [
    [2, 2],
    [1, 1, 1, 1],
  ],
  [
    [3, 5],
    [0, 2, 1, 0],
  ],
  [
    [5, 6],
    [0, 0, 0, 0],
  ],
] as const) {
  test(`conv2d on small maps, ${extents} with padding ${padding}, has first and second derivatives`, () => {
    tf.tidy(() => {
      const x = normalTensor([3, ...extents, 2], 1);
      const kernel = normalTensor([3, 3, 2, 4], 2, 0.3);
      const f = (a: tf.Tensor, k: tf.Tensor) =>
        weigh(conv2d(a as tf.Tensor4D, k as tf.Tensor4D, { stride: 1, padding }));
      assertTwiceDifferentiable(f, [x, kernel]);
    });
  });

  test(`conv2d on small maps, ${extents} with padding ${padding}, has the gradients of a padded valid one`, () => {
    tf.tidy(() => {
      const x = normalTensor([3, ...extents, 2], 1);
      const kernel = normalTensor([3, 3, 2, 4], 2, 0.3);
      const [top, bottom, left, right] = padding;
      const ours = (a: tf.Tensor, k: tf.Tensor) =>
        weigh(conv2d(a as tf.Tensor4D, k as tf.Tensor4D, { stride: 1, padding }));
      const plain = (a: tf.Tensor, k: tf.Tensor) => {
        const sides: [number, number][] = [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ];
        return weigh(tf.conv2d(tf.pad(a, sides) as tf.Tensor4D, k as tf.Tensor4D, 1, 'valid'));
      };
      const expected = tf.grads(plain)([x, kernel]);
      tf.grads(ours)([x, kernel]).forEach((gradient, i) => {
        const difference = gradient.sub(expected[i]).abs().max().dataSync()[0];
        assert.ok(difference < 1e-4, `input ${i} differs by ${difference}`);
      });
    });
  });
}

test('relu has first and second derivatives away from zero', () => {
  tf.tidy(() => {
    const x = tf.tensor([-2, -0.5, 0.4, 1.5, 3, -1]);
    assertTwiceDifferentiable((a) => weigh(relu(a)), [x]);
  });
});

test('relu has derivative zero at zero', () => {
  tf.tidy(() => {
    assert.deepEqual(
      [
        ...tf
          .grad((x) => relu(x).sum())(tf.tensor([-1, 0, 1]))
          .dataSync(),
      ],
      [0, 0, 1],
    );
  });
});

test('batch normalisation in training has first and second derivatives', () => {
  tf.tidy(() => {
    const inputs = [normalTensor([4, 3, 3, 2], 1), normalTensor([2], 2), normalTensor([2], 3)];
    const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      weigh(batchNormTraining(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, 1e-5).y);
    assertTwiceDifferentiable(f, inputs);
  });
});

test('batch normalisation in training reports the mean and the unbiased variance of the batch', () => {
  tf.tidy(() => {
    const x = normalTensor<tf.Tensor4D>([4, 3, 3, 2], 1);
    const { mean, variance, y } = batchNormTraining(x, tf.ones([2]), tf.zeros([2]), 1e-5);
    const moments = tf.moments(x, [0, 1, 2]);
    assert.ok(mean.sub(moments.mean).abs().max().dataSync()[0] < 1e-6);
    assert.ok(
      variance
        .sub(moments.variance.mul(36 / 35))
        .abs()
        .max()
        .dataSync()[0] < 1e-5,
    );
    const given = {
      gamma: tf.ones([2]),
      beta: tf.zeros([2]),
      mean,
      variance: moments.variance,
      epsilon: 1e-5,
    };
    assert.ok(batchNormInference(x, given).sub(y).abs().max().dataSync()[0] < 1e-5);
  });
});

test('batch normalisation in inference has first and second derivatives', () => {
  tf.tidy(() => {
    const inputs = [
      normalTensor([4, 3, 3, 2], 1),
      normalTensor([2], 2),
      normalTensor([2], 3),
      normalTensor([2], 4),
    ];
    const variance = tf.tensor1d([0.5, 2]);
    const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, mean: tf.Tensor) =>
      weigh(batchNormInference(x, { gamma, beta, mean, variance, epsilon: 1e-5 }));
    assertTwiceDifferentiable(f, inputs);
  });
});

test('softmax cross-entropy equals its definition and has first and second derivatives', () => {
  tf.tidy(() => {
    const logits = normalTensor<tf.Tensor2D>([3, 4], 1);
    const targets = tf.oneHot(tf.tensor1d([2, 0, 3], 'int32'), 4).toFloat() as tf.Tensor2D;
    const expected = tf.neg(tf.logSoftmax(logits).mul(targets).sum(1));
    assert.ok(softmaxCrossEntropy(logits, targets).sub(expected).abs().max().dataSync()[0] < 1e-5);
    assertTwiceDifferentiable((z) => weigh(softmaxCrossEntropy(z as tf.Tensor2D, targets)), [logits]);
  });
});

for (const [size, stride] of [
  [2, 2],
  [3, 2],
] as const) {
  test(`tfjs's pools of size ${size} and stride ${stride} have second derivatives`, () => {
    tf.tidy(() => {
      const x = normalTensor([2, 6, 6, 2], 5, 3);
      assertTwiceDifferentiable((a) => weigh(tf.maxPool(a as tf.Tensor4D, size, stride, 'valid')), [x], {
        step: 1e-3,
      });
      assertTwiceDifferentiable((a) => weigh(tf.avgPool(a as tf.Tensor4D, size, stride, 'valid')), [x]);
    });
  });
}

test("tfjs's own convolution has second derivatives", () => {
  tf.tidy(() => {
    const inputs = [normalTensor([2, 6, 6, 2], 1), normalTensor([3, 3, 2, 3], 2, 0.3)];
    for (const pad of ['same', 'valid'] as const)
      assertTwiceDifferentiable(
        (x, k) => weigh(tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, 2, pad)),
        inputs,
      );
  });
});

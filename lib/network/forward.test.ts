import assert from 'node:assert/strict';
import { mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { assertGradient, normalTensor } from '../testing/finiteDifferences';
import { cuts, forward, graphBuilder, linearPass, type Network, type Params } from '.';

/** conv → bn → relu → pool → (conv → bn + 1×1 conv) → relu → average → dense, with every kind of layer once. */
function residual(): Network {
  const g = graphBuilder([6, 6, 2]);
  const stem = g.relu('relu', g.batchNorm('norm', g.conv2d('stem', g.input, { filters: 3, bias: true })));
  const pooled = g.maxPool('pool', stem);
  const branch = g.batchNorm('branchNorm', g.conv2d('branch', pooled, { filters: 4, stride: 2 }));
  const shortcut = g.conv2d('shortcut', pooled, { filters: 4, size: 1, stride: 2 });
  const scaled = g.channelScale('scale', shortcut);
  const open = g.relu('open', g.add('add', branch, scaled));
  const features = g.flatten('flat', g.avgPool('average', open));
  g.dense('out', features, { units: 3 });
  return g.build('residual');
}

/** Random parameters, positive where a network needs it. */
function randomParams(network: Network, scale = 0.5): Params {
  return Object.fromEntries(
    network.parameters.map(({ name, shape, role }, i) => {
      const positive = tf.tidy(() => {
        const draw = normalTensor(shape, i, scale);
        return role === 'variance' ? draw.square().add(0.5) : draw;
      });
      return [name, positive];
    }),
  );
}

test('a dense network computes W₂ relu(W₁ x + b₁) + b₂', () => {
  tf.tidy(() => {
    const g = graphBuilder([2]);
    g.dense('second', g.relu('relu', g.dense('first', g.input, { units: 2 })), { units: 1 });
    const params = {
      'first/kernel': tf.tensor2d([1, -1, 2, 1], [2, 2]),
      'first/bias': tf.tensor1d([0.5, 0]),
      'second/kernel': tf.tensor2d([3, 10], [2, 1]),
      'second/bias': tf.tensor1d([-1]),
    };
    const outputs = forward(g.build('mlp'), params, tf.tensor2d([1, 1, 1, -1], [2, 2]));
    assert.deepEqual([...outputs.dataSync()], [3 * 3.5 - 1, -1]); // hidden (3.5, 0) and (−0.5, −2)
  });
});

test('inference and training outputs differ by the statistics they use', () => {
  tf.tidy(() => {
    const network = residual();
    const params = randomParams(network);
    const x = normalTensor([5, 6, 6, 2], 50);
    const seen: Params = {};
    const trained = forward(network, params, x, {
      mode: 'training',
      onStatistics(node, mean, variance) {
        const samples = 5 * (node.id === 'norm' ? 36 : 4);
        seen[node.mean] = tf.keep(mean.clone());
        seen[node.variance] = tf.keep(variance.mul((samples - 1) / samples));
      },
    });
    const withThem = forward(network, { ...params, ...seen }, x);
    assert.ok(trained.sub(withThem).abs().max().dataSync()[0] < 1e-4);
    assert.ok(
      trained
        .sub(forward(network, params, x))
        .abs()
        .max()
        .dataSync()[0] > 1e-2,
    );
    tf.dispose(seen);
  });
});

test('outputs are differentiable in every trainable parameter', () => {
  tf.tidy(() => {
    const network = residual();
    const params = randomParams(network);
    const x = normalTensor([3, 6, 6, 2], 51);
    for (const name of Object.keys(params).filter((key) => !/mean|variance/.test(key))) {
      const f = (value: tf.Tensor) =>
        forward(network, { ...params, [name]: value }, x)
          .sin()
          .sum() as tf.Scalar;
      assertGradient(f, [params[name]], { step: 1e-3, tolerance: 5e-2 }); // float32 at a step small enough to cross no kink
    }
  });
});

test('nothing but the outputs is left in memory', () => {
  const network = residual();
  const params = randomParams(network);
  const x = tf.ones([2, 6, 6, 2]);
  const before = tf.memory().numTensors;
  const outputs = forward(network, params, x);
  const linear = linearPass(network, params, x, 1);
  assert.equal(tf.memory().numTensors - before, 2);
  assert.equal(x.isDisposed, false);
  tf.dispose([outputs, linear, x, params]);
});

test('an input of the wrong shape, an empty batch and a missing or misshapen parameter are refused', () => {
  tf.tidy(() => {
    const network = residual();
    const params = randomParams(network);
    const x = tf.ones([2, 6, 6, 2]);
    assert.throws(() => forward(network, params, tf.ones([2, 6, 6, 1])), {
      message: 'invalid input; residual reads [batch, 6, 6, 2]: [2, 6, 6, 1]',
    });
    assert.throws(
      () => forward(network, params, tf.ones([0, 6, 6, 2])),
      /invalid input; needs at least one sample/,
    );
    const { 'out/bias': bias, ...rest } = params;
    assert.throws(() => forward(network, rest, x), { message: 'invalid params; residual needs: out/bias' });
    assert.throws(() => forward(network, { ...rest, 'out/bias': bias.expandDims(0) }, x), {
      message: 'invalid params; out/bias must have shape [3]: [1, 3]',
    });
  });
});

test('the cuts are the nodes that every path goes through', () => {
  const found = cuts(residual());
  assert.deepEqual(
    [...found],
    ['input', 'stem', 'norm', 'relu', 'pool', 'add', 'open', 'average', 'flat', 'out'],
  );
});

test('the linear pass equals the network itself where every value is positive', () => {
  tf.tidy(() => {
    const network = residual();
    const params = mapRecord(randomParams(network), (tensor) => tensor.abs());
    const zeroed = mapRecord(params, (tensor, name) =>
      /bias|beta|mean/.test(name) ? tf.zerosLike(tensor) : tensor,
    );
    const x = tf.ones([1, 6, 6, 2]);
    assertClose(linearPass(network, params, x, 1), forward(network, zeroed, x));
  });
});

test('with biases the linear pass equals the network with its biases', () => {
  tf.tidy(() => {
    const network = residual();
    const params = mapRecord(randomParams(network), (tensor, name) =>
      /mean/.test(name) ? tf.zerosLike(tensor) : tensor.abs(),
    );
    const x = tf.ones([1, 6, 6, 2]);
    assertClose(linearPass(network, params, x, 1, { biases: true }), forward(network, params, x));
  });
});

test('a pass at θ² with constants in the power is the sum of squares of what each path carries at θ', () => {
  tf.tidy(() => {
    // One path a network: a single weight a layer, so the square of the output at θ is the output at θ².
    const g = graphBuilder([2, 2, 1]);
    const map = g.batchNorm('norm', g.conv2d('conv', g.input, { filters: 1, size: 1 }));
    g.dense('out', g.globalAvgPool('average', map), { units: 1, bias: false });
    const network = g.build('chain');
    const params = randomParams(network);
    const squared = mapRecord(params, (tensor, name) =>
      /mean|variance/.test(name) ? tensor : tensor.square(),
    );
    const x = tf.tensor4d([1, 0, 0, 0], [1, 2, 2, 1]); // one input coordinate, one path
    const at = (s: Params, power: 1 | 2) =>
      linearPass(network, s, x, power, { constants: 'power' }).dataSync()[0];
    const once = at(
      mapRecord(params, (tensor) => tensor.abs()),
      1,
    );
    assert.ok(Math.abs(at(squared, 2) / once ** 2 - 1) < 1e-5);
  });
});

function assertClose(a: tf.Tensor, b: tf.Tensor): void {
  const difference = a.sub(b).abs().max().dataSync()[0];
  const size = b.abs().max().dataSync()[0];
  assert.ok(difference <= 1e-5 * size, `differs by ${difference} of ${size}`);
}

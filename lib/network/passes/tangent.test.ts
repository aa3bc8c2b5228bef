import assert from 'node:assert/strict';
import { mapRecord, tf, valueAndGradients } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import { graphBuilder, linearTangent, type Network, type Params, tangent as tangentOf } from '..';
import { forward } from './forward';

/** Each op once; sizes at which no window overlaps the border. */
function everyOp(): Network {
  const g = graphBuilder([6, 6, 2]);
  const stem = g.relu('relu', g.batchNorm('norm', g.conv2d('stem', g.input, { filters: 3, bias: true })));
  const pooled = g.maxPool('pool', stem);
  const sum = g.add('add', g.conv2d('branch', pooled, { filters: 3 }), g.channelScale('scale', pooled));
  const flat = g.flatten('flat', g.avgPool('average', sum, { size: 3 }));
  g.dense('out', g.add('both', flat, g.globalAvgPool('global', sum)), { units: 3 });
  return g.build('every-op');
}

function draw(network: Network, seed: number): Params {
  return Object.fromEntries(
    network.parameters.map(({ name, shape, role }, i) => [
      name,
      tf.tidy(() => {
        const tensor = normalTensor(shape, seed + i, 0.5);
        return role === 'variance' ? tensor.square().add(0.5) : tensor;
      }),
    ]),
  );
}

for (const mode of ['inference', 'training'] as const)
  test(`in ${mode} the tangent is the slope along the direction, of parameters and input`, () => {
    tf.tidy(() => {
      const network = everyOp();
      const params = draw(network, 0);
      const directions = Object.fromEntries(
        network.parameters
          .filter(({ role }) => role !== 'mean' && role !== 'variance')
          .map(({ name, shape }, i) => [name, normalTensor(shape, 500 + i)]),
      );
      const x = normalTensor([4, 6, 6, 2], 900);
      const input = normalTensor([4, 6, 6, 2], 901);
      const { outputs, tangent } = tangentOf(network, params, directions, x, { input, mode });
      const at = (t: number) =>
        forward(
          network,
          mapRecord(params, (value, name) => (directions[name] ? value.add(directions[name].mul(t)) : value)),
          x.add(input.mul(t)),
          { mode },
        );
      assert.deepEqual([...outputs.dataSync()], [...at(0).dataSync()]);
      const step = 1e-3; // float32 at a step small enough to cross few kinks
      const slope = at(step)
        .sub(at(-step))
        .div(2 * step);
      const error = slope.sub(tangent).abs().max().dataSync()[0];
      const size = tangent.abs().max().dataSync()[0];
      assert.ok(error < 2e-2 * size, `differs by ${error} of ${size}`);
    });
  });

test('the tangent along a direction is what the gradient says of it', () => {
  tf.tidy(() => {
    const network = everyOp();
    const params = draw(network, 0);
    const x = normalTensor([2, 6, 6, 2], 900);
    const weights = normalTensor([2, 3], 902);
    for (const [i, name] of Object.keys(params)
      .filter((key) => !/mean|variance/.test(key))
      .entries()) {
      const direction = normalTensor(params[name].shape, 300 + i);
      const { gradients } = valueAndGradients(
        (at) =>
          forward(network, { ...params, ...at }, x)
            .mul(weights)
            .sum(),
        { [name]: params[name] },
      );
      const expected = gradients[name].mul(direction).sum().dataSync()[0];
      const { tangent } = tangentOf(network, params, { [name]: direction }, x);
      const found = tangent.mul(weights).sum().dataSync()[0];
      assert.ok(Math.abs(found - expected) < 1e-4 * Math.max(1, Math.abs(expected)), `${name}: ${found}`);
    }
  });
});

test('nothing moves without a direction, and those of unknown parameters and of running statistics are refused', () => {
  tf.tidy(() => {
    const network = everyOp();
    const params = draw(network, 0);
    const x = tf.ones([1, 6, 6, 2]);
    assert.equal(tangentOf(network, params, {}, x).tangent.abs().max().dataSync()[0], 0);
    assert.throws(
      () => tangentOf(network, params, { 'outs/kernel': x }, x),
      /invalid directions; the network has no such tensor, the nearest are out\/kernel/,
    );
    const still = linearTangent(network, params, {}, x, 1);
    assert.equal(still.tangent.abs().max().dataSync()[0], 0);
    const statistic = { 'norm/mean': tf.ones([3]) };
    const refusal = /invalid directions; no running statistic has one: norm\/mean/;
    assert.throws(() => tangentOf(network, params, statistic, x), refusal);
    assert.throws(() => linearTangent(network, params, statistic, x, 1), refusal);
  });
});

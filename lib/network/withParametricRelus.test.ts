import assert from 'node:assert/strict';
import { mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { forward, initialise, resnet20, withParametricRelus } from '.';

test('with slopes of 0 its outputs are those of the network, with slopes of 1 they are linear', () => {
  const network = resnet20({ input: [8, 8, 3] });
  const sloped = withParametricRelus(network);
  const slopes = sloped.parameters.filter(({ role }) => role === 'slope');
  assert.equal(slopes.length, network.nodes.filter(({ op }) => op === 'relu').length);
  assert.ok(sloped.nodes.every(({ op }) => op !== 'relu'));
  tf.tidy(() => {
    const params = initialise(network, { seed: 1 });
    const withSlopes = (slope: number) => ({
      ...params,
      ...Object.fromEntries(slopes.map(({ name, shape }) => [name, tf.fill([...shape], slope)])),
    });
    const [x, y] = [1, 2].map((seed) => normalTensor([3, 8, 8, 3], seed));
    const outputs = (slope: number, at: tf.Tensor) => forward(sloped, withSlopes(slope), at);
    assert.deepEqual(outputs(0, x).arraySync(), forward(network, params, x).arraySync());
    const sum = outputs(1, x.add(y))
      .sub(outputs(1, x))
      .sub(outputs(1, y))
      .add(outputs(1, tf.zerosLike(x)));
    const size = outputs(1, x).abs().max().dataSync()[0];
    assert.ok(sum.abs().max().dataSync()[0] < 1e-4 * size);
    const drawn = initialise(sloped, { seed: 1 });
    const kept = mapRecord(params, (tensor) => [...tensor.dataSync()]);
    for (const name of Object.keys(params)) assert.deepEqual([...drawn[name].dataSync()], kept[name], name);
  });
});

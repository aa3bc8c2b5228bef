import assert from 'node:assert/strict';
import { forward, graphBuilder, initialise, ops } from '../network';
import { mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { tinyDataset } from '../testing/tinyTraining';
import { createTrainer, sgd } from '.';

function network(rate: number) {
  const g = graphBuilder([6, 6, 1]);
  const hidden = g.relu('open', g.dense('first', g.flatten('flat', g.input), { units: 20 }));
  g.dense('second', g.dropout('drop', hidden, { rate }), { units: 3 });
  return g.build('dropped');
}

test('in training about the rate of all entries become 0, others for each seed, and the rest grow by 1 / (1 − rate)', () => {
  tf.tidy(() => {
    const node = ops.dropout.node('drop', 'x', { rate: 0.3 });
    const x = tf.ones([100, 50]);
    const draw = (step: number, id = 'drop') => {
      const seed = tf.tensor1d([7, step], 'int32');
      return ops.dropout.forward({ ...node, id }, [x], { params: {}, x, mode: 'training', seed }).dataSync();
    };
    const values = draw(1);
    const zeros = values.filter((value) => value === 0).length / 5000;
    assert.ok(Math.abs(zeros - 0.3) < 4 * Math.sqrt((0.3 * 0.7) / 5000), `${zeros}`);
    assert.ok(values.every((value) => value === 0 || Math.abs(value - 1 / 0.7) < 1e-6));
    assert.deepEqual(draw(1), values);
    for (const other of [draw(2), draw(1, 'another')]) assert.notDeepEqual(other, values);
    assert.deepEqual(
      ops.dropout.forward(node, [x], { params: {}, x, mode: 'inference' }).dataSync(),
      x.dataSync(),
    );
  });
});

test('a training with dropout repeats to the bit, goes on so from its state, and differs from one without', async () => {
  const data = tinyDataset();
  const params = initialise(network(0.5), { seed: 1 });
  const options = { data, batch: 16, seed: 3, optimiser: sgd({ learningRate: 0.1 }) };
  const bits = (of: Record<string, tf.Tensor>) => {
    const found = mapRecord(of, (tensor) => [...tensor.dataSync()]);
    tf.dispose(of);
    return found;
  };
  const trained = async (rate: number, pause = false) => {
    let trainer = createTrainer(network(rate), params, options);
    await trainer.runEpoch();
    if (pause) {
      const resume = trainer.state();
      trainer.dispose();
      trainer = createTrainer(network(rate), params, { ...options, resume });
      tf.dispose(resume.tensors);
    }
    await trainer.runEpoch();
    const found = bits(trainer.params());
    trainer.dispose();
    return found;
  };
  const once = await trained(0.5);
  assert.deepEqual(await trained(0.5), once);
  assert.deepEqual(await trained(0.5, true), once);
  assert.notDeepEqual(await trained(0), once);
  const x = tf.ones([2, 6, 6, 1]);
  const outputs = [0, 0.9].map((rate) => forward(network(rate), params, x));
  assert.deepEqual(outputs[0].dataSync(), outputs[1].dataSync());
  tf.dispose([params, x, outputs]);
});

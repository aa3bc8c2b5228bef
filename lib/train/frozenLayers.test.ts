import assert from 'node:assert/strict';
import { graphBuilder, initialise } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { tinyDataset } from '../testing/tinyTraining';
import { adam, createTrainer } from '.';

test('a layer that is not trainable stays as it is, to the bit, while the others move', async () => {
  const data = tinyDataset();
  const g = graphBuilder([6, 6, 1]);
  const map = g.batchNorm('norm', g.conv2d('conv', g.input, { filters: 4, trainable: false }), {
    trainable: false,
  });
  g.dense('dense', g.flatten('flat', g.relu('open', map)), { units: 3 });
  const network = g.build('frozen');
  const params = initialise(network, { seed: 1 });
  const trainer = createTrainer(network, params, { data, batch: 16, seed: 1, optimiser: adam() });
  await trainer.runEpoch();
  const after = trainer.params();
  for (const name of ['conv/kernel', 'norm/gamma', 'norm/beta'])
    assert.deepEqual([...after[name].dataSync()], [...params[name].dataSync()]);
  for (const name of ['dense/kernel', 'dense/bias', 'norm/mean'])
    assert.notDeepEqual([...after[name].dataSync()], [...params[name].dataSync()]);
  trainer.dispose();
  tf.dispose([params, after]);
});

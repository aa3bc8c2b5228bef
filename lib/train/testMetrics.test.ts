import assert from 'node:assert/strict';
import { batches } from '../data';
import { applyMask, forward } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { tinyDataset, tinyNetwork, tinyStart } from '../testing/tinyTraining';
import { countCorrect } from './metrics';
import { testMetrics } from './testMetrics';

test('an image counts where its label is among the largest outputs, the lower class first of equals', () => {
  tf.tidy(() => {
    const logits = tf.tensor2d([
      [7, 6, 5, 4, 3, 2, 1],
      [7, 6, 5, 4, 3, 2, 1],
      [7, 6, 5, 4, 3, 2, 1],
      [0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0],
    ]);
    const count = (...labels: number[]) => [...countCorrect(logits, tf.tensor1d(labels, 'int32')).dataSync()];
    assert.deepEqual(count(0, 4, 5, 0, 5), [2, 3]);
    assert.deepEqual(count(1, 2, 3, 1, 4), [0, 5]);
  });
});

test('with fewer than five classes every image is among the first five', () => {
  tf.tidy(() => {
    const logits = normalTensor<tf.Tensor2D>([6, 3], 1);
    assert.equal(countCorrect(logits, tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32')).dataSync()[1], 6);
  });
});

for (const isMasked of [false, true])
  test(`metrics ${isMasked ? 'under a mask ' : ''}equal those computed one image at a time`, async () => {
    const data = tinyDataset({ classes: 7, test: 13 });
    const network = tinyNetwork({ classes: 7 });
    const { params, mask } = tinyStart(network);
    const used = isMasked ? applyMask(network, params, mask) : params;
    let [loss, top1, top5] = [0, 0, 0];
    for (const { images, labels } of batches(data, 'test', { batch: 1 })) {
      const outputs = tf.tidy(() => [...forward(network, used, images).dataSync()]);
      const label = labels.dataSync()[0];
      const rank = outputs.filter((value) => value > outputs[label]).length;
      loss += Math.log(outputs.reduce((sum, value) => sum + Math.exp(value), 0)) - outputs[label];
      top1 += rank < 1 ? 1 : 0;
      top5 += rank < 5 ? 1 : 0;
      tf.dispose([images, labels]);
    }
    for (const batch of [1, 5, 256]) {
      const found = await testMetrics(network, params, data, { batch, ...(isMasked && { mask }) });
      assert.ok(Math.abs(found.loss - loss / 13) < 1e-5, `${found.loss}, not ${loss / 13}`);
      assert.deepEqual([found.top1, found.top5], [top1 / 13, top5 / 13]);
    }
    tf.dispose([params, mask, used]);
  });

test('metrics refuse data of another shape or number of classes, empty batches and unknown splits', async () => {
  const network = tinyNetwork();
  const { params, mask } = tinyStart(network);
  const data = tinyDataset();
  const refuses = (work: Promise<unknown>, message: RegExp) => assert.rejects(work, { message });
  await refuses(
    testMetrics(network, params, { ...data, shape: [4, 9, 1] }),
    /^invalid data; tiny reads \[6, 6, 1\], images of tiny are: \[4, 9, 1\]$/,
  );
  await refuses(
    testMetrics(network, params, tinyDataset({ classes: 4 })),
    /^invalid data; tiny tells 3 classes apart, tiny has: 4$/,
  );
  for (const batch of [0, -1, 1.5, Number.NaN])
    await refuses(testMetrics(network, params, data, { batch }), /^invalid batch; not a whole number/);
  await refuses(testMetrics(network, params, data, { split: 'all' as 'test' }), /^invalid split; /);
  await refuses(
    testMetrics(network, params, data, { mask: { conv: mask['conv1/kernel'] } }),
    /^invalid mask; /,
  );
  tf.dispose([params, mask]);
});

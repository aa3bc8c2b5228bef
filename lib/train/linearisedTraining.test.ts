import assert from 'node:assert/strict';
import { batches } from '../data';
import { applyMask, fc, graphBuilder, initialise } from '../network';
import { linearised, predictedTraining } from '../ntk';
import { mapRecord, type TensorRecord, tf } from '../tensor';
import { test } from '../testing';
import { tinyDataset, tinyNetwork, tinyStart } from '../testing/tinyTraining';
import { adam, createTrainer, sgd, type TrainOptions, testMetrics, train } from '.';
import { losses } from './losses';

const data = tinyDataset();
const network = tinyNetwork();
const values = (record: Readonly<TensorRecord>) => mapRecord(record, (tensor) => [...tensor.dataSync()]);

for (const [name, optimiser] of Object.entries({
  sgd: sgd({ learningRate: 0.05 }),
  momentum: sgd({ learningRate: 0.02, momentum: 0.9, weightDecay: 0.01 }),
  adam: adam({ learningRate: 0.01 }),
}))
  test(`a linearised network is trained by ${name}, masked, its statistics as they were, and goes on to the bit where it stopped`, async () => {
    const { params, mask } = tinyStart(network);
    const options: TrainOptions = {
      ...{ data, mask, batch: 10, optimiser, epochs: 3, linearisedAt: params },
      schedule: { drops: [2] },
    };
    const whole = await train(network, params, options);
    let state = {} as Parameters<NonNullable<TrainOptions['onEpoch']>>[1] extends () => infer S ? S : never;
    const half = await train(network, params, {
      ...options,
      epochs: 2,
      onEpoch(row, now) {
        if (row.epoch === 2) state = now();
      },
    });
    const rest = await train(network, params, { ...options, mask: undefined, resume: state });
    assert.deepEqual(values(rest.params), values(whole.params));
    const untimed = ({ seconds, ...row }: object & { seconds?: number | null }) => row;
    assert.deepEqual(rest.rows.map(untimed), whole.rows.slice(3).map(untimed));
    const last = whole.rows.at(-1);
    assert.ok((last?.trainLoss ?? 9) < 0.8 * (whole.rows[1].trainLoss ?? 0), JSON.stringify(whole.rows));

    tf.tidy(() => {
      const start = applyMask(network, params, mask);
      for (const id of ['norm1', 'norm2'])
        assert.deepEqual(
          values({ m: whole.params[`${id}/mean`], v: whole.params[`${id}/variance`] }),
          values({ m: params[`${id}/mean`], v: params[`${id}/variance`] }),
        );
      for (const [kernel, kept] of Object.entries(mask))
        assert.equal(whole.params[kernel].mul(tf.sub(1, kept)).abs().max().dataSync()[0], 0, kernel);
      const [{ images, labels }] = batches(data, 'test', { batch: 12 });
      const outputs = linearised(network, start, whole.params, images);
      const loss = losses(outputs, labels).mean().dataSync()[0];
      assert.ok(Math.abs(loss - (last?.testLoss ?? 9)) < 1e-5 * loss, `${loss}, ${last?.testLoss}`);
    });
    const found = await testMetrics(network, whole.params, data, { mask, linearisedAt: params });
    assert.ok(Math.abs(found.loss - (last?.testLoss ?? 9)) < 1e-6);
    tf.dispose([params, mask, whole.params, half.params, rest.params, state.tensors]);
  });

test('its gradient where it is linearised is that of the network, and the same wherever it went', () => {
  const plain = graphBuilder([6, 6, 1]);
  const hidden = plain.relu('relu', plain.dense('hidden', plain.flatten('flat', plain.input), { units: 7 }));
  plain.dense('out', hidden, { units: 3 });
  const own = plain.build('plain');
  const params = initialise(own, { seed: 3 });
  const far = tf.tidy(() => mapRecord(params, (tensor) => tensor.add(0.3)));
  const [batch] = batches(data, 'train', { batch: 48 });
  const gradientsAt = (start: typeof params, options: object) => {
    const trainer = createTrainer(own, start, { data, loss: 'squares', ...options });
    const found = trainer.gradients(batch);
    trainer.dispose();
    return found;
  };
  const [network, there] = [gradientsAt(params, {}), gradientsAt(params, { linearisedAt: params })];
  const away = gradientsAt(far, { linearisedAt: params });
  tf.tidy(() => {
    for (const [name, gradient] of Object.entries(network)) {
      const size = gradient.abs().max().dataSync()[0];
      assert.ok(gradient.sub(there[name]).abs().max().dataSync()[0] < 1e-5 * size, name);
    }
    // At θ the gradient is Jᵀ(f_lin − y) / n: it moves by the kernel's own Jᵀ J (θ − θ₀) / n.
    const moved = linearised(own, params, far, batch.images).sub(
      linearised(own, params, params, batch.images),
    );
    const along = (record: TensorRecord) =>
      Object.entries(record)
        .map(([name, gradient]) => gradient.mul(far[name].sub(params[name])).sum().dataSync()[0])
        .reduce((a, b) => a + b);
    const expected = moved.square().sum().dataSync()[0] / 48;
    assert.ok(Math.abs(along(away) - along(there) - expected) < 1e-4 * expected, `${expected}`);
  });
  tf.dispose([params, far, batch.images, batch.labels, network, there, away]);
});

test('gradient descent on all images is what the tangent kernel alone predicts, of masked networks too', async () => {
  const few = tinyDataset({ train: 12, test: 6 });
  const { params, mask: half } = tinyStart(network);
  const learningRate = 0.001;
  for (const mask of [undefined, half]) {
    const flow = await predictedTraining(network, params, few, { learningRate, mask });
    const history = await train(network, params, {
      ...{ data: few, mask, batch: 12, epochs: 21, loss: 'squares', linearisedAt: params },
      optimiser: sgd({ learningRate }),
    });
    for (const { epoch, trainLoss, testLoss } of history.rows) {
      const { loss, test } = flow.after(epoch);
      const before = flow.after(Math.max(0, epoch - 1)).loss;
      if (trainLoss !== null)
        assert.ok(Math.abs(trainLoss - before) < 1e-4 * before, `${epoch}: ${trainLoss}, ${before}`);
      const labels = Array.from(few.test.labels);
      const squares = Array.from(
        test ?? [],
        (f, i) => (f - Number(labels[Math.floor(i / 3)] === i % 3)) ** 2 / 2,
      );
      const mean = squares.reduce((sum, square) => sum + square, 0) / labels.length;
      assert.ok(Math.abs((testLoss ?? 0) - mean) < 1e-4 * mean, `${epoch}: ${testLoss}, ${mean}`);
      assert.ok(epoch === 0 || loss < before);
    }
    tf.dispose(history.params);
  }
  tf.dispose([params, half]);
});

test('XLA computes the same linearised training as TensorFlow does operation by operation', async () => {
  // The one compiles networks of 50,000 weights and more.
  const wide = fc({ input: [6, 6, 1], classes: 3, width: 240, depth: 3 });
  const params = initialise(wide, { seed: 1 });
  const history = await train(wide, params, {
    ...{ data, epochs: 2, batch: 16, optimiser: sgd({ learningRate: 0.01 }), linearisedAt: params },
  });
  assert.ok((history.rows[2].testLoss ?? 9) < (history.rows[0].testLoss ?? 0));
  const found = tf.tidy(() => {
    const [{ images, labels }] = batches(data, 'test', { batch: 12 });
    return losses(linearised(wide, params, history.params, images), labels)
      .mean()
      .dataSync()[0];
  });
  assert.ok(Math.abs(found - (history.rows[2].testLoss ?? 9)) < 1e-4 * found);
  tf.dispose([params, history.params]);
});

test('nothing is dropped of a linearised network, and its slopes are trained', async () => {
  const g = graphBuilder([6, 6, 1]);
  const hidden = g.parametricRelu('relu', g.conv2d('conv', g.input, { filters: 3 }));
  g.dense('out', g.flatten('flat', g.dropout('drop', hidden, { rate: 0.5 })), { units: 3 });
  const own = g.build('dropping');
  const params = initialise(own, { seed: 6 });
  const options = { data, epochs: 2, optimiser: sgd({ learningRate: 0.01 }), linearisedAt: params };
  const [one, other] = [
    await train(own, params, options),
    await train(own, params, { ...options, batch: 48, seed: 9 }),
  ];
  const first = other.rows[1].trainLoss ?? 0; // before any step
  const plain = await testMetrics(own, params, data, { split: 'train' });
  assert.ok(Math.abs(first - plain.loss) < 1e-5 * plain.loss, `${first}, ${plain.loss}`);
  assert.ok((one.rows[2].trainLoss ?? 9) < first);
  assert.notDeepEqual(values(one.params)['relu/slope'], values(params)['relu/slope']);
  tf.dispose([params, one.params, other.params]);
});

test('losses are what their formulas say, of one output and of several', () => {
  tf.tidy(() => {
    const labels = tf.tensor1d([0, 1, 1], 'int32');
    const one = tf.tensor2d([[0.3], [-40], [90]]);
    const close = (found: tf.Tensor, expected: number[]) =>
      found.dataSync().forEach((value, i) => {
        assert.ok(Math.abs(value - expected[i]) <= 1e-6 * Math.max(1, Math.abs(expected[i])), `${value}`);
      });
    close(losses(one, labels, 'sigmoid-cross-entropy'), [Math.log(1 + Math.exp(0.3)), 40, 0]);
    close(losses(one, labels, 'squares'), [0.045, 840.5, 3960.5]);
    const two = tf.tensor2d(
      [
        [1, 2],
        [0, -1],
        [3, 0],
      ].slice(0, 3),
    ); // [3, 2]
    const s = (z: number) => Math.log(1 + Math.exp(z));
    close(losses(two, labels, 'sigmoid-cross-entropy'), [s(-1) + s(2), s(0) + s(1), s(3) + s(0)]);
    close(losses(two, labels, 'squares'), [2, 2, 5]);
    close(losses(two, labels), [s(1), s(1), s(3)]);
  });
});

test('a network of one output is trained to tell two classes apart, as it is and linearised', async () => {
  const pair = tinyDataset({ classes: 2 });
  const single = tinyNetwork({ classes: 1 });
  const params = initialise(single, { seed: 4 });
  for (const loss of ['sigmoid-cross-entropy', 'squares'] as const)
    for (const linearisedAt of [undefined, params]) {
      const options = { data: pair, epochs: 25, batch: 12, loss, linearisedAt };
      const history = await train(single, params, { ...options, optimiser: adam({ learningRate: 0.01 }) });
      const { trainTop1, testTop1, testTop5, testLoss } = history.rows[25];
      assert.equal(trainTop1, 1, `${loss}: ${trainTop1}`);
      assert.equal(testTop5, 1);
      const found = await testMetrics(single, history.params, pair, { loss, linearisedAt });
      assert.deepEqual([found.loss, found.top1], [testLoss, testTop1]);
      tf.dispose(history.params);
    }
  tf.dispose(params);
});

test('losses and linearisations that do not fit are refused by name', async () => {
  const { params, mask } = tinyStart(network);
  const refused: [object, RegExp][] = [
    [{ loss: 'square' }, /invalid loss; unknown, did you mean squares.*: square/],
    [{ linearisedAt: {} }, /invalid linearisedAt; tiny needs: conv1\/kernel/],
    [{ linearisedAt: params, compact: true, mask }, /invalid compact; no smaller network takes .*: true/],
  ];
  for (const [options, message] of refused)
    await assert.rejects(train(network, params, { data, epochs: 1, ...options }), message);
  await assert.rejects(testMetrics(network, params, data, { loss: 'mse' as 'squares' }), /invalid loss/);
  const single = tinyNetwork({ classes: 1 });
  const own = initialise(single, { seed: 4 });
  const pair = tinyDataset({ classes: 2 });
  await assert.rejects(train(single, own, { data: pair, epochs: 1 }), /invalid network; .*2 classes or more/);
  await assert.rejects(
    train(single, own, { data, epochs: 1, loss: 'squares' }),
    /tiny tells 2 classes apart/,
  );
  tf.dispose([params, mask, own]);
});

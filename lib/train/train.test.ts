import assert from 'node:assert/strict';
import { interruptWork } from '../base';
import { synthetic } from '../data';
import { applyMask, fc, forward, graphBuilder, initialise, type Params } from '../network';
import { pathKernelTrace } from '../path';
import { mapRecord, tf, valueAndGradients } from '../tensor';
import { test } from '../testing';
import { tinyDataset, tinyNetwork, tinyStart } from '../testing/tinyTraining';
import { adam, createTrainer, type EpochRow, sgd, type TrainingState, type TrainOptions, train } from '.';

const data = tinyDataset();
const network = tinyNetwork();

const bits = (params: Params) => mapRecord(params, (tensor) => [...tensor.dataSync()]);
const withoutTimes = (rows: EpochRow[]) => rows.map((row) => ({ ...row, seconds: 0 }));

/** Rows and final values of a training of the tiny network. */
async function run(options: Partial<TrainOptions>) {
  const { params, mask } = tinyStart(network);
  const history = await train(network, params, { data, mask, epochs: 3, batch: 10, ...options });
  const result = { ...history, rows: withoutTimes(history.rows), params: bits(history.params) };
  tf.dispose([params, mask, history.params]);
  return result;
}

for (const [name, optimiser] of [
  ['adam', adam({ learningRate: 0.01 })],
  ['adam with weight decay', adam({ learningRate: 0.01, weightDecay: 0.1 })],
  ['momentum with weight decay', sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 })],
  ['Nesterov momentum', sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })],
] as const)
  test(`under ${name} pruned weights are exactly 0 after every step and everything else moves`, async () => {
    const { params, mask } = tinyStart(network);
    const trainer = createTrainer(network, params, { data, mask, batch: 10, optimiser });
    const masks = bits(mask);
    let steps = 0;
    await trainer.runEpoch(undefined, () => {
      steps++;
      const now = trainer.params();
      for (const [kernel, values] of Object.entries(bits(now)))
        if (kernel in masks)
          assert.ok(values.every((value, i) => (value === 0) === (masks[kernel][i] === 0)));
      tf.dispose(now);
    });
    assert.equal(steps, trainer.steps);
    const [before, after] = [bits(params), trainer.params()];
    for (const [parameter, values] of Object.entries(bits(after)))
      assert.notDeepEqual(values, before[parameter], `${parameter} does not move`);
    trainer.dispose();
    tf.dispose([params, mask, after]);
  });

test('a step goes down the gradient of the mean cross-entropy and moves running statistics by a tenth', async () => {
  const { params, mask } = tinyStart(network);
  const all = data.train.count;
  const trainer = createTrainer(network, params, {
    data,
    mask,
    batch: all,
    optimiser: sgd({ learningRate: 0.05 }),
  });
  const row = await trainer.runEpoch();
  const after = trainer.params();
  tf.tidy(() => {
    const pixels = Float32Array.from(data.train.pixels, (byte) => (byte / 255 - data.mean[0]) / data.std[0]);
    const images = tf.tensor4d(pixels, [all, 6, 6, 1]);
    const targets = tf.oneHot(tf.tensor1d(Int32Array.from(data.train.labels), 'int32'), 3);
    const start = applyMask(network, params, mask);
    const trained = network.parameters.filter(({ role }) => role !== 'mean' && role !== 'variance');
    const { value, gradients } = valueAndGradients(
      (at) => {
        const logits = forward(network, { ...start, ...at }, images, { mode: 'training' });
        return tf.losses.softmaxCrossEntropy(targets, logits) as tf.Scalar;
      },
      Object.fromEntries(trained.map(({ name }) => [name, start[name]])),
    );
    assert.ok(Math.abs(value.dataSync()[0] - (row?.trainLoss ?? Number.NaN)) < 1e-6);
    const maps = tf.conv2d(images, start['conv1/kernel'] as tf.Tensor4D, 1, 'same'); // [all, 6, 6, 4]
    const { mean, variance } = tf.moments(maps, [0, 1, 2]);
    const count = all * 36;
    assertClose(after['norm1/mean'], mean.mul(0.1));
    assertClose(after['norm1/variance'], variance.mul((0.1 * count) / (count - 1)).add(0.9));
    for (const { name } of trained) {
      const gradient = mask[name] ? gradients[name].mul(mask[name]) : gradients[name];
      assertClose(after[name], start[name].sub(gradient.mul(0.05)));
    }
  });
  trainer.dispose();
  tf.dispose([params, mask, after]);
});

function assertClose(found: tf.Tensor, expected: tf.Tensor): void {
  const difference = found.sub(expected).abs().max().dataSync()[0];
  assert.ok(difference < 1e-6, `differs by ${difference}`);
}

test('the weights of identity shortcuts stay at 1', async () => {
  const g = graphBuilder([6, 6, 1]);
  const scaled = g.channelScale('scale', g.conv2d('conv', g.input, { filters: 2 }));
  g.dense('dense', g.flatten('flatten', g.relu('relu', scaled)), { units: 3 });
  const scaling = g.build('scaling');
  const params = initialise(scaling, { seed: 1 });
  const history = await train(scaling, params, { data, epochs: 1, batch: 10 });
  assert.deepEqual([...history.params['scale/scale'].dataSync()], [1, 1]);
  tf.dispose([params, history.params]);
});

test('a pruned network learns the synthetic set', async () => {
  const images = synthetic({ train: 400, test: 100 });
  const dense = fc({ width: 40, depth: 3, input: images.shape });
  const params = initialise(dense, { seed: 1 });
  const { mask, params: other } = tinyStart(dense);
  const history = await train(dense, params, { data: images, mask, epochs: 4 });
  const losses = history.rows.slice(1).map(({ trainLoss }) => trainLoss ?? Number.NaN);
  assert.ok(losses.every((loss, i) => i === 0 || loss < losses[i - 1]));
  assert.ok((history.rows[4].trainTop1 ?? 0) > 0.7, `right ${history.rows[4].trainTop1}`);
  assert.ok((history.rows[4].testTop1 ?? 0) > 0.4, `right on test images ${history.rows[4].testTop1}`);
  tf.dispose([params, other, mask, history.params]);
});

test('rows hold what they say, row 0 the state before training', async () => {
  const { params, mask } = tinyStart(network);
  const states: Params[] = [];
  const { rows, params: last } = await train(network, params, {
    data,
    mask,
    epochs: 3,
    batch: 10,
    schedule: { drops: [2] },
    onEpoch: (_, state) => {
      const { tensors } = state();
      states.push(mapRecord(params, (_tensor, name) => tensors[`params/${name}`].clone()));
      tf.dispose(tensors);
    },
  });
  assert.deepEqual(
    rows.map(({ epoch, learningRate }) => [epoch, learningRate]),
    [
      [0, null],
      [1, 1e-3],
      [2, 1e-3],
      [3, 1e-4],
    ],
  );
  const kernels = Object.keys(mask);
  const distance = (a: Params, b: Params) =>
    Math.hypot(
      ...kernels.flatMap((name) => {
        const other = b[name].dataSync();
        return [...a[name].dataSync()].map((value, i) => value - other[i]);
      }),
    );
  const near = (found: number | null, expected: number) =>
    assert.ok(
      Math.abs((found ?? Number.NaN) - expected) < 1e-5 * Math.max(1, Math.abs(expected)),
      `${found}, not ${expected}`,
    );
  rows.forEach((row, t) => {
    near(row.weightMovement, distance(states[t], states[0]));
    near(row.weightNorm, Math.hypot(...kernels.flatMap((name) => [...states[t][name].dataSync()])));
    if (t > 0) near(row.weightMovementFromFirst, distance(states[t], states[1]));
    near(row.pathKernelTrace, pathKernelTrace(network, states[t], { mask }).log);
    const test = Float32Array.from(data.test.pixels, (byte) => (byte / 255 - data.mean[0]) / data.std[0]);
    const outputs = tf.tidy(() => [
      ...forward(network, states[t], tf.tensor(test, [data.test.count, 6, 6, 1])).dataSync(),
    ]);
    near(row.outputNorm, Math.hypot(...outputs));
    near(row.outputMean, outputs.reduce((sum, value) => sum + value, 0) / outputs.length);
  });
  const { trainLoss, trainTop1, trainTop5, weightMovementFromFirst, firstBatchMean, firstBatchNorm } =
    rows[0];
  assert.deepEqual(
    [trainLoss, trainTop1, trainTop5, weightMovementFromFirst, firstBatchMean, firstBatchNorm],
    [null, null, null, null, null, null],
  );
  assert.deepEqual(bits(last), bits(states[3]));
  assert.deepEqual(JSON.parse(JSON.stringify(rows)), rows);
  tf.dispose([params, mask, last, states]);
});

test('what is not to be recorded is null', async () => {
  const { rows } = await run({ epochs: 1, record: { trace: false, test: false } });
  for (const { testLoss, testTop1, testTop5, pathKernelTrace: trace } of rows)
    assert.deepEqual([testLoss, testTop1, testTop5, trace], [null, null, null, null]);
  const published = await run({ epochs: 1, record: { trace: 'as-published' } });
  const clean = await run({ epochs: 1 });
  assert.notEqual(published.rows[0].pathKernelTrace, clean.rows[0].pathKernelTrace);
});

test('the trace of a network without a path left is null', async () => {
  const { params, mask } = tinyStart(network);
  const none = { ...mask, 'dense/kernel': tf.zerosLike(mask['dense/kernel']) };
  const history = await train(network, params, { data, mask: none, epochs: 1 });
  assert.deepEqual(
    history.rows.map((row) => row.pathKernelTrace),
    [null, null],
  );
  tf.dispose([params, mask, none, history.params]);
});

test('the same seed gives the same rows and weights to the bit, another seed does not', async () => {
  const options = { augment: true, seed: 3 };
  const first = await run(options);
  assert.deepEqual(await run(options), first);
  assert.notDeepEqual((await run({ ...options, seed: 4 })).params, first.params);
});

for (const optimiser of [adam(), sgd({ learningRate: 0.1, momentum: 0.9 }), sgd({ learningRate: 0.1 })])
  test(`a training resumed from its state equals one that never stopped, under ${JSON.stringify(optimiser)}`, async () => {
    const schedule = { drops: [2] };
    const whole = await run({ optimiser, schedule, augment: true });
    let state: TrainingState | undefined;
    const half = await run({
      optimiser,
      schedule,
      augment: true,
      epochs: 2,
      onEpoch: (row, take) => {
        if (row.epoch === 2) state = take();
      },
    });
    const rest = await run({ optimiser, schedule, augment: true, resume: state });
    assert.deepEqual([...half.rows, ...rest.rows], whole.rows);
    assert.deepEqual(rest.params, whole.params);
    assert.equal(rest.interrupted, false);
    tf.dispose(state?.tensors ?? []);
  });

test('memory does not grow with epochs', async () => {
  const sizes: Record<number, [number, number]> = {};
  await run({
    epochs: 4,
    onEpoch: ({ epoch }) => {
      const { numTensors, numBytes } = tf.memory();
      sizes[epoch] = [numTensors, numBytes];
    },
  });
  assert.deepEqual(sizes[4], sizes[2]);
});

test('the parameters given are neither changed nor disposed of', async () => {
  const { params, mask } = tinyStart(network);
  const before = bits(params);
  const history = await train(network, params, { data, mask, epochs: 1 });
  assert.deepEqual(bits(params), before);
  tf.dispose([params, mask, history.params]);
});

test('a signal stops the training at the next step with what it has', async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const stopped = await run({
    signal: controller.signal,
    onProgress: ({ done, total }) => {
      seen.push(done);
      assert.equal(total, 15);
      if (done === 7) controller.abort();
    },
  });
  assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7]);
  assert.equal(stopped.interrupted, true);
  const whole = await run({});
  assert.deepEqual(stopped.rows, whole.rows.slice(0, 2));
  assert.notDeepEqual(stopped.params, whole.params);
  assert.equal(whole.interrupted, false);
});

test('a signal raised before or while measuring leaves the rows so far', async () => {
  const early = await run({ signal: AbortSignal.abort() });
  assert.deepEqual([early.rows, early.interrupted], [[], true]);
  const controller = new AbortController();
  const late = await run({
    epochs: 1,
    signal: controller.signal,
    onProgress: ({ done, total }) => {
      if (done === total) setImmediate(() => setImmediate(() => controller.abort()));
    },
  });
  assert.deepEqual([late.rows.map(({ epoch }) => epoch), late.interrupted], [[0], true]);
});

test('Stop in a notebook ends the training like a signal', async () => {
  const { rows, interrupted } = await run({
    onProgress: ({ done }) => {
      if (done === 6) interruptWork();
    },
  });
  assert.deepEqual([rows.length, interrupted], [2, true]);
});

test('a state is to be had only between epochs', async () => {
  const { params, mask } = tinyStart(network);
  const trainer = createTrainer(network, params, { data, batch: 10 });
  const controller = new AbortController();
  assert.equal(await trainer.runEpoch(controller.signal, () => controller.abort()), undefined);
  assert.throws(() => trainer.state(), /invalid state; only to be had between epochs/);
  trainer.dispose();
  tf.dispose([params, mask]);
});

test('a loss that is not finite ends the training with the epoch, the step and what to try', async () => {
  const { params, mask } = tinyStart(network);
  await assert.rejects(
    train(network, params, { data, epochs: 3, batch: 10, optimiser: sgd({ learningRate: 1e30 }) }),
    {
      message:
        /^invalid loss; not finite in epoch \d, step \d, try a learning rate below 1e\+30: (NaN|Infinity)$/,
    },
  );
  tf.dispose([params, mask]);
});

test('weights that are not finite after the last step end the training as well', async () => {
  const { params, mask } = tinyStart(network);
  const optimiser = sgd({ learningRate: 1e38, weightDecay: 1e38 });
  const record = { test: false, trace: false } as const;
  await assert.rejects(train(network, params, { data, epochs: 1, batch: 48, optimiser, record }), {
    message: /^invalid loss; not finite after epoch 1, try a learning rate below 1e\+38: (NaN|Infinity)$/,
  });
  tf.dispose([params, mask]);
});

test('no epochs measure the state before training', async () => {
  const none = await run({ epochs: 0 });
  const some = await run({ epochs: 1 });
  assert.equal(none.interrupted, false);
  assert.deepEqual(none.rows, some.rows.slice(0, 1));
});

test('training refuses options out of range and what does not fit the network', async () => {
  const { params, mask } = tinyStart(network);
  const refuses = (options: Partial<TrainOptions>, message: RegExp) =>
    assert.rejects(train(network, params, { data, epochs: 1, ...options }), { message });
  for (const bad of [-1, 1.5, Number.NaN])
    await refuses({ epochs: bad }, /^invalid epochs; not a whole number of 0 or more: /);
  for (const bad of [0, -1, 1.5, Number.NaN]) {
    await refuses({ batch: bad }, /^invalid batch; not a whole number of 1 or more: /);
  }
  await refuses({ batch: 49 }, /^invalid batch; more than the 48 images of the train split: 49$/);
  await refuses({ seed: Number.NaN }, /^invalid seed; /);
  await refuses({ optimiser: { ...adam(), learningRate: Number.NaN } }, /^invalid learningRate; /);
  await refuses({ schedule: { drops: [0] } }, /^invalid schedule; /);
  await refuses({ data: tinyDataset({ classes: 4 }) }, /^invalid data; tiny tells 3 classes apart/);
  await refuses({ data: synthetic() }, /^invalid data; tiny reads \[6, 6, 1\], images of synthetic-10 are: /);
  await refuses({ mask: { ...mask, extra: mask['conv1/kernel'] } }, /^invalid mask; /);
  await refuses({ mask: mapRecord(mask, () => mask['conv1/kernel']) }, /^invalid mask; /);
  const { 'dense/bias': _, ...fewer } = params;
  await assert.rejects(train(network, fewer, { data, epochs: 1 }), {
    message: /^invalid params; .*dense\/bias/,
  });
  tf.dispose([params, mask]);
});

test('training refuses to resume from a state of another network or optimiser', async () => {
  const { params, mask } = tinyStart(network);
  const trainer = createTrainer(network, params, { data });
  const state = trainer.state();
  const refuses = (resume: TrainingState, optimiser = adam() as TrainOptions['optimiser']) =>
    assert.rejects(train(network, params, { data, epochs: 1, optimiser, resume }), {
      message: /^invalid state; /,
    });
  await refuses(state, sgd({ learningRate: 1, momentum: 0.5 }));
  await refuses({ ...state, epoch: 1 });
  await refuses({ ...state, step: -1 });
  const { 'mean/dense/bias': gone, ...tensors } = state.tensors;
  await refuses({ ...state, tensors });
  trainer.dispose();
  tf.dispose([params, mask, state.tensors]);
});

import assert from 'node:assert/strict';
import { batches, type Dataset } from '../data';
import { forward, graphBuilder, initialise, kernelsOf, type Mask, type Params } from '../network';
import { createRandom, mapRecord, type TensorRecord, tf } from '../tensor';
import { test } from '../testing';
import { tinyDataset, tinyNetwork, tinyStart } from '../testing/tinyTraining';
import {
  adam,
  createTrainer,
  type Optimiser,
  sgd,
  type TrainerOptions,
  type TrainingState,
  type TrainOptions,
  testMetrics,
  train,
} from '.';
import { losses } from './losses';

const data = tinyDataset();
const network = tinyNetwork();
const kernels = kernelsOf(network).map(({ name }) => name);

const optimisers = {
  sgd: sgd({ learningRate: 0.1, weightDecay: 0.1 }),
  momentum: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 }),
  Nesterov: sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  Adam: adam({ learningRate: 0.01, weightDecay: 0.1 }),
};

const values = (record: Readonly<TensorRecord>) => mapRecord(record, (tensor) => [...tensor.dataSync()]);

/** Another mask than that of `tinyStart`. */
function otherMask(seed: string): Mask {
  const random = createRandom(seed);
  return mapRecord(
    Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, shape])),
    (shape) => {
      const ones = tf.ones([...shape]);
      const drawn = tf.tensor(
        Float32Array.from({ length: ones.size }, () => random.integer(2)),
        ones.shape,
      );
      ones.dispose();
      return drawn;
    },
  );
}

function start(options: Partial<TrainerOptions>) {
  const { params, mask } = tinyStart(network);
  try {
    return createTrainer(network, params, { data, batch: 10, ...options });
  } finally {
    tf.dispose([params, mask]);
  }
}

/** Asserts that no weight a mask prunes, nor a running average of it, is other than 0; and that averages of kept ones are. */
function assertMasked({ tensors }: TrainingState, mask: Mask): void {
  const pruned = values(mask);
  for (const [name, found] of Object.entries(values(tensors))) {
    const [part, ...rest] = name.split('/');
    const kernel = rest.join('/');
    if (part === 'first' || part === 'mask' || !kernels.includes(kernel)) continue;
    for (const [i, value] of found.entries())
      if (pruned[kernel][i] === 0) assert.equal(value, 0, `${name}[${i}]`);
    assert.ok(found.some((value) => value !== 0) || part === 'square', name);
  }
}

for (const [name, optimiser] of Object.entries(optimisers)) {
  test(`under ${name} with weight decay a mask set between steps prunes weights and averages at once, also when resumed`, async () => {
    const [first, second] = [otherMask('a'), otherMask('b')];
    const options = { optimiser, mask: first };
    const trainer = start(options);
    await trainer.runEpoch();
    const before = trainer.state();
    assertMasked(before, first);
    let step = 0;
    await trainer.runEpoch(undefined, () => {
      if (++step === 2) trainer.setMask(second);
      if (step !== 2) return;
      const now = trainer.params();
      const gone = values(second);
      for (const kernel of kernels)
        for (const [i, value] of [...now[kernel].dataSync()].entries())
          if (gone[kernel][i] === 0) assert.equal(value, 0);
      tf.dispose(now);
    });
    const after = trainer.state();
    assertMasked(after, second);
    const resumed = start({ optimiser, resume: after });
    const held = resumed.mask() as Mask;
    assert.deepEqual(values(held), values(second));
    await resumed.runEpoch();
    await trainer.runEpoch();
    const [left, right] = [resumed.state(), trainer.state()];
    assertMasked(left, second);
    assert.deepEqual(values(left.tensors), values(right.tensors));
    for (const one of [trainer, resumed]) one.dispose();
    tf.dispose(
      [first, second, held, before, after, left, right].map((one) =>
        'tensors' in one ? one.tensors : one,
      ) as TensorRecord[],
    );
  });

  test(`under ${name} a weight that comes back starts at 0 or where it is told, with averages of 0`, async () => {
    const [first, second] = [otherMask('a'), otherMask('b')];
    const trainer = start({ optimiser, mask: first });
    await trainer.runEpoch();
    const sevens = mapRecord(first, (tensor) => tf.fill(tensor.shape, 7));
    const [before, was, is] = [trainer.state(), values(first), values(second)];
    for (const regrown of [undefined, sevens]) {
      trainer.setMask(first); // prunes again what had come back
      trainer.setMask(second, regrown);
      const now = trainer.state();
      const [old, found] = [values(before.tensors), values(now.tensors)];
      for (const kernel of kernels)
        for (let i = 0; i < is[kernel].length; i++) {
          const isNew = is[kernel][i] > was[kernel][i];
          const stays = is[kernel][i] * was[kernel][i];
          for (const part of ['params', 'velocity', 'mean', 'square']) {
            const key = `${part}/${kernel}`;
            if (!(key in found)) continue;
            if (isNew) assert.equal(found[key][i], part === 'params' && regrown ? 7 : 0);
            else if (!stays) assert.equal(found[key][i], 0);
            else if (!regrown) assert.equal(found[key][i], old[key][i]);
          }
        }
      tf.dispose(now.tensors);
    }
    trainer.dispose();
    tf.dispose([first, second, sevens, before.tensors]);
  });

  test(`under ${name} frozen layers and weights keep their values to the bit, beside pruned ones`, async () => {
    const { params, mask } = tinyStart(network);
    const { 'conv1/kernel': drawn, ...rest } = otherMask('f');
    tf.dispose(rest);
    const some = { 'conv1/kernel': drawn, 'norm1/gamma': tf.tensor1d([1, 0, 1, 0]) };
    for (const freeze of ['conv2', ['*1'], some] as const) {
      const trainer = start({ optimiser, mask, freeze });
      const begun = trainer.params();
      await trainer.runEpoch();
      const { tensors } = trainer.state();
      for (const { name, layer, role } of network.parameters) {
        const isStatistic = role === 'mean' || role === 'variance';
        const whole = freeze === 'conv2' ? layer === 'conv2' : freeze !== some && layer.endsWith('1');
        const where = freeze === some ? (some as TensorRecord)[name]?.dataSync() : undefined;
        const [from, to] = [begun[name].dataSync(), tensors[`params/${name}`].dataSync()];
        const kept = mask[name]?.dataSync();
        for (let i = 0; i < from.length; i++) {
          const isStill = !isStatistic && (whole || where?.[i] === 1 || kept?.[i] === 0);
          if (isStill) assert.equal(to[i], from[i], name);
          for (const part of ['velocity', 'mean', 'square'])
            if (isStill && tensors[`${part}/${name}`])
              assert.equal(tensors[`${part}/${name}`].dataSync()[i], 0);
          // With weight decay every weight that may move does.
          if (!isStill) assert.notEqual(to[i], from[i], `${name}[${i}]`);
        }
      }
      trainer.dispose();
      tf.dispose([begun, tensors]);
    }
    tf.dispose([params, mask, some]);
  });
}

test('freezing what moved before leaves it where it is, without the momentum it had', async () => {
  const { momentum: optimiser } = optimisers;
  const trainer = start({ optimiser });
  await trainer.runEpoch();
  const state = trainer.state();
  const some = { 'dense/kernel': tf.onesLike(state.tensors['params/dense/kernel']) };
  for (const freeze of ['dense', some]) {
    const resumed = start({ optimiser, resume: state, freeze });
    await resumed.runEpoch();
    const { tensors } = resumed.state();
    const key = 'params/dense/kernel';
    assert.deepEqual([...tensors[key].dataSync()], [...state.tensors[key].dataSync()]);
    assert.ok(tensors['velocity/dense/kernel'].dataSync().every((value) => value === 0));
    resumed.dispose();
    tf.dispose(tensors);
  }
  trainer.dispose();
  tf.dispose([state.tensors, some]);
});

test('a state older than masks takes the one given beside it, one with another mask is refused', async () => {
  const { params, mask } = tinyStart(network);
  const { momentum: optimiser } = optimisers;
  const pruned = start({ optimiser, mask });
  const dense = start({ optimiser });
  await pruned.runEpoch();
  await dense.runEpoch();
  const state = pruned.state();
  const old = Object.fromEntries(Object.entries(state.tensors).filter(([name]) => !name.startsWith('mask/')));
  const [own, given, same] = [
    start({ optimiser, resume: state }),
    start({ optimiser, mask, resume: { ...state, tensors: old } }),
    start({ optimiser, mask, resume: state }),
  ];
  const ends = [];
  for (const trainer of [own, given, same]) {
    await trainer.runEpoch();
    ends.push(trainer.state().tensors);
  }
  assert.deepEqual(values(ends[1]), values(ends[0]));
  assert.deepEqual(values(ends[2]), values(ends[0]));
  const whole = dense.state();
  const late = start({ optimiser, mask, resume: whole }); // trained without a mask: what it prunes goes at once
  ends.push(late.state().tensors);
  assertMasked({ ...whole, tensors: ends[3] }, mask);
  const other = otherMask('b');
  assert.throws(() => start({ optimiser, mask: other, resume: state }), {
    message: /^invalid mask; not the one of the state: /,
  });
  const half = { ...state.tensors, 'mask/conv1/kernel': params['conv1/kernel'] };
  assert.throws(
    () => start({ optimiser, resume: { ...state, tensors: half } }),
    /^InvalidError: invalid mask; entries/,
  );
  const { 'mask/conv1/kernel': _, ...fewer } = state.tensors;
  assert.throws(
    () => start({ optimiser, resume: { ...state, tensors: fewer } }),
    /^InvalidError: invalid state; no tensor mask/,
  );
  for (const trainer of [pruned, dense, own, given, same, late]) trainer.dispose();
  tf.dispose([params, mask, other, state.tensors, whole.tensors, ends]);
});

test('dense gradients are the slopes of the loss, of pruned and frozen weights too, and change nothing', async () => {
  const { params, mask } = tinyStart(network);
  const trainer = createTrainer(network, params, { data, mask, batch: 10, freeze: 'conv2' });
  await trainer.runEpoch();
  const [batch] = batches(data, 'train', { batch: 16, seed: 5 });
  const before = trainer.state();
  const gradients = trainer.gradients(batch);
  const after = trainer.state();
  assert.deepEqual(values(after.tensors), values(before.tensors));
  const now = trainer.params();
  assert.deepEqual(
    Object.keys(gradients),
    network.parameters.filter(({ role }) => role !== 'mean' && role !== 'variance').map(({ name }) => name),
  );
  const random = createRandom('slopes');
  const lossAt = (at: Params) =>
    tf.tidy(
      () =>
        losses(forward(network, at, batch.images, { mode: 'training' }), batch.labels)
          .mean()
          .dataSync()[0],
    );
  for (const [name, gradient] of Object.entries(gradients))
    tf.tidy(() => {
      const pruned = mask[name] ? tf.scalar(1).sub(mask[name]) : tf.onesLike(gradient);
      const direction = tf
        .tensor(
          Float32Array.from({ length: gradient.size }, () => random.normal()),
          gradient.shape,
        )
        .mul(pruned);
      const at = (t: number) => lossAt({ ...now, [name]: now[name].add(direction.mul(t)) });
      const [below, here, above] = [at(-3e-4), at(0), at(3e-4)];
      const [low, high] = [(here - below) / 3e-4, (above - here) / 3e-4].sort((a, b) => a - b);
      const found = gradient.mul(direction).sum().dataSync()[0];
      // ReLUs and pools change sides within the step; losses are rounded to 1e-7, slopes to 1e-3.
      const isBetween =
        low - 1e-3 - 0.01 * Math.abs(low) < found && found < high + 1e-3 + 0.01 * Math.abs(high);
      assert.ok(isBetween, `${name}: slopes ${low} and ${high}, gradient ${found}`);
    });
  trainer.dispose();
  tf.dispose([params, mask, batch.images, batch.labels, before.tensors, after.tensors, gradients, now]);
});

test('weights are moved from the start under the mask of the moment', async () => {
  const { params, mask } = tinyStart(network);
  const trainer = createTrainer(network, params, { data, batch: 10 });
  trainer.setMask(mask);
  const row = await trainer.measureStart();
  assert.equal(row.weightMovement, 0);
  trainer.dispose();
  tf.dispose([params, mask]);
});

test('a trainer refuses masks, values and layers of another network', () => {
  const trainer = start({});
  const { params, mask } = tinyStart(network);
  assert.throws(() => trainer.setMask({ 'conv1/kernel': mask['conv1/kernel'] }), /invalid mask; no tensor/);
  assert.throws(() => trainer.setMask(mask, { conv1: mask['conv1/kernel'] }), /invalid regrown; /);
  assert.throws(
    () => start({ freeze: 'conv3' }),
    /^InvalidError: invalid freeze; unknown, did you mean conv/,
  );
  assert.throws(
    () => start({ freeze: { 'conv1/kernel': params['conv1/kernel'] } }),
    /invalid freeze; entries other/,
  );
  assert.throws(() => start({ freeze: { 'norm1/mean': params['norm1/mean'] } }), /invalid freeze; /);
  assert.equal(trainer.mask(), undefined);
  trainer.dispose();
  tf.dispose([params, mask]);
});

test('a batch norm that sees one value a channel is refused before the training and asked for gradients', async () => {
  const g = graphBuilder([6, 6, 1]);
  const hidden = g.dense('hidden', g.flatten('flatten', g.input), { units: 4 });
  g.dense('dense', g.relu('relu', g.batchNorm('norm', hidden)), { units: 3 });
  const flat = g.build('flat');
  const params = initialise(flat, { seed: 1 });
  const odd = tinyDataset({ train: 21 });
  const message = /^invalid batch; a \(last\) batch of one image gives batch norm norm one value a channel/;
  for (const batch of [1, 5, 20])
    await assert.rejects(train(flat, params, { data: odd, epochs: 1, batch }), { message });
  const trainer = createTrainer(flat, params, { data: odd, batch: 21 });
  const [one] = batches(odd, 'train', { batch: 1 });
  assert.throws(() => trainer.gradients(one), { message });
  trainer.dispose();
  tf.dispose([params, one.images, one.labels]);
  // A convolution's batch norm sees a value a pixel.
  const start = tinyStart(network);
  const history = await train(network, start.params, { data: odd, epochs: 1, batch: 20 });
  tf.dispose([start, history.params]);
});

test('a misspelt option of a training, a schedule, a record or an optimiser is refused with the nearest', async () => {
  const { params, mask } = tinyStart(network);
  const attempt = (options: object) => () =>
    createTrainer(network, params, { data, ...options } as TrainerOptions);
  assert.throws(
    attempt({ batchSize: 3 }),
    /^InvalidError: invalid options of createTrainer; .* batch, .*: batchSize$/,
  );
  assert.throws(attempt({ record: { tests: false } }), /invalid options of record; .* test, .*: tests$/);
  assert.throws(attempt({ schedule: { drop: [3] } }), /invalid options of schedule; .* drops or rate: drop$/);
  assert.throws(attempt({ schedule: { drops: 3 } }), /invalid schedule; drops not a list of epochs: 3$/);
  await assert.rejects(
    train(network, params, { data, epoch: 3 } as object as TrainOptions),
    /invalid options of train; unknown, did you mean epochs, .*: epoch$/,
  );
  assert.throws(
    () => adam({ learningrate: 1 } as object),
    /options of adam; .* learningRate, .*: learningrate$/,
  );
  assert.throws(() => sgd({ momentun: 1 } as never), /options of sgd; .* momentum, .*: momentun$/);
  const mixed = { ...adam(), momentum: 0.9 } as object as Optimiser;
  assert.throws(attempt({ optimiser: mixed }), /options of adam; unknown, did you mean .*: momentum$/);
  assert.throws(attempt({ optimiser: 'adam' }), /invalid optimiser; not made by adam or sgd: adam$/);
  for (const name of ['learningRate', 'momentum', 'weightDecay'])
    assert.throws(attempt({ [name]: 0.1 }), new RegExp(`; belongs to the optimiser, .*: ${name}$`));
  tf.dispose([params, mask]);
});

test('a training without a data set, or with a promise of one, is refused for that', async () => {
  const { params, mask } = tinyStart(network);
  const wrong: [unknown, RegExp][] = [
    [undefined, /^InvalidError: invalid data; is missing: undefined$/],
    [Promise.resolve(data), /^InvalidError: invalid data; a promise, await it: /],
    ['mnist', /^InvalidError: invalid data; not a data set.*: mnist$/],
    [null, /^InvalidError: invalid data; not a data set.*: null$/],
    [{ shape: [6, 6, 1], classes: 3 }, /^InvalidError: invalid data; not a data set/],
  ];
  for (const [given, message] of wrong) {
    const options = { data: given, epochs: 1 } as TrainOptions;
    await assert.rejects(train(network, params, options), message);
    await assert.rejects(testMetrics(network, params, given as Dataset), message);
  }
  tf.dispose([params, mask]);
});

test('a training goes on with the optimiser it was begun with, or says whose averages there are', () => {
  const { params, mask } = tinyStart(network);
  const kinds = {
    adam: optimisers.Adam,
    'sgd with momentum': optimisers.momentum,
    'sgd without momentum': optimisers.sgd,
  };
  for (const [begun, optimiser] of Object.entries(kinds)) {
    const trainer = createTrainer(network, params, { data, optimiser });
    const resume = trainer.state();
    for (const [other, next] of Object.entries(kinds))
      if (other !== begun)
        assert.throws(() => createTrainer(network, params, { data, optimiser: next, resume }), {
          message: `invalid state; is of ${begun}, which another optimiser cannot go on from: ${other}`,
        });
    assert.throws(
      () =>
        createTrainer(network, params, { data, optimiser, resume: { ...resume, steps: 3 } as TrainingState }),
      /options of resume; unknown, did you mean step, .*: steps$/,
    );
    trainer.dispose();
    tf.dispose(resume.tensors);
  }
  tf.dispose([params, mask]);
});

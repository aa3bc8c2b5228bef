import assert from 'node:assert/strict';
import { batches } from '../../data';
import { graphBuilder, initialise, kernelsOf, type Mask, type Params } from '../../network';
import { prune } from '../../prune';
import { mapRecord, type TensorRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { tinyDataset, tinyNetwork, tinyStart } from '../../testing/tinyTraining';
import {
  adam,
  createTrainer,
  type History,
  type Moment,
  type SparseOptions,
  type SparseTraining,
  sgd,
  type TrainerOptions,
  type TrainingState,
  type TrainOptions,
  train,
} from '..';

const data = tinyDataset();
const network = tinyNetwork();
const kernels = kernelsOf(network).map(({ name }) => name);
const momentum = sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 });

const values = (record: Readonly<TensorRecord>) => mapRecord(record, (tensor) => [...tensor.dataSync()]);
const countOf = (mask: Mask) =>
  Object.values(values(mask)).reduce((sum, bits) => sum + bits.filter((bit) => bit === 1).length, 0);

/** Trains from `tinyStart`, and hands its tensors out as numbers. */
async function trained({ mask: own, ...options }: Partial<TrainOptions> & { sparse: SparseOptions }) {
  const { params, mask } = tinyStart(network);
  try {
    const start = 'density' in options.sparse ? undefined : mask;
    const history = await train(network, params, {
      ...{ data, mask: own ?? start, batch: 8, epochs: 4, optimiser: momentum },
      ...options,
    });
    return settled(history);
  } finally {
    tf.dispose([params, mask]);
  }
}

function settled(history: History) {
  const { params, mask, rows, ...rest } = history;
  const found = { params: values(params), mask: values(mask as Mask) };
  tf.dispose([params, mask as Mask]);
  return { ...rest, ...found, rows: rows.map(({ seconds: _, ...row }) => row) };
}

const methods: SparseOptions[] = [
  { method: 'gmp', density: 0.2, every: 3 },
  { method: 'set', every: 3 },
  { method: 'rigl', every: 3 },
  { method: 'granet', density: 0.2, every: 3 },
  { method: 'set/as-published', every: 3 },
  { method: 'rigl/as-published', every: 3 },
  { method: 'granet/as-published', density: 0.2, every: 3 },
];

for (const sparse of methods)
  test(`${sparse.method} trains with a mask that is its own, and goes on to the bit from a state in the middle`, async () => {
    for (const optimiser of [momentum, adam({ learningRate: 0.01 })]) {
      const whole = await trained({ sparse, optimiser });
      assert.ok(whole.updates.length > 3, `${whole.updates.length}`);
      for (const kernel of kernels)
        whole.mask[kernel].forEach((bit, i) => {
          if (bit === 0) assert.equal(whole.params[kernel][i], 0);
        });
      let state: TrainingState | undefined;
      const stop = new AbortController();
      const half = await trained({
        ...{ sparse, optimiser, signal: stop.signal },
        onEpoch(row, stateOf) {
          if (row.epoch !== 2) return;
          state = stateOf();
          stop.abort();
        },
      });
      assert.ok(half.interrupted);
      const rest = await trained({ sparse, optimiser, resume: state });
      tf.dispose(state!.tensors);
      assert.deepEqual([rest.params, rest.mask], [whole.params, whole.mask]);
      assert.deepEqual([...half.rows, ...rest.rows], whole.rows);
      assert.deepEqual([...half.updates, ...rest.updates], whole.updates);
    }
  });

test('rows tell density, updates and growth; reports of updates add up to the masks', async () => {
  const { rows, updates, mask } = await trained({ sparse: { method: 'granet', density: 0.2, every: 3 } });
  const size = Object.values(mask).flat().length;
  assert.equal(updates.at(-1)!.kept, Math.floor(0.2 * size + 0.5));
  updates.reduce((before, { kept, pruned, grown, density, layers }) => {
    assert.equal(kept, before - pruned + grown);
    assert.equal(density, kept / size);
    for (const part of ['kept', 'pruned', 'grown'] as const)
      assert.equal(
        layers.reduce((sum, layer) => sum + layer[part], 0),
        { kept, pruned, grown }[part],
      );
    return kept;
  }, size);
  assert.deepEqual(
    rows.map((row) => row.maskUpdates),
    [0, 2, 2, 0, 0],
  );
  const last = updates.slice(0, 2);
  assert.deepEqual(rows[1].maskDensity, last[1].density);
  assert.ok(
    Math.abs(rows[1].weightsGrown! - (last[0].grown / last[0].kept + last[1].grown / last[1].kept)) < 1e-12,
  );
  assert.ok(rows.every((row) => row.effectiveDensity! <= row.maskDensity!));
});

test('without a training that changes the mask rows are as they were', async () => {
  const { params, mask } = tinyStart(network);
  const history = await train(network, params, { data, mask, epochs: 1, batch: 8 });
  assert.ok(!('maskDensity' in history.rows[1] || 'validationTop1' in history.rows[1]));
  assert.deepEqual([history.best, history.mask, history.updates], [undefined, undefined, []]);
  tf.dispose([params, mask, history.params]);
});

/** A method that keeps a list of what its updates are given, and whose own are those of `change`. */
function watching(
  seen: Moment[],
  change: (moment: Moment) => Uint32Array[],
  replacesStep = false,
): SparseTraining {
  return {
    description: 'watches',
    options: { every: 1 },
    policy: () => ({
      due: (step) => step === 2,
      replacesStep,
      update(moment) {
        seen.push(moment);
        return change(moment);
      },
    }),
  };
}

for (const replacesStep of [false, true])
  test(`an update sees the dense gradient before the step and the weights ${replacesStep ? 'in place of it' : 'after it'}`, async () => {
    const { params, mask } = tinyStart(network);
    const options: TrainerOptions = { data, mask, batch: 8, optimiser: momentum };
    const seen: Moment[] = [];
    const method = watching(seen, ({ kept }) => [...kept], replacesStep);
    const sparse = createTrainer(network, params, {
      ...options,
      sparse: { method },
      epochs: 1,
      validation: 0,
    });
    const plain = createTrainer(network, params, options);
    const second = [...batches(data, 'train', { batch: 8, seed: 1, epoch: 0 })].map((batch, i) => {
      if (i !== 1) tf.dispose([batch.images, batch.labels]);
      return batch;
    })[1];
    let gradients: TensorRecord = {};
    const after: Params[] = [];
    await plain.runEpoch(undefined, (step) => {
      if (step === 1) gradients = plain.gradients(second);
      if (step <= 2) after.push(plain.params());
    });
    const stop = new AbortController();
    await sparse.runEpoch(stop.signal, (step) => {
      if (step === 2) stop.abort();
    });
    const [moment] = seen;
    const expected = after[replacesStep ? 0 : 1];
    kernels.forEach((kernel, k) => {
      assert.deepEqual([...moment.weights[k]], [...expected[kernel].dataSync()]);
      assert.deepEqual([...moment.gradients[k]], [...gradients[kernel].dataSync()]);
      assert.ok(moment.gradients[k].some((value, i) => value !== 0 && !moment.kept[k].includes(i)));
    });
    const now = sparse.params();
    assert.deepEqual(values(now), values(expected));
    sparse.dispose();
    plain.dispose();
    tf.dispose([params, mask, gradients, after, now, [second.images, second.labels]]);
  });

test('what is kept before and after an update keeps value and momentum; what goes and what comes is 0 with none', async () => {
  const { params, mask } = tinyStart(network);
  const options: TrainerOptions = { data, mask, batch: 24, optimiser: momentum, validation: 0, epochs: 1 };
  /** The first weight of each kernel goes, the first that is pruned comes. */
  const swap = ({ kept, weights }: Moment) =>
    kept.map((own, k) => {
      const fresh = [...weights[k].keys()].find((i) => !own.includes(i)) as number;
      return Uint32Array.from([...own.slice(1), fresh]).sort();
    });
  const seen: Moment[] = [];
  const ways = [undefined, watching([], ({ kept }) => [...kept]), watching(seen, swap)];
  const found: Record<string, number[]>[] = [];
  for (const method of ways) {
    const trainer = createTrainer(network, params, { ...options, ...(method && { sparse: { method } }) });
    await trainer.runEpoch(); // of two steps, the second with the update
    const state = trainer.state();
    found.push(values(state.tensors));
    tf.dispose(state.tensors);
    trainer.dispose();
  }
  const [without, unchanged, changed] = found;
  assert.deepEqual(unchanged, without);
  kernels.forEach((kernel, k) => {
    const own = seen[0].kept[k];
    const after = swap(seen[0])[k];
    for (const part of ['params', 'velocity'])
      changed[`${part}/${kernel}`].forEach((value, i) => {
        const stays = own.includes(i) && after.includes(i);
        assert.equal(value, stays ? without[`${part}/${kernel}`][i] : 0);
        if (stays) assert.notEqual(value, 0);
      });
    assert.notEqual(without[`velocity/${kernel}`][own[0]], 0);
  });
  tf.dispose([params, mask]);
});

test('images are held out by default, and the epoch to report is the best on them; as published it is the best on the test images', async () => {
  const held = await trained({ sparse: { method: 'rigl', every: 3 } });
  assert.ok(held.rows.every((row) => typeof row.validationTop1 === 'number'));
  const best = Math.max(...held.rows.slice(1).map((row) => row.validationTop1 as number));
  assert.equal(held.best!.validationTop1, best);
  assert.equal(held.best!.epoch, held.rows.find((row, i) => i > 0 && row.validationTop1 === best)!.epoch);
  const published = await trained({ sparse: { method: 'granet/as-published', density: 0.2, every: 3 } });
  assert.ok(published.rows.every((row) => !('validationTop1' in row)));
  const settledFrom = published.rows.findIndex(
    (row) => row.maskDensity === published.rows.at(-1)!.maskDensity,
  );
  const rows = published.rows.slice(settledFrom);
  assert.equal(published.best!.testTop1, Math.max(...rows.map((row) => row.testTop1 as number)));
  const last = await trained({ sparse: { method: 'rigl/as-published', every: 3 } });
  assert.equal(last.best, undefined);
  const none = await trained({ sparse: { method: 'rigl', every: 3 }, validation: 0 });
  assert.equal(none.best, undefined);
});

test('what does not go together is refused', async () => {
  const { params, mask } = tinyStart(network);
  const options = { data, mask, batch: 8, epochs: 2 };
  const refused: [Partial<TrainOptions>, string][] = [
    [
      { sparse: { method: 'rigl', every: 3 }, mask: undefined },
      'mask; a training that keeps their number needs one to start from, such as that of `prune`: all weights',
    ],
    [{ sparse: { method: 'rigl' } }, 'sparse.every; no update falls into the 12 steps of the training: 100'],
    [
      { sparse: { method: 'granet', density: 0.9, every: 3 } },
      'sparse.density; above that of the mask it starts from, 0.5520833333333334: 0.9',
    ],
    [
      { sparse: { method: 'granet', density: 0.001, every: 3 } },
      'density; below one weight a layer, 0.010416666666666666; tiny has 3 layers with 288 weights: 0.001',
    ],
    [
      { sparse: { method: 'gmp', density: 0.012, every: 3 } },
      'density; leaves none of the 36 weights of conv1 with scope layer: 0.012',
    ],
    [
      { sparse: { method: 'rigl', every: 3 }, freeze: 'conv1' },
      'freeze; a frozen weight that comes back would stay 0: give sparse or freeze: conv1',
    ],
    [
      { sparse: { method: 'rigl', every: 3 }, validation: 1 },
      'validation; not between 0 and 1, a fraction of the training images: 1',
    ],
    [{ validation: 0.001 }, 'validation; leaves a part of the 48 training images empty: 0.001'],
    [
      { sparse: { method: watching([], () => []), every: 1 } },
      'sparse.method; its update does not keep weights of 3 kernels but of: 0',
    ],
    [
      {
        sparse: { method: watching([], ({ kept }) => [...kept.slice(0, 2), Uint32Array.of(999)]), every: 1 },
      },
      'sparse.method; its update keeps a weight of kernel 2 that is none, or not in order: 999',
    ],
  ];
  for (const [more, message] of refused)
    await assert.rejects(train(network, params, { ...options, ...more }), { message: `invalid ${message}` });
  const { epochs: _, ...rest } = options;
  assert.throws(() => createTrainer(network, params, { ...rest, sparse: { method: 'rigl', every: 3 } }), {
    message: 'invalid epochs; not a whole number of 0 or more, which the schedule of sparse needs: undefined',
  });
  tf.dispose([params, mask]);
});

test('a smaller network between updates gives the same masks, and goes on to the bit from a state in the middle', async () => {
  const g = graphBuilder([6, 6, 1]);
  let x = g.relu('relu1', g.conv2d('conv1', g.input, { filters: 12 }));
  x = g.relu('relu2', g.conv2d('conv2', x, { filters: 12 }));
  g.dense('dense', g.globalAvgPool('pool', x), { units: 3 });
  const wide = g.build('wide');
  const params = initialise(wide, { seed: 1 });
  const { mask } = await prune(wide, params, { method: 'random', density: 0.06 });
  const run = async (more: Partial<TrainOptions>, sparse: SparseOptions) => {
    const options = { data, mask, batch: 8, epochs: 4, optimiser: momentum, sparse };
    return train(wide, params, { ...options, ...more });
  };
  for (const sparse of [
    { method: 'rigl', every: 3 },
    { method: 'gmp', density: 0.03, every: 3, scope: 'global' },
  ] as const) {
    const states: TrainingState[] = [];
    const small = await run(
      {
        compact: true,
        onEpoch(row, stateOf) {
          if (row.epoch >= 1 && row.epoch <= 3) states.push(stateOf());
        },
      },
      sparse,
    );
    const whole = await run({ compact: false }, sparse);
    assert.deepEqual(values(small.mask as Mask), values(whole.mask as Mask));
    assert.ok(countOf(small.mask as Mask) > 0);
    for (const state of states) {
      const rest = await run({ compact: true, resume: state }, sparse);
      assert.deepEqual(values(rest.params), values(small.params), `from epoch ${state.epoch}`);
      tf.dispose([state.tensors, rest.params, rest.mask as Mask]);
    }
    tf.dispose([small.params, small.mask as Mask, whole.params, whole.mask as Mask]);
  }
  tf.dispose([params, mask]);
});

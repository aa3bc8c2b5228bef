import assert from 'node:assert/strict';
import { kernelsOf, type Mask, type Params } from '../../network';
import { forestMask, layerForests } from '../../prune';
import { mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { tinyDataset, tinyNetwork, tinyStart } from '../../testing/tinyTraining';
import { createTrainer } from '../createTrainer';
import { sgd } from '../optimiser';
import { train } from '../train';
import { branchOf } from './branch';
import { iterativeMagnitude } from './iterativeMagnitude';
import type { IterativeMagnitudeOptions, LevelState, Ticket } from './options';

const data = tinyDataset();
const network = tinyNetwork();
const kernels = kernelsOf(network).map(({ name }) => name);
const size = kernels.reduce(
  (sum, name) =>
    sum + (network.parameters.find((spec) => spec.name === name)?.shape.reduce((a, b) => a * b) ?? 0),
  0,
);

const bits = (params: Params) => mapRecord(params, (tensor) => [...tensor.dataSync()]);
const sum = (mask: Mask) =>
  Object.values(bits(mask)).reduce((n, list) => n + list.filter((bit) => bit === 1).length, 0);
const withoutTimes = <T extends { seconds: number }>(rows: readonly T[]) =>
  rows.map((row) => ({ ...row, seconds: 0 }));

const usual = {
  data,
  epochs: 2,
  batch: 12, // 4 steps an epoch
  levels: 3,
  optimiser: sgd({ learningRate: 0.05, momentum: 0.9 }),
} as const;

async function imp(options: Partial<IterativeMagnitudeOptions> = {}): Promise<Ticket> {
  const { params, mask } = tinyStart(network);
  try {
    return await iterativeMagnitude(network, params, { ...usual, ...options });
  } finally {
    tf.dispose([params, mask]);
  }
}

const release = ({ mask, rewound, params }: Ticket) => tf.dispose([mask, rewound, params]);

test('each level keeps the largest of what the one before has trained, nested, so many exactly', async () => {
  const masks: Mask[] = [];
  const ticket = await imp({
    onLevel(_, state) {
      const { rewound, mask } = state();
      tf.dispose(rewound);
      masks.push(mask);
    },
  });
  assert.deepEqual(
    ticket.rows.map(({ level, kept }) => [level, kept]),
    [0, 1, 2, 3].map((level) => [level, Math.floor(0.8 ** level * size + 0.5)]),
  );
  assert.equal(ticket.rows[2].density, ticket.rows[2].kept / size);
  // By hand: dense training from the start, the smallest of all go.
  const { params, mask } = tinyStart(network);
  const { batch, epochs, optimiser } = usual;
  const history = await train(network, params, { data, batch, epochs, optimiser });
  assert.deepEqual(ticket.rows[0].testLoss, history.rows[epochs].testLoss);
  const all = kernels.flatMap((name) => Array.from(history.params[name].dataSync(), Math.abs));
  const cut = [...all].sort((a, b) => b - a)[ticket.rows[1].kept - 1];
  assert.deepEqual(
    Object.values(bits(masks[0])).flat(),
    all.map((value) => (value >= cut ? 1 : 0)),
  );
  for (let level = 1; level < masks.length; level++)
    for (const name of kernels) {
      const before = masks[level - 1][name].dataSync();
      assert.ok(masks[level][name].dataSync().every((bit, i) => bit <= before[i]));
    }
  // The last level was trained from the rewound weights, under its mask.
  assert.deepEqual(bits(ticket.rewound), bits(params));
  const last = await train(network, params, { data, batch, epochs, optimiser, mask: ticket.mask });
  assert.deepEqual(bits(ticket.params), bits(last.params));
  tf.dispose([params, mask, history.params, last.params, masks]);
  release(ticket);
});

test('weights are rewound to a step, also within an epoch, and go on from there to the bit', async () => {
  for (const rewind of [3, 4, 6]) {
    const { params, mask } = tinyStart(network);
    const { batch, epochs, optimiser } = usual;
    const ticket = await imp({ rewind, levels: 1 });
    const trainer = createTrainer(network, params, { data, batch, optimiser });
    const stop = new AbortController();
    let taken = 0;
    while (taken < rewind)
      await trainer.runEpoch(stop.signal, () => {
        if (++taken === rewind) stop.abort();
      });
    const there = trainer.params();
    assert.deepEqual(bits(ticket.rewound), bits(there), `step ${rewind}`);
    trainer.dispose();
    let steps = 0;
    const history = await train(network, there, {
      ...{ data, batch, epochs, optimiser, mask: ticket.mask, fromStep: rewind },
      onProgress: () => {
        steps++;
      },
    });
    assert.equal(steps, epochs * 4 - rewind);
    assert.deepEqual(bits(ticket.params), bits(history.params), `step ${rewind}`);
    tf.dispose([params, mask, there, history.params]);
    release(ticket);
  }
});

test('a training from a step passes over the images that the steps before it have seen', async () => {
  const { params, mask } = tinyStart(network);
  const plain = { data, batch: 12, optimiser: sgd({ learningRate: 0.05 }) }; // no averages to lose
  const whole = await train(network, params, { ...plain, epochs: 2 });
  const trainer = createTrainer(network, params, plain);
  const stop = new AbortController();
  let taken = 0;
  await trainer.runEpoch(stop.signal, () => {
    if (++taken === 3) stop.abort();
  });
  const there = trainer.params();
  const rest = await train(network, there, { ...plain, epochs: 2, fromStep: 3 });
  assert.deepEqual(bits(rest.params), bits(whole.params));
  assert.equal(rest.rows[0].epoch, 0);
  const later = createTrainer(network, there, { ...plain, fromStep: 8 });
  assert.equal(later.epoch(), 2);
  assert.throws(
    () => createTrainer(network, there, { ...plain, fromStep: 1.5 }),
    /invalid fromStep; not a whole number of 0 or more: 1.5/,
  );
  trainer.dispose();
  later.dispose();
  tf.dispose([params, mask, there, whole.params, rest.params]);
});

test('open_lth cuts one weight more a level', async () => {
  const ticket = await imp({ rule: 'as-published', branch: false });
  let left = size;
  assert.equal(ticket.rows.length, 3);
  for (const { kept } of ticket.rows) {
    assert.equal(kept, left);
    left -= Math.ceil(0.2 * left) + 1;
  }
  assert.equal(sum(ticket.mask), left);
  release(ticket);
});

test('a level that is stopped is done anew on resuming, and all ends to the bit as without a stop', async () => {
  const whole = await imp({ rewind: 2 });
  const stop = new AbortController();
  let state: LevelState | undefined;
  const half = await imp({
    rewind: 2,
    signal: stop.signal,
    onLevel(row, at) {
      if (row.level === 1) state = at();
    },
    onProgress({ message = '' }) {
      if (message.startsWith('level 2')) stop.abort();
    },
  });
  assert.equal(half.interrupted, true);
  assert.equal(half.rows.length, 2);
  assert.ok(state);
  const rest = await imp({ rewind: 2, resume: state });
  assert.equal(rest.interrupted, false);
  assert.deepEqual(withoutTimes(rest.rows), withoutTimes(whole.rows));
  for (const part of ['mask', 'params', 'rewound'] as const)
    assert.deepEqual(bits(rest[part]), bits(whole[part]));
  tf.dispose([state.rewound, state.mask]);
  for (const ticket of [whole, half, rest]) release(ticket);
});

test('a stop within the first steps leaves all weights', async () => {
  const stop = new AbortController();
  const ticket = await imp({
    rewind: 6,
    signal: stop.signal,
    onProgress({ done }) {
      if (done === 2) stop.abort();
    },
  });
  assert.deepEqual([ticket.interrupted, ticket.rows.length, sum(ticket.mask)], [true, 0, size]);
  release(ticket);
});

test('the cost is said before the first step, and progress ends at it', async () => {
  const told: { done: number; total: number; message?: string }[] = [];
  release(await imp({ rewind: 2, levels: 2, onProgress: (progress) => told.push(progress) }));
  assert.deepEqual(told[0], {
    done: 0,
    total: 2 + 3 * 6,
    message: '3 trainings of 6 steps, after 2 to rewind to',
  });
  assert.equal(told[told.length - 1].done, 20);
  assert.ok(told.every(({ done }, i) => i === 0 || done >= told[i - 1].done));
});

test('weights to be kept are, whatever their size, and the others make room', async () => {
  const { params, mask } = tinyStart(network);
  const smallest = tf.tidy(() => mapRecord(params, (tensor) => tensor.abs().less(0.05).toFloat()));
  const keep = Object.fromEntries(kernels.map((name) => [name, smallest[name]]));
  const ticket = await imp({ keep });
  assert.equal(sum(ticket.mask), Math.floor(0.8 ** 3 * size + 0.5));
  for (const name of kernels) {
    const kept = ticket.mask[name].dataSync();
    keep[name].dataSync().forEach((bit, i) => {
      assert.ok(kept[i] >= bit, `${name}[${i}]`);
    });
  }
  // Named anew at each level, from the trained weights: the largest of each layer.
  const seen: number[] = [];
  const named = await imp({
    keep({ level, trained, mask: left }) {
      seen.push(level);
      return Object.fromEntries(
        kernels.map((name) => {
          const largest = tf.tidy(() => trained[name].abs().max());
          const found = tf.tidy(() => trained[name].abs().equal(largest).toFloat().mul(left[name]));
          largest.dispose();
          return [name, found];
        }),
      );
    },
  });
  assert.deepEqual(seen, [1, 2, 3]);
  const all = mapRecord(keep, (tensor) => tf.onesLike(tensor));
  await assert.rejects(
    imp({ keep: all }),
    /invalid keep; more than the \d+ weights that level 1 leaves: \d+/,
  );
  await assert.rejects(
    imp({ keep: all, rule: 'as-published' }),
    /invalid keep; more than the \d+ weights that level 1/,
  );
  tf.dispose([params, mask, smallest, all]);
  for (const one of [ticket, named]) release(one);
});

test('the spanning forest of each level’s trained weights can be kept, and joins what it joined before', async () => {
  const components = (trained: Params, mask: Mask) =>
    mapRecord(layerForests(network, trained, { mask }), (forest) => forest.components);
  const joined: Record<string, number>[] = [];
  const ticket = await imp({
    levels: 3,
    keep({ trained, mask }) {
      joined.push(components(trained, mask));
      return forestMask(network, layerForests(network, trained, { mask }));
    },
  });
  assert.equal(joined.length, 3);
  const left = components(ticket.params, ticket.mask);
  for (const before of joined) assert.deepEqual(left, before);
  release(ticket);
});

test('branches: other weights from the start, or other places, as many in each layer', async () => {
  const { params, mask } = tinyStart(network);
  const start = { params, mask, fromStep: 5 };
  const shuffled = branchOf(network, start, 'shuffle', { seed: 1 });
  const anew = branchOf(network, start, 'reinitialise', { seed: 1 });
  for (const name of kernels) {
    const [before, after] = [mask, shuffled.mask].map((one) => [...one[name].dataSync()]);
    assert.notDeepEqual(after, before);
    assert.deepEqual([...after].sort(), [...before].sort());
    assert.notDeepEqual([...anew.params[name].dataSync()], [...params[name].dataSync()]);
  }
  assert.deepEqual(bits(anew.mask), bits(mask));
  assert.deepEqual(bits(shuffled.params), bits(params));
  assert.deepEqual([shuffled.fromStep, anew.fromStep], [5, 0]);
  const trained = await imp({ branch: 'shuffle', levels: 1 });
  const plain = await imp({ levels: 1 });
  assert.equal(sum(trained.mask), sum(plain.mask));
  assert.notDeepEqual(bits(trained.mask), bits(plain.mask));
  tf.dispose([params, mask, shuffled.params, shuffled.mask, anew.params, anew.mask]);
  for (const one of [trained, plain]) release(one);
});

test('layers that are not pruned keep all, and counts are those of the others', async () => {
  const ticket = await imp({ except: 'dense', levels: 1 });
  const dense = [...ticket.mask['dense/kernel'].dataSync()];
  assert.ok(dense.every((bit) => bit === 1));
  assert.equal(ticket.rows[1].kept, Math.floor(0.8 * (size - dense.length) + 0.5));
  release(ticket);
});

test('what is out of range is named', async () => {
  const refused: [Partial<IterativeMagnitudeOptions>, RegExp][] = [
    [{ levels: 0 }, /invalid levels; not a whole number of 1 or more: 0/],
    [{ levels: 40 }, /invalid density; below one weight a layer/],
    [{ fraction: 1 }, /invalid fraction; not in \(0, 1\): 1/],
    [{ epochs: 0 }, /invalid epochs; not a whole number of 1 or more: 0/],
    [{ rewind: 8 }, /invalid rewind; not before the last of 8 steps: 8/],
    [{ rewind: -1 }, /invalid rewind; not a whole number of 0 or more: -1/],
    [{ rule: 'open_lth' as 'exact' }, /invalid rule; unknown, did you mean .*: open_lth/],
    [
      { branch: 'reinit' as 'shuffle' },
      /invalid branch; unknown, did you mean retrain, reinitialise or shuffle: reinit/,
    ],
    [{ keep: {} }, /invalid keep; /],
    [{ resume: { rows: [], rewound: {}, mask: {} } }, /invalid params; /],
  ];
  for (const [options, message] of refused) await assert.rejects(imp(options), message);
});

import assert from 'node:assert/strict';
import { graphBuilder, initialise, type Network, withParametricRelus } from '../network';
import { compiled, doubles, readDoubles, tf } from '../tensor';
import { test } from '../testing';
import { tinyDataset, tinyNetwork } from '../testing/tinyTraining';
import {
  adam,
  createTrainer,
  type EpochRow,
  type Penalty,
  penaltySum,
  sgd,
  type TrainingState,
  train,
} from '.';
import { penaltyGradient, penaltyTerm, strengthAt } from './penalty';

test('the gradient of a penalty is its slope, away from the value and within a thousandth of it', () => {
  const places = [-2.7, -0.4, 0.3, 0.9995, 0.99993, 1.0004, 1.003, 1.8];
  for (const towards of [0, 1, -0.3])
    for (const power of [0.3, 0.5, 1, 1.5, 2, 3]) {
      const penalty: Penalty = { on: 'slope', towards, power, strength: 1 };
      const run = compiled(
        (w: tf.Tensor) => ({ value: penaltyTerm(penalty, w), slope: penaltyGradient(penalty, w) }),
        { precision: 'double' },
      );
      const at = (w: number) => {
        const input = doubles(Float64Array.of(w));
        const { value, slope } = run(input);
        const found = [readDoubles(value)[0], readDoubles(slope)[0]];
        tf.dispose([input, value, slope]);
        return found;
      };
      for (const w of places) {
        const step = 1e-7;
        const slope = (at(w + step)[0] - at(w - step)[0]) / (2 * step);
        assert.ok(Math.abs(at(w)[1] - slope) <= 1e-6 * Math.max(1, Math.abs(slope)), `${power} at ${w}`);
        const distance = Math.abs(w - towards);
        if (distance > 1e-3 || power >= 1)
          assert.ok(Math.abs(at(w)[0] - distance ** power) <= 1e-12 * Math.max(1, distance ** power));
      }
      assert.deepEqual(at(towards), [0, 0]);
      run.dispose();
    }
});

test('a strength holds from its epoch on, and is 0 before the first', () => {
  const at = (strength: Penalty['strength']) =>
    [1, 2, 10, 11, 15, 16, 99].map((epoch) => strengthAt({ on: 'slope', strength }, epoch));
  assert.deepEqual(at(0.3), Array(7).fill(0.3));
  assert.deepEqual(at({ 11: 0.01, 16: 0 }), [0, 0, 0, 0.01, 0.01, 0, 0]);
  assert.deepEqual(at({ 2: 5, 1: 4, 11: 0 }), [4, 5, 5, 0, 0, 0, 0]);
});

/** The tiny network with slopes. */
const network = withParametricRelus(tinyNetwork());
const slopes: Penalty = { on: 'slope', towards: 1, power: 0.5, strength: 0.02 };

/** The parameters after some epochs of gradient descent without momentum. */
async function trained(penalty?: Penalty, epochs = 1) {
  const params = initialise(network, { seed: 1 });
  const history = await train(network, params, {
    ...{ data: tinyDataset(), batch: 48, epochs, penalty },
    optimiser: sgd({ learningRate: 0.1 }),
    record: { trace: false, test: false },
  });
  tf.dispose(params);
  return history;
}

test('a step goes down the loss and the penalty, and no other parameter feels it', async () => {
  const [plain, pulled] = [await trained(), await trained(slopes)];
  const start = initialise(network, { seed: 1 });
  for (const { name, role } of network.parameters) {
    const [without, found] = [plain, pulled].map(({ params }) => [...params[name].dataSync()]);
    const pull = [...start[name].dataSync()].map((a) => (role === 'slope' ? 0.5 / Math.sqrt(1 - a) : 0));
    without.forEach((value, i) => {
      const expected = value + 0.1 * 0.02 * pull[i];
      assert.ok(Math.abs(found[i] - expected) < 1e-6, `${name}: ${found[i]} is not ${expected}`);
      if (role !== 'slope') assert.equal(found[i], value);
    });
  }
  assert.equal(pulled.rows[1].trainLoss, plain.rows[1].trainLoss);
  tf.dispose([start, plain.params, pulled.params]);
});

test('in epochs of strength 0 nothing differs to the bit, and gradients asked for are those of the loss', async () => {
  const [plain, later] = [await trained(undefined, 2), await trained({ ...slopes, strength: { 3: 1 } }, 2)];
  for (const [name, tensor] of Object.entries(plain.params))
    assert.deepEqual(later.params[name].dataSync(), tensor.dataSync(), name);
  tf.dispose([plain.params, later.params]);
  const params = initialise(network, { seed: 1 });
  const data = tinyDataset();
  const batch = { images: tf.ones([4, 6, 6, 1]) as tf.Tensor4D, labels: tf.tensor1d([0, 1, 2, 0], 'int32') };
  const gradients = [undefined, slopes].map((penalty) => {
    const trainer = createTrainer(network, params, { data, penalty });
    const found = trainer.gradients(batch);
    trainer.dispose();
    return found;
  });
  for (const name of Object.keys(gradients[0]))
    assert.deepEqual(gradients[1][name].dataSync(), gradients[0][name].dataSync(), name);
  tf.dispose([params, batch, gradients]);
});

test('a strong penalty makes every channel linear, and frozen slopes stay', async () => {
  const run = async (penalty: Penalty, freeze?: string) => {
    const params = initialise(network, { seed: 1 });
    const history = await train(network, params, {
      ...{ data: tinyDataset(), batch: 12, epochs: 30, penalty, freeze },
      optimiser: adam({ learningRate: 0.01 }),
      record: { trace: false, test: false },
    });
    const sums = [params, history.params].map((at) => penaltySum(network, at, penalty));
    const names = network.parameters.filter(({ role }) => role === 'slope').map(({ name }) => name);
    const values = names.map((name) => [...history.params[name].dataSync()]);
    tf.dispose([params, history.params]);
    return { sums, values };
  };
  const all = await run({ ...slopes, strength: 1 });
  assert.ok(Math.abs(all.sums[0] - 8 * Math.sqrt(0.75)) < 1e-5, `${all.sums}`);
  // At a fixed rate of 0.01 Adam swings about by a few steps; from 0.25 that is near.
  for (const slope of all.values.flat()) assert.ok(Math.abs(slope - 1) < 0.05, `${slope}`);
  const frozen = await run({ ...slopes, strength: 1 }, 'relu1');
  assert.deepEqual(frozen.values[0], Array(4).fill(0.25));
});

test('a training with a penalty is resumed to the bit, its strength by the epoch', async () => {
  const params = initialise(network, { seed: 1 });
  const options = {
    ...{ data: tinyDataset(), batch: 10, epochs: 4 },
    optimiser: sgd({ learningRate: 0.05, momentum: 0.9 }),
    penalty: { ...slopes, strength: { 2: 0.5, 4: 0.1 } },
  };
  let state: TrainingState | undefined;
  const straight = await train(network, params, {
    ...options,
    onEpoch({ epoch }, take) {
      if (epoch === 2) state = take();
    },
  });
  const resumed = await train(network, params, { ...options, resume: state });
  const strip = (rows: EpochRow[]) => rows.map(({ seconds: _, ...row }) => row);
  assert.deepEqual(strip(resumed.rows), strip(straight.rows.slice(3)));
  for (const [name, tensor] of Object.entries(straight.params))
    assert.deepEqual(resumed.params[name].dataSync(), tensor.dataSync(), name);
  tf.dispose([params, state?.tensors ?? {}, straight.params, resumed.params]);
});

test('a penalty on nothing, a wrong role and numbers out of range are refused by name', async () => {
  const plain: Network = tinyNetwork();
  const refused: [object, RegExp][] = [
    [slopes, /^invalid penalty; tiny trains no parameter of the role: slope$/],
    [{ ...slopes, on: 'variance' }, /^invalid penalty\.on; unknown/],
    [{ ...slopes, on: 'gamma', power: 0 }, /^invalid penalty; power not a number above 0: 0$/],
    [{ ...slopes, on: 'gamma', towards: Number.NaN }, /^invalid penalty; towards not a finite number: NaN$/],
    [{ on: 'gamma' }, /^invalid penalty; strength not a finite number of 0 or more: undefined$/],
    [{ on: 'gamma', strength: -1 }, /^invalid penalty; strength not a finite number of 0 or more: -1$/],
    [{ on: 'gamma', strength: { 0: 1 } }, /^invalid penalty; strength not by whole epochs from 1 on: "0"$/],
    [
      { on: 'gamma', strength: { 2: '1' } },
      /^invalid penalty; strength not a finite number of 0 or more: "1"$/,
    ],
    [{ on: 'gamma', strength: 1, epochs: 3 }, /^invalid options of penalty; unknown/],
  ];
  const params = initialise(plain, { seed: 1 });
  for (const [penalty, message] of refused)
    await assert.rejects(
      train(plain, params, { data: tinyDataset(), epochs: 1, penalty: penalty as Penalty }),
      { message },
    );
  const g = graphBuilder([6, 6, 1]);
  g.dense('out', g.flatten('flat', g.parametricRelu('bend', g.input, { trainable: false })), { units: 3 });
  const fixed = g.build('fixed');
  const own = initialise(fixed, { seed: 1 });
  await assert.rejects(train(fixed, own, { data: tinyDataset(), epochs: 1, penalty: slopes }), {
    message: /fixed trains no parameter of the role: slope/,
  });
  tf.dispose([params, own]);
});

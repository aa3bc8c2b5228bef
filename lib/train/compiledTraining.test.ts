import assert from 'node:assert/strict';
import { product } from '../base';
import { type Batch, batches } from '../data';
import { fc, forward, kernelsOf, type Mask, type Network, type Params } from '../network';
import { isTrained } from '../network/isTrained';
import {
  cloneRecord,
  compiled,
  createRandom,
  mapRecord,
  type TensorRecord,
  tf,
  valueAndGradients,
} from '../tensor';
import { test } from '../testing';
import { tinyDataset, tinyNetwork, tinyStart } from '../testing/tinyTraining';
import { adam, createTrainer, type Freeze, type Optimiser, sgd } from '.';
import { computationOf } from './computationOf';
import { losses } from './losses';
import { countCorrect } from './metrics';
import { startTraining } from './startTraining';

const data = tinyDataset();
const BATCH = 20; // 20, 20 and 8 images: two traces
const STEPS = 3;

const networks = {
  compiled: tinyNetwork(),
  'compiled by XLA': fc({ width: 220, depth: 3, input: [6, 6, 1], classes: 3 }),
};

/** Each of its own takes XLA a second to compile. */
const byXla = ['momentum', 'Adam'];

const optimisers = {
  sgd: (weightDecay: number) => sgd({ learningRate: 0.05, weightDecay }),
  momentum: (weightDecay: number) => sgd({ learningRate: 0.05, momentum: 0.9, weightDecay }),
  Nesterov: (weightDecay: number) => sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay }),
  // Where a gradient is rounding alone, a smaller epsilon would blow it up.
  Adam: (weightDecay: number) => adam({ learningRate: 3e-3, epsilon: 1e-3, weightDecay }),
};

/** Training one op at a time, by the formulas of torch's documentation on plain tensors: what the compiled one is held to. */
function eagerTraining(
  network: Network,
  optimiser: Optimiser,
  start: Params,
  frozen: (name: string) => tf.Tensor | undefined,
) {
  const trained = network.parameters.filter(isTrained).map(({ name }) => name);
  let params = cloneRecord(start);
  let [first, second] = [0, 1].map(() => tf.tidy(() => mapRecord(params, (p) => tf.zerosLike(p))));
  let mask: Mask = {};
  let t = 0;
  const replace = (next: () => [Params, TensorRecord, TensorRecord]) => {
    const before = [params, first, second];
    [params, first, second] = tf.tidy(next);
    tf.dispose(before);
  };
  return {
    params: () => params,
    setMask(next: Mask, regrown: TensorRecord = {}) {
      const before = mask;
      mask = next;
      const kept = (record: TensorRecord) =>
        mapRecord(record, (x, name) => (mask[name] ? x.mul(mask[name]) : x.clone()));
      replace(() => {
        const grown = mapRecord(kept(params), (x, name) =>
          before[name] && regrown[name]
            ? x.add(regrown[name].mul(mask[name].mul(tf.scalar(1).sub(before[name]))))
            : x,
        );
        return [grown, kept(first), kept(second)];
      });
    },
    step({ images, labels }: Batch, learningRate: number): number {
      t++;
      let loss = Number.NaN;
      replace(() => {
        const statistics: TensorRecord = {};
        const at = Object.fromEntries(trained.map((name) => [name, params[name]]));
        const { value, gradients } = valueAndGradients((inner) => {
          const outputs = forward(network, { ...params, ...inner }, images, {
            mode: 'training',
            onStatistics(node, mean, variance) {
              statistics[node.mean] = tf.keep(mean.clone());
              statistics[node.variance] = tf.keep(variance.clone());
            },
          });
          return losses(outputs, labels).mean() as tf.Scalar;
        }, at);
        loss = value.dataSync()[0];
        const next: [Params, TensorRecord, TensorRecord] = [{}, {}, {}];
        for (const [name, x] of Object.entries(params)) {
          let [y, m, v] = [x.clone(), first[name].clone(), second[name].clone()];
          if (statistics[name]) y = x.mul(0.9).add(statistics[name].mul(0.1));
          if (gradients[name]) {
            let g = gradients[name].add(x.mul(optimiser.weightDecay));
            if (mask[name]) g = g.mul(mask[name]);
            const still = frozen(name);
            if (still) g = g.mul(tf.scalar(1).sub(still));
            if (optimiser.kind === 'adam') {
              const { beta1, beta2, epsilon } = optimiser;
              m = m.mul(beta1).add(g.mul(1 - beta1));
              v = v.mul(beta2).add(g.square().mul(1 - beta2));
              const root = v
                .div(1 - beta2 ** t)
                .sqrt()
                .add(epsilon);
              y = x.sub(m.mul(learningRate / (1 - beta1 ** t)).div(root));
            } else {
              m = m.mul(optimiser.momentum).add(g);
              y = x.sub((optimiser.nesterov ? g.add(m.mul(optimiser.momentum)) : m).mul(learningRate));
            }
          }
          [y, m, v].forEach((tensor, i) => {
            next[i][name] = tensor;
          });
        }
        tf.dispose(statistics);
        return next;
      });
      return loss;
    },
    dispose: () => tf.dispose([params, first, second]),
  };
}

function randomMask(network: Network, seed: string): Mask {
  const random = createRandom(seed);
  return Object.fromEntries(
    kernelsOf(network).map(({ name, shape }) => {
      const size = product(shape);
      const kept = Float32Array.from({ length: size }, () => Number(random.uniform() < 0.6));
      return [name, tf.tensor(kept, [...shape])];
    }),
  );
}

function furthest(found: TensorRecord, expected: TensorRecord): number {
  return tf.tidy(() =>
    Math.max(
      ...Object.keys(expected).map((name) => found[name].sub(expected[name]).abs().max().dataSync()[0]),
    ),
  );
}

for (const [computation, network] of Object.entries(networks))
  for (const [name, make] of Object.entries(optimisers))
    for (const seed of computation === 'compiled' ? [1, 2, 3, 4] : byXla.includes(name) ? [1] : [])
      test(`a ${computation}, masked, resumed training is the one taken op by op: ${name}, draw ${seed}`, async () => {
        assert.equal(computationOf(network), computation);
        const random = createRandom(`${name} ${seed}`);
        const optimiser = make(seed === 1 ? 0 : 0.01 * random.integer(5));
        const { params, mask: start } = tinyStart(network);
        const masks = [start, randomMask(network, `a${seed}`), randomMask(network, `b${seed}`)];
        const regrown = seed % 2 ? mapRecord(start, ({ shape }) => tf.fill(shape, 0.05)) : undefined;
        const layers = [...new Set(network.parameters.map(({ layer }) => layer))];
        const layer = layers[random.integer(layers.length)];
        const weights = randomMask(network, `f${seed}`);
        const freeze: Freeze | undefined = [undefined, undefined, layer, weights][(seed + 1) % 4];
        const all = tf.scalar(1);
        const frozen = (of: string) => {
          if (freeze === weights) return weights[of];
          return freeze === layer && network.parameters.find((spec) => spec.name === of)?.layer === layer
            ? all
            : undefined;
        };
        const eager = eagerTraining(network, optimiser, params, frozen);
        eager.setMask(masks[0]);
        const options = {
          data,
          batch: BATCH,
          seed,
          optimiser,
          freeze,
          schedule: { drops: [2] },
          record: { trace: false, test: false },
        } as const;
        let trainer = createTrainer(network, params, { ...options, mask: masks[0] });
        const changes = [1 + random.integer(STEPS), STEPS + 1 + random.integer(STEPS)];
        let step = 0;
        const found: number[] = [];
        const expected: number[] = [];
        for (let epoch = 0; epoch < 3; epoch++) {
          await trainer.runEpoch(undefined, (_, loss) => {
            found.push(loss);
            const at = changes.indexOf(++step);
            if (at >= 0) trainer.setMask(masks[at + 1], regrown);
          });
          step = epoch * STEPS;
          for (const batch of batches(data, 'train', { batch: BATCH, seed, epoch })) {
            expected.push(eager.step(batch, optimiser.learningRate * (epoch < 2 ? 1 : 0.1)));
            const at = changes.indexOf(++step);
            if (at >= 0) eager.setMask(masks[at + 1], regrown);
            tf.dispose([batch.images, batch.labels]);
          }
          if (epoch === 1) {
            const state = trainer.state();
            trainer.dispose();
            trainer = createTrainer(network, params, { ...options, resume: state });
            tf.dispose(state.tensors);
          }
          step = (epoch + 1) * STEPS;
        }
        // Nine steps in float32, in another order of operations.
        found.forEach((loss, i) => {
          assert.ok(Math.abs(loss - expected[i]) < 1e-4, `step ${i + 1}: ${loss}, not ${expected[i]}`);
        });
        const now = trainer.params();
        const distance = furthest(now, eager.params());
        assert.ok(distance < 1e-4, `weights differ by ${distance}`);
        assert.ok(furthest(now, params) > 1e-2);
        trainer.dispose();
        eager.dispose();
        tf.dispose([params, masks, regrown ?? {}, weights, all, now]);
      });

for (const [computation, network] of Object.entries(networks))
  for (const [name, make] of Object.entries(optimisers).filter(
    ([of]) => computation === 'compiled' || byXla.includes(of),
  ))
    test(`a ${computation} step of ${name} whose loss is not finite changes nothing, and the next goes on`, () => {
      const { params, mask } = tinyStart(network);
      const training = startTraining(network, params, { optimiser: make(0.01), mask });
      const step = (scale: number) =>
        training.step(
          {
            images: tf.fill([10, 6, 6, 1], scale),
            labels: tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 2, 0], 'int32'),
          },
          0.01,
          'epoch 1, step 2',
        );
      step(1);
      const before = training.state();
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
        assert.throws(
          () => step(bad),
          /^InvalidError: invalid loss; not finite in epoch 1, step 2, try a learning rate below 0.01: NaN$/,
        );
      const after = training.state();
      assert.equal(after.step, before.step);
      for (const [of, tensor] of Object.entries(after.tensors))
        assert.deepEqual([...tensor.dataSync()], [...before.tensors[of].dataSync()], of);
      step(2);
      const last = training.state();
      assert.equal(last.step, 2);
      assert.ok(furthest(last.tensors, before.tensors) > 0);
      training.dispose();
      tf.dispose([params, mask, before.tensors, after.tensors, last.tensors]);
    });

test('a training by XLA repeats and resumes to the bit', async () => {
  const network = networks['compiled by XLA'];
  const optimiser = optimisers.momentum(0.01);
  const { params, mask } = tinyStart(network);
  const end = async (isResumed: boolean) => {
    const options = { data, batch: BATCH, optimiser, mask };
    let trainer = createTrainer(network, params, options);
    const rows = [await trainer.runEpoch()];
    if (isResumed) {
      const resume = trainer.state();
      trainer.dispose();
      trainer = createTrainer(network, params, { ...options, resume });
      tf.dispose(resume.tensors);
    }
    rows.push(await trainer.runEpoch());
    const { tensors } = trainer.state();
    trainer.dispose();
    const bits = mapRecord(tensors, (tensor) => [...tensor.dataSync()]);
    tf.dispose(tensors);
    return { bits, rows: rows.map((row) => ({ ...row, seconds: 0 })) };
  };
  const whole = await end(false);
  assert.deepEqual(await end(false), whole);
  assert.deepEqual(await end(true), whole);
  tf.dispose([params, mask]);
});

test('of equal outputs the class of lower number comes first by XLA, too', () => {
  const count = (logits: tf.Tensor2D, labels: tf.Tensor1D) => countCorrect(logits, labels);
  const run = compiled(
    ({ logits, labels }: { logits: tf.Tensor2D; labels: tf.Tensor1D }) => count(logits, labels),
    {
      xla: true,
    },
  );
  tf.tidy(() => {
    const labels = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'int32');
    for (const logits of [tf.zeros([10, 10]), tf.range(0, 100).floorDiv(tf.scalar(3)).reshape([10, 10])])
      assert.deepEqual(
        [...run({ logits: logits as tf.Tensor2D, labels }).dataSync()],
        [...count(logits as tf.Tensor2D, labels).dataSync()],
      );
  });
  run.dispose();
});

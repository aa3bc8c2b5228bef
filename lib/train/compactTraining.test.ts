import assert from 'node:assert/strict';
import fc from 'fast-check';
import { product } from '../base';
import { graphBuilder, initialise, kernelsOf, type Mask, type Network, type Params } from '../network';
import { isTrained } from '../network/isTrained';
import { networksOf } from '../path/testRandomNetwork';
import { createRandom, mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { tinyDataset } from '../testing/tinyTraining';
import {
  adam,
  type EpochRow,
  type Freeze,
  type Optimiser,
  type Penalty,
  sgd,
  type TrainingState,
  train,
} from '.';
import { startTraining } from './startTraining';
import { shapesOf } from './trainingState';

const optimisers: Optimiser[] = [
  sgd({ learningRate: 0.02 }),
  sgd({ learningRate: 0.02, momentum: 0.9, weightDecay: 0.05 }),
  adam({ learningRate: 0.01 }),
  adam({ learningRate: 0.01, weightDecay: 0.05 }),
];

function draw(network: Network, seed: number): { params: Params; mask: Mask } {
  const random = createRandom(seed);
  const params = Object.fromEntries(
    network.parameters.map(({ name, shape, role }) => {
      const start = { bias: 0, beta: 0, mean: 0, variance: 1, gamma: 1, scale: 1, slope: 0.2 } as Record<
        string,
        number
      >;
      const values = Float32Array.from({ length: product(shape) }, () => {
        const isMoved = random.uniform() < 0.2 && role !== 'variance' && role !== 'mean';
        return (start[role] ?? 0) + (role === 'kernel' || isMoved ? random.normal() * 0.5 : 0);
      });
      return [name, tf.tensor(values, [...shape])];
    }),
  );
  const mask = Object.fromEntries(
    kernelsOf(network).map(({ name, shape }) => {
      const outputs = shape[shape.length - 1];
      const isCut = Array.from({ length: outputs }, () => random.uniform() < 0.4);
      const bits = Float32Array.from({ length: product(shape) }, (_, i) =>
        !isCut[i % outputs] && random.uniform() < 0.5 ? 1 : 0,
      );
      return [name, tf.tensor(bits, [...shape])];
    }),
  );
  return { params, mask };
}

/** Nothing, the first layer, or every second weight. */
function freezeOf(network: Network, seed: number): Freeze | undefined {
  const [{ name, layer, shape }] = network.parameters.filter(isTrained);
  const isOnly = network.parameters.filter(isTrained).every((spec) => spec.layer === layer);
  if (seed % 3 === 0 || isOnly) return undefined;
  if (seed % 3 === 1) return layer;
  const bits = Float32Array.from({ length: product(shape) }, (_, i) => i % 2);
  return { [name]: tf.tensor(bits, [...shape]) };
}

/** Nothing, or of what the network has, as a training of few steps can be compared in. */
function penaltyOf(network: Network, seed: number): Penalty | undefined {
  const penalties: Penalty[] = [
    { on: 'slope', towards: 1, power: 0.5, strength: 0.1 },
    { on: 'slope', towards: -0.5, power: 2, strength: 0.5 },
    { on: 'beta', towards: 0.3, power: 2, strength: 0.2 },
    { on: 'bias', towards: -0.3, power: 2, strength: 0.2 },
    { on: 'gamma', power: 1, strength: 0.1 },
    { on: 'kernel', power: 2, strength: 0.05 },
  ];
  const possible = penalties.filter(({ on }) => network.parameters.some(({ role }) => role === on));
  return seed % 4 === 0 ? undefined : possible[(seed * 7) % possible.length];
}

function batchOf(network: Network, seed: number) {
  return {
    images: tf.randomNormal<tf.Rank.R4>(
      [8, ...network.input] as [number, number, number, number],
      0,
      1,
      'float32',
      seed,
    ),
    labels: tf.tensor1d(
      Int32Array.from({ length: 8 }, (_, i) => i % network.classes),
      'int32',
    ),
  };
}

test('a training of the smaller network is that of the masked one, in all that it leaves', () => {
  let _cut = 0;
  fc.assert(
    fc.property(
      networksOf(16, 200),
      fc.nat(10_000),
      fc.nat(optimisers.length - 1),
      (network, seed, which) => {
        tf.tidy(() => {
          const optimiser = optimisers[which];
          const { params, mask } = draw(network, seed);
          const { params: regrown, mask: next } = draw(network, seed + 1);
          const kernels = Object.fromEntries(Object.keys(next).map((name) => [name, regrown[name]]));
          const freeze = freezeOf(network, seed);
          const penalty = penaltyOf(network, seed);
          const options = { optimiser, mask, freeze, penalty };
          const whole = startTraining(network, params, options, false);
          const small = startTraining(network, params, options, true);
          if (small.small) _cut++;
          for (let step = 0; step < 4; step++) {
            if (step === 2) for (const training of [whole, small]) training.setMask(next, kernels);
            const [a, b] = [whole, small].map((training) =>
              training.step(
                batchOf(network, step + 1),
                optimiser.learningRate,
                'test',
                penalty?.strength as number,
              ),
            );
            assert.ok(Math.abs(a.loss - b.loss) < 1e-4 * Math.max(1, a.loss), `loss ${a.loss}, ${b.loss}`);
          }
          const [expected, found] = [whole, small].map((training) => training.state());
          assert.deepEqual(Object.keys(found.tensors).sort(), Object.keys(expected.tensors).sort());
          for (const [name, tensor] of Object.entries(expected.tensors)) {
            if (/mean$|variance$/.test(name) && name.startsWith('params')) continue;
            const gap = tensor.sub(found.tensors[name]).abs().max().dataSync()[0];
            const size = tensor.abs().max().dataSync()[0];
            assert.ok(gap <= 1e-3 * Math.max(size, 1e-2), `${name} differs by ${gap} of ${size}`);
          }
          tf.dispose([expected.tensors, found.tensors]);
          whole.dispose();
          small.dispose();
        });
      },
    ),
    { numRuns: 100, seed: 1, includeErrorInReport: true },
  );
});

/** A residual block of eight channels. */
function blocks(): Network {
  const g = graphBuilder([6, 6, 1]);
  let x = g.relu('relu1', g.batchNorm('norm1', g.conv2d('conv1', g.input, { filters: 8 })));
  const branch = g.batchNorm('norm2', g.conv2d('conv2', x, { filters: 8 }));
  x = g.relu('relu2', g.add('add', x, branch));
  g.dense('dense', g.flatten('flatten', g.maxPool('pool', x)), { units: 3 });
  return g.build('blocks');
}

/** Two convolutions of eight channels without shifts: of one whose weights are pruned the slope alone moves. */
function sloped(): Network {
  const g = graphBuilder([6, 6, 1]);
  let x = g.parametricRelu('bend1', g.conv2d('conv1', g.input, { filters: 8 }));
  x = g.parametricRelu('bend2', g.conv2d('conv2', x, { filters: 8 }));
  g.dense('dense', g.flatten('flatten', g.maxPool('pool', x)), { units: 3 });
  return g.build('sloped');
}

test('a training that is stopped and resumed goes on to the bit in the smaller network, and measures its outputs', () =>
  resumed(blocks(), 'norm1', 4));

test('so does one with a penalty that changes from epoch to epoch', () =>
  resumed(sloped(), 'conv1', 3, {
    ...{ on: 'slope', towards: 1, power: 0.5 },
    strength: { 1: 0.02, 3: 0, 4: 0.05 },
  }));

async function resumed(network: Network, layer: string, left: number, penalty?: Penalty): Promise<void> {
  const params = initialise(network, { seed: 1 });
  const mask = mapRecord(shapesOf(kernelsOf(network)), (shape) => {
    const outputs = shape[shape.length - 1];
    const bits = Float32Array.from({ length: product(shape) }, (_, i) =>
      outputs === 8 && i % 8 < 5 ? 0 : 1,
    );
    return tf.tensor(bits, [...shape]);
  });
  const optimiser = sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 });
  const options = { data: tinyDataset(), mask, optimiser, penalty, batch: 10 };
  const started = startTraining(network, params, { optimiser, mask, penalty }, true);
  assert.equal(started.small?.network.shapes[layer].at(-1), left);
  started.dispose();
  let state: TrainingState | undefined;
  const straight = await train(network, params, {
    ...options,
    compact: true,
    epochs: 4,
    onEpoch({ epoch }, take) {
      if (epoch === 2) state = take();
    },
  });
  const goneOn = await train(network, params, {
    ...options,
    mask: undefined,
    compact: true,
    epochs: 4,
    resume: state,
  });
  const strip = (rows: EpochRow[]) => rows.map(({ seconds: _, ...row }) => row);
  assert.deepEqual(strip(goneOn.rows), strip(straight.rows.slice(3)));
  for (const [name, tensor] of Object.entries(straight.params))
    if (!name.endsWith('variance')) assert.deepEqual(goneOn.params[name].dataSync(), tensor.dataSync(), name);
  const whole = await train(network, params, { ...options, compact: false, epochs: 2 });
  for (const [i, row] of whole.rows.entries())
    for (const [name, value] of Object.entries(row)) {
      if (name === 'seconds' || value === null) continue;
      const found = straight.rows[i][name as keyof EpochRow] as number;
      assert.ok(
        Math.abs(found - value) <= 1e-3 * Math.max(1, Math.abs(value)),
        `${name}: ${found}, ${value}`,
      );
    }
  tf.dispose([params, mask, state?.tensors ?? {}, straight.params, goneOn.params, whole.params]);
}

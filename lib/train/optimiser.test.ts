import assert from 'node:assert/strict';
import { createRandom, createVariable, destroyVariable, readVariable, tf } from '../tensor';
import { test } from '../testing';
import { adam, type Optimiser, sgd } from './optimiser';
import { startOptimiser } from './startOptimiser';

/** What torch.optim.Adam and torch.optim.SGD document, in float64, one number at a time. */
function reference(optimiser: Optimiser): (theta: number, gradient: number, rate: number) => number {
  let [first, second, step] = [0, 0, 0];
  return (theta, gradient, rate) => {
    step++;
    const g = gradient + optimiser.weightDecay * theta;
    if (optimiser.kind === 'sgd') {
      const { momentum, nesterov } = optimiser;
      first = step === 1 ? g : momentum * first + g;
      return theta - rate * (nesterov ? g + momentum * first : first);
    }
    const { beta1, beta2, epsilon } = optimiser;
    first = beta1 * first + (1 - beta1) * g;
    second = beta2 * second + (1 - beta2) * g * g;
    const root = Math.sqrt(second) / Math.sqrt(1 - beta2 ** step);
    return theta - ((rate / (1 - beta1 ** step)) * first) / (root + epsilon);
  };
}

const cases: [string, Optimiser][] = [
  ['adam', adam({ learningRate: 0.01 })],
  [
    'adam with weight decay and a large epsilon',
    adam({ learningRate: 0.01, weightDecay: 0.1, epsilon: 0.1 }),
  ],
  ['adam with the smallest epsilon', adam({ learningRate: 0.01, epsilon: 1e-30 })],
  ['adam with other betas', adam({ learningRate: 0.01, beta1: 0.5, beta2: 0.9 })],
  ['sgd', sgd({ learningRate: 0.1 })],
  ['sgd with weight decay', sgd({ learningRate: 0.1, weightDecay: 0.01 })],
  ['sgd with momentum', sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 })],
  [
    'sgd with Nesterov momentum',
    sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  ],
];
for (const [name, optimiser] of cases) {
  test(`${name} moves as torch documents, through a drop of the learning rate`, () => {
    const random = createRandom(name);
    const draw = () => Float32Array.from({ length: 8 }, () => random.normal());
    const theta = Float64Array.from(draw());
    const updates = [...theta].map(() => reference(optimiser));
    const initial = tf.tensor1d(Float32Array.from(theta));
    const variables = { theta: createVariable(initial) };
    const running = startOptimiser(optimiser, variables);
    for (let step = 1; step <= 12; step++) {
      const rate = optimiser.learningRate * (step > 6 ? 0.1 : 1);
      const gradient = draw();
      theta.forEach((value, i) => {
        theta[i] = updates[i](value, gradient[i], rate);
      });
      tf.tidy(() => running.step({ theta: tf.tensor1d(gradient) }, rate));
      const found = tf.tidy(() => readVariable(variables.theta).dataSync());
      theta.forEach((value, i) => {
        assert.ok(Math.abs(found[i] - value) < 3e-6, `step ${step}: ${found[i]}, not ${value}`);
      });
    }
    running.dispose();
    destroyVariable(variables.theta);
    initial.dispose();
  });
}

test('a parameter whose gradient is always 0 stays where it is', () => {
  for (const [, { kind, ...options }] of cases) {
    const optimiser = kind === 'adam' ? adam(options) : sgd(options);
    const initial = tf.tensor1d([0, 1]);
    const variables = { theta: createVariable(initial) };
    const running = startOptimiser(optimiser, variables);
    for (let step = 0; step < 5; step++)
      tf.tidy(() => running.step({ theta: tf.tensor1d([0, 1]) }, optimiser.learningRate));
    assert.equal(
      tf.tidy(() => readVariable(variables.theta).dataSync()[0]),
      0,
    );
    running.dispose();
    destroyVariable(variables.theta);
    initial.dispose();
  }
});

test('optimisers refuse numbers that are out of range', () => {
  const rule = (name: string) => ({ message: new RegExp(`^invalid ${name}; not `) });
  for (const learningRate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => adam({ learningRate }), rule('learningRate'));
    assert.throws(() => sgd({ learningRate }), rule('learningRate'));
  }
  for (const bad of [-0.1, 1, Number.NaN]) {
    assert.throws(() => adam({ beta1: bad }), rule('beta1'));
    assert.throws(() => adam({ beta2: bad }), rule('beta2'));
    assert.throws(() => sgd({ learningRate: 1, momentum: bad }), rule('momentum'));
  }
  // In float32 this is 1.
  assert.throws(() => adam({ beta2: 1 - 1e-9 }), rule('beta2'));
  for (const bad of [0, 1e-40, Number.POSITIVE_INFINITY])
    assert.throws(() => adam({ epsilon: bad }), rule('epsilon'));
  for (const bad of [-1, Number.NaN]) {
    assert.throws(() => adam({ epsilon: bad }), rule('epsilon'));
    assert.throws(() => adam({ weightDecay: bad }), rule('weightDecay'));
  }
  assert.throws(
    () => sgd({ learningRate: 1, nesterov: true }),
    /^InvalidError: invalid nesterov; takes momentum above 0: true$/,
  );
});

import assert from 'node:assert/strict';
import {
  compiled,
  createRandom,
  createVariable,
  destroyVariable,
  mapRecord,
  type NativeVariable,
  readVariable,
  tf,
} from '../tensor';
import { test } from '../testing';
import { adam, type Optimiser, sgd } from './optimiser';
import { startOptimiser } from './startOptimiser';
import { type Rates, update } from './update';

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

/** What takes a step down a gradient, which it disposes of: one call of a compiled function, by XLA or not. */
function start(optimiser: Optimiser, variables: { theta: NativeVariable }, byXla = false) {
  const running = startOptimiser(optimiser, variables);
  const { slots } = running;
  type Inputs = {
    gradient: tf.Tensor;
    condition: tf.Tensor;
    rates: Rates;
    variables: typeof variables;
    slots: typeof slots;
  };
  const run = compiled(
    ({ gradient, condition, ...inputs }: Inputs) => {
      const weights = mapRecord(inputs.variables, readVariable);
      const gradients = { theta: gradient };
      update(optimiser, { ...inputs, weights, gradients, moving: {} }, condition, byXla);
      return gradient.sum();
    },
    { xla: byXla },
  );
  return {
    stepping(gradient: tf.Tensor, learningRate: number, holds = true) {
      tf.tidy(() => {
        const condition = tf.scalar(holds, 'bool');
        void run({ gradient, condition, rates: running.rates(learningRate), variables, slots });
      });
      if (holds) running.count();
      gradient.dispose();
    },
    dispose() {
      running.dispose();
      run.dispose();
    },
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
for (const [name, optimiser, byXla] of cases.flatMap((one) => [
  [...one, false] as const,
  [...one, true] as const,
])) {
  test(`${name} ${byXla ? 'by XLA ' : ''}moves as torch documents, through a drop of the learning rate and a step that is not taken`, () => {
    const random = createRandom(name);
    const draw = () => Float32Array.from({ length: 8 }, () => random.normal());
    const theta = Float64Array.from(draw());
    const updates = [...theta].map(() => reference(optimiser));
    const initial = tf.tensor1d(Float32Array.from(theta));
    const variables = { theta: createVariable(initial) };
    const { stepping, dispose } = start(optimiser, variables, byXla);
    for (let step = 1; step <= 12; step++) {
      const rate = optimiser.learningRate * (step > 6 ? 0.1 : 1);
      const gradient = draw();
      theta.forEach((value, i) => {
        theta[i] = updates[i](value, gradient[i], rate);
      });
      stepping(tf.tensor1d(gradient), rate);
      if (step % 4 === 0) stepping(tf.fill([8], Number.NaN), rate, false);
      const found = tf.tidy(() => readVariable(variables.theta).dataSync());
      theta.forEach((value, i) => {
        assert.ok(Math.abs(found[i] - value) < 3e-6, `step ${step}: ${found[i]}, not ${value}`);
      });
    }
    dispose();
    destroyVariable(variables.theta);
    initial.dispose();
  });
}

test('a parameter whose gradient is always 0 stays where it is', () => {
  for (const [, { kind, ...options }] of cases) {
    const optimiser = kind === 'adam' ? adam(options) : sgd(options);
    const initial = tf.tensor1d([0, 1]);
    const variables = { theta: createVariable(initial) };
    const { stepping, dispose } = start(optimiser, variables);
    for (let step = 0; step < 5; step++) stepping(tf.tensor1d([0, 1]), optimiser.learningRate);
    assert.equal(
      tf.tidy(() => readVariable(variables.theta).dataSync()[0]),
      0,
    );
    dispose();
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

import assert from 'node:assert/strict';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import {
  applyAdam,
  applyGradientDescent,
  batchNormTraining,
  type Compiled,
  type CompileOptions,
  compiled,
  constant,
  conv2d,
  correctedAdam,
  createVariable,
  destroyVariable,
  type NativeVariable,
  nativeBackend,
  readDoubles,
  readVariable,
  relu,
  single,
  softmaxCrossEntropy,
  statelessUniform,
  type TensorRecord,
  tf,
  valueAndGradients,
} from '..';
import type { Inputs, Results } from './tree';

/** Compiles, hands it on and frees it. */
function withCompiled<I extends Inputs, O extends Results>(
  f: (inputs: I) => O,
  options: CompileOptions,
  body: (run: Compiled<I, O>) => void,
): void {
  const run = compiled(f, options);
  try {
    tf.tidy(() => body(run));
  } finally {
    run.dispose();
  }
}

/** A convolution, batch norm on the batch, ReLU, a max pool and a dense layer. */
function smallNet() {
  return {
    images: normalTensor<tf.Tensor4D>([4, 8, 8, 2], 1),
    targets: tf.oneHot(tf.tensor1d([0, 2, 1, 2], 'int32'), 3).toFloat() as tf.Tensor2D,
    params: {
      kernel: normalTensor([3, 3, 2, 5], 2),
      gamma: normalTensor([5], 3),
      beta: normalTensor([5], 4),
      dense: normalTensor([5 * 4 * 4, 3], 5, 0.1),
    } as TensorRecord,
  };
}

type SmallNet = ReturnType<typeof smallNet>;

function smallLoss({ images, targets }: SmallNet, at: TensorRecord): tf.Scalar {
  const geometry = { stride: 1, padding: [1, 1, 1, 1] } as const;
  const h = conv2d(images, at.kernel as tf.Tensor4D, geometry);
  const { y } = batchNormTraining(h, at.gamma as tf.Tensor1D, at.beta as tf.Tensor1D, 1e-5);
  const pooled = tf.maxPool(relu(y), 2, 2, 'valid').reshape([4, -1]); // [4, 80]
  return softmaxCrossEntropy(pooled.matMul(at.dense) as tf.Tensor2D, targets).mean();
}

const smallGradients = (net: SmallNet) => valueAndGradients((at) => smallLoss(net, at), net.params);

/** θ ⊙ H g, as GraSP has it. */
function secondOrder(net: SmallNet): TensorRecord {
  const g = smallGradients(net).gradients;
  const along = (at: TensorRecord) => {
    const { gradients } = valueAndGradients((inner) => smallLoss(net, inner), at);
    return tf.addN(Object.keys(at).map((name) => gradients[name].mul(g[name]).sum())) as tf.Scalar;
  };
  return valueAndGradients(along, net.params).gradients;
}

const numbers = (tensor: tf.Tensor) => [...tensor.dataSync()];

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  const scale = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let i = 0; i < found.length; i++)
    assert.ok(Math.abs(found[i] - expected[i]) <= tolerance * scale, `${found[i]} for ${expected[i]}`);
}

test('a compiled function gives what the same operations give one by one, first and second derivatives included', () => {
  withCompiled(smallGradients, {}, (first) =>
    withCompiled(secondOrder, {}, (second) => {
      const net = smallNet();
      const [found, expected] = [first(net), smallGradients(net)];
      assert.equal(found.value.dataSync()[0], expected.value.dataSync()[0]);
      const [foundTwice, expectedTwice] = [second(net), secondOrder(net)];
      for (const name of Object.keys(net.params)) {
        assertClose(numbers(found.gradients[name]), numbers(expected.gradients[name]), 1e-6);
        assertClose(numbers(foundTwice[name]), numbers(expectedTwice[name]), 1e-5); // sums in another order
      }
      assert.deepEqual(numbers(first(net).gradients.kernel), numbers(found.gradients.kernel)); // to the bit
    }),
  );
});

test('in double precision it agrees with arithmetic on the numbers of JavaScript to the last digits', () => {
  const f = ({ x, w }: { x: tf.Tensor2D; w: tf.Tensor2D }) => {
    const value = x.matMul(w).square().mul(constant(0.1)).sum() as tf.Scalar;
    return { value, rounded: single(value) };
  };
  withCompiled(f, { precision: 'double' }, (run) => {
    const [x, w] = [normalTensor<tf.Tensor2D>([3, 4], 1), normalTensor<tf.Tensor2D>([4, 2], 2)];
    const [rows, columns] = [x.arraySync(), w.arraySync()];
    const products = rows.flatMap((row) =>
      columns[0].map((_, k) => row.reduce((sum, entry, i) => sum + entry * columns[i][k], 0)),
    );
    const expected = products.reduce((sum, z) => sum + 0.1 * z * z, 0);
    const { value, rounded } = run({ x, w });
    assertClose(readDoubles(value), [expected], 1e-15);
    assert.equal(rounded.dataSync()[0], Math.fround(readDoubles(value)[0]));
    assert.throws(() => readDoubles(rounded), /invalid tensor; not in double precision/);
    // A double can be the input of another function, and keeps its digits.
    withCompiled(
      (y: tf.Tensor) => y.mul(2),
      { precision: 'double' },
      (twice) => {
        assert.equal(readDoubles(twice(value))[0], 2 * readDoubles(value)[0]);
      },
    );
    withCompiled(
      (y: tf.Tensor) => y.mul(2),
      {},
      (twice) => {
        assert.equal(twice(value).dataSync()[0], 2 * Math.fround(readDoubles(value)[0]));
      },
    );
  });
});

test('second derivatives in double precision are the slopes of the first', () => {
  const first = ({ net, directions, step }: { net: SmallNet; directions: TensorRecord; step: tf.Scalar }) => {
    const params = Object.fromEntries(
      Object.entries(net.params).map(([name, p]) => [name, p.add(directions[name].mul(step))]),
    );
    return smallGradients({ ...net, params }).gradients;
  };
  const product = ({ net, directions }: { net: SmallNet; directions: TensorRecord }) => {
    const along = (at: TensorRecord) => {
      const { gradients } = valueAndGradients((inner) => smallLoss(net, inner), at);
      return tf.addN(Object.keys(at).map((name) => gradients[name].mul(directions[name]).sum())) as tf.Scalar;
    };
    return valueAndGradients(along, net.params).gradients;
  };
  withCompiled(first, { precision: 'double' }, (gradients) =>
    withCompiled(product, { precision: 'double' }, (hessian) => {
      const net = smallNet();
      const directions = Object.fromEntries(
        Object.entries(net.params).map(([name, p], i) => [name, normalTensor(p.shape, 20 + i)]),
      );
      const step = 2 ** -20; // in float64 the difference then keeps nine digits, and its error is of the step's square
      const [up, down] = [step, -step].map((t) => gradients({ net, directions, step: tf.scalar(t) }));
      const found = hessian({ net, directions });
      for (const name of Object.keys(net.params)) {
        const below = readDoubles(down[name]);
        const slope = readDoubles(up[name]).map((value, i) => (value - below[i]) / (2 * step));
        assertClose(readDoubles(found[name]), slope, 1e-7);
      }
    }),
  );
});

test('XLA gives the same numbers up to rounding', () => {
  const f = ({ x, w }: TensorRecord) =>
    valueAndGradients((at) => relu(x.matMul(at.w)).square().mean(), { w });
  withCompiled(f, { xla: true }, (run) => {
    const inputs = { x: normalTensor([8, 20], 1), w: normalTensor([20, 10], 2) };
    assertClose(numbers(run(inputs).gradients.w), numbers(f(inputs).gradients.w), 1e-6);
  });
});

/** One step of Adam on a two-layer net with dropout; what changes from step to step is a tensor. */
function adamStep(
  { images, targets }: { images: tf.Tensor2D; targets: tf.Tensor2D },
  variables: Record<string, NativeVariable>,
  seed: tf.Tensor1D,
  update: (entries: Parameters<typeof applyAdam>[0]) => void,
): tf.Scalar {
  const weights = { a: readVariable(variables.a), b: readVariable(variables.b) };
  const { value, gradients } = valueAndGradients(({ a, b }) => {
    const h = relu(images.matMul(a));
    const kept = statelessUniform(h.shape, seed).greaterEqual(0.3).toFloat().div(0.7);
    return softmaxCrossEntropy(h.mul(kept).matMul(b) as tf.Tensor2D, targets).mean();
  }, weights);
  const decayed = ['a', 'b'].map((name) => gradients[name].add(weights[name as 'a' | 'b'].mul(1e-3)));
  tf.dispose(weights);
  update(
    ['a', 'b'].map((name, i) => ({
      variable: variables[name],
      mean: variables[`${name}/mean`],
      square: variables[`${name}/square`],
      gradient: decayed[i],
    })),
  );
  return value;
}

test('fifty compiled steps of Adam with a schedule, decay and dropout are the steps taken one op at a time', () => {
  const start = () => {
    const made: Record<string, NativeVariable> = {};
    tf.tidy(() => {
      const values = { a: normalTensor([12, 16], 1, 0.3), b: normalTensor([16, 3], 2, 0.3) };
      for (const [name, value] of Object.entries(values)) {
        made[name] = createVariable(value);
        made[`${name}/mean`] = createVariable(tf.zerosLike(value));
        made[`${name}/square`] = createVariable(tf.zerosLike(value));
      }
    });
    return made;
  };
  const [eager, native] = [start(), start()];
  const f = (inputs: {
    images: tf.Tensor2D;
    targets: tf.Tensor2D;
    variables: Record<string, NativeVariable>;
    seed: tf.Tensor1D;
    rate: tf.Scalar;
    epsilon: tf.Scalar;
  }) =>
    adamStep(inputs, inputs.variables, inputs.seed, (entries) => {
      const { rate, epsilon } = inputs;
      applyAdam(entries, { rate, beta1: 0.9, beta2: 0.999, epsilon });
    });
  withCompiled(f, {}, (run) => {
    const images = normalTensor<tf.Tensor2D>([10, 12], 3);
    const targets = tf.oneHot(tf.range(0, 10, 1, 'int32').mod(3).toInt(), 3).toFloat() as tf.Tensor2D;
    const losses: number[] = [];
    for (let step = 1; step <= 50; step++)
      tf.tidy(() => {
        const learningRate = 0.03 * (step < 25 ? 1 : 0.1);
        const settings = { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step };
        const seed = tf.tensor1d([7, step], 'int32');
        const { rate, epsilon } = correctedAdam(settings);
        const changing = { rate: tf.scalar(rate), epsilon: tf.scalar(epsilon), seed };
        const found = run({ images, targets, variables: native, ...changing }).dataSync()[0];
        const expected = adamStep({ images, targets }, eager, seed, (entries) =>
          applyAdam(entries, correctedAdam(settings)),
        ).dataSync()[0];
        assertClose([found], [expected], 1e-5);
        losses.push(found);
      });
    assert.ok(losses[49] < 0.6 * losses[0], `${losses[0]} to ${losses[49]}`);
    assert.ok(losses[1] !== losses[2]);
    assertClose(numbers(readVariable(native.a)), numbers(readVariable(eager.a)), 1e-4);
  });
  for (const variable of [...Object.values(eager), ...Object.values(native)]) destroyVariable(variable);
});

test('a variable is read and changed in the order written', () => {
  const f = ({ v, gradient }: { v: NativeVariable; gradient: tf.Tensor }) => {
    const before = readVariable(v).mul(1);
    applyGradientDescent([{ variable: v, gradient }], 1);
    const between = readVariable(v).mul(1);
    applyGradientDescent([{ variable: v, gradient }], 1);
    return [before, between, readVariable(v)];
  };
  const zeros = tf.zeros([1000]);
  const variable = createVariable(zeros);
  zeros.dispose();
  withCompiled(f, {}, (run) => {
    for (let i = 0; i < 20; i++) {
      const seen = run({ v: variable, gradient: tf.ones([1000]) }).map((t) => t.max().dataSync()[0]);
      assert.deepEqual(
        seen,
        [-2 * i, -2 * i - 1, -2 * i - 2].map((x) => x + 0),
      );
    }
  });
  const inDouble = compiled(f, { precision: 'double' });
  tf.tidy(() => {
    assert.throws(() => inDouble({ v: variable, gradient: tf.ones([1000]) }), /variables are float32/);
  });
  destroyVariable(variable);
});

test('batch norm on the batch is the same in double precision', () => {
  const f = ({ net }: { net: SmallNet }) => {
    const { kernel, gamma, beta } = net.params;
    const h = conv2d(net.images, kernel as tf.Tensor4D, { stride: 1, padding: [0, 0, 0, 0] });
    const { y, mean, variance } = batchNormTraining(h, gamma as tf.Tensor1D, beta as tf.Tensor1D, 1e-5);
    return { y, mean, variance };
  };
  withCompiled(f, { precision: 'double' }, (run) => {
    const net = smallNet();
    const [found, expected] = [run({ net }), f({ net })];
    for (const name of ['y', 'mean', 'variance'] as const)
      assertClose(readDoubles(found[name]), numbers(expected[name]), 1e-5);
  });
});

test('stateless random numbers follow from their seed alone and are uniform', () => {
  withCompiled(
    (seed: tf.Tensor1D) => statelessUniform([100_000], seed),
    {},
    (run) => {
      const [one, again, other] = [1, 1, 2].map((s) =>
        run(tf.tensor1d([s, 5], 'int32')).dataSync<'float32'>(),
      );
      assert.deepEqual(one, again);
      assert.notDeepEqual(one, other);
      const mean = one.reduce((sum, x) => sum + x, 0) / one.length;
      assert.ok(Math.abs(mean - 0.5) < 0.005, `${mean}`); // five standard errors
      assert.ok(one.every((x) => 0 <= x && x < 1));
    },
  );
});

test('inside another, a compiled function is part of that one', () => {
  const inner = compiled(({ x }: { x: tf.Tensor }) => x.mul(constant(0.1)));
  withCompiled(
    (x: tf.Tensor) => inner({ x }).sum(),
    { precision: 'double' },
    (outer) => {
      assert.equal(readDoubles(outer(tf.tensor1d([1, 1])))[0], 0.2);
    },
  );
  inner.dispose();
});

test('what cannot be compiled is refused in words, and leaves the engine as it was', () => {
  const outside = tf.scalar(3);
  const large = () => tf.tensor1d(Float32Array.from({ length: 2000 }, (_, i) => i));
  const refused: [(x: tf.Tensor) => unknown, RegExp][] = [
    [(x) => x.mul(x.dataSync()[0]), /may not read values/],
    [(x) => x.add(outside), /neither an input nor made inside/],
    [() => outside, /neither an input nor made inside/],
    [(x) => tf.keep(x.add(1)), /may not keep tensors/],
    [(x) => x.add(large()), /2000 numbers in JavaScript.*make them an input/],
    [async (x) => x, /may not be async/],
    [(x) => ({ x, y: 3 }), /invalid results.y; not a tensor/],
    [(x) => x.reshape([7]), /\S/],
    [
      (x) => {
        x.add(1);
        throw new Error('of my own');
      },
      /of my own/,
    ],
  ];
  const backend = nativeBackend() as object;
  const own = Object.keys(backend);
  tf.tidy(() => {
    const x = tf.ones([2]);
    for (const [f, message] of refused) {
      const before = tf.memory().numTensors;
      assert.throws(() => compiled(f as (x: tf.Tensor) => tf.Tensor)(x), message);
      assert.equal(tf.memory().numTensors, before, `${message}`);
      assert.deepEqual(Object.keys(backend), own);
      assert.deepEqual(numbers(tf.grad((y) => y.square())(x)), [2, 2]);
    }
    assert.deepEqual(numbers(outside.add(1)), [4]);
    assert.throws(() => compiled((y: tf.Tensor) => y)(3 as never), /invalid inputs; not a tensor/);
    assert.throws(() => compiled((y: tf.Tensor) => y, { precision: 'half' as never }), /invalid precision/);
    const square = compiled((y: tf.Tensor) => y.square());
    assert.throws(() => tf.grad((y) => square(y))(x), /has its gradients inside/);
  });
  outside.dispose();
});

test('traces are kept for eight shapes of inputs, and freed by dispose', () => {
  const backend = nativeBackend();
  const { binding } = backend;
  const counting = Object.create(binding);
  const alive = new Set<string>();
  let traces = 0;
  const graphFunction = (inputs: number[], outputs: number[]) => {
    const name = binding.graphFunction(inputs, outputs);
    traces++;
    alive.add(name);
    return name;
  };
  const removeFunction = (name: string) => {
    assert.ok(alive.delete(name));
    binding.removeFunction(name);
  };
  for (const [name, value] of Object.entries({ graphFunction, removeFunction }))
    Object.defineProperty(counting, name, { value });
  backend.binding = counting;
  try {
    const run = compiled(({ x, y }: { x: tf.Tensor; y?: tf.Tensor }) => (y ? x.add(y) : x.square().sum()));
    tf.tidy(() => {
      for (const extent of [1, 2, 1, 3, 1, 4, 5, 6, 7, 8]) {
        assert.equal(run({ x: tf.fill([extent], 2) }).dataSync()[0], 4 * extent);
        assert.ok(alive.size <= 8);
      }
      assert.equal(traces, 8);
      run({ x: tf.ones([9]) });
      run({ x: tf.ones([1]), y: undefined }); // used lately, so still there
      assert.deepEqual([traces, alive.size], [9, 8]);
      run({ x: tf.ones([1], 'int32') }); // other types
      assert.deepEqual(numbers(run({ x: tf.ones([1]), y: tf.ones([1]) })), [2]); // other inputs
      assert.deepEqual([traces, alive.size], [11, 8]);
      const [name] = alive;
      run.dispose();
      assert.equal(alive.size, 0);
      assert.throws(() => binding.executeOp(name, [], [], 1));
      assert.equal(run({ x: tf.ones([1]) }).dataSync()[0], 1); // traced anew
      run.dispose();
    });
  } finally {
    backend.binding = binding;
  }
});

test('the view of a double outlives its tensor', () => {
  withCompiled(
    (x: tf.Tensor) => x.mul(2),
    { precision: 'double' },
    (run) => {
      const views: Float64Array[] = [];
      for (let i = 0; i < 50; i++) {
        const result = run(tf.fill([1000], i));
        views.push(readDoubles(result));
        result.dispose();
      }
      views.forEach((view, i) => {
        assert.ok(view.every((value) => value === 2 * i));
      });
    },
  );
});

import type { Params } from '../../network';
import { forward, type Network } from '../../network';
import { empiricalNtk, gradientFlow } from '../../ntk';
import { compiled, readDoubles, tf } from '../../tensor';
import { CANCELLING, type Comparison, relativeError, relativeErrorOf } from '../comparison';
import { type Fields, fieldsOf, isFields } from '../jsonFields';
import { readInputs, sampleTensor } from '../readInputs';
import type { Subject } from '../subject';
import type { Check } from './check';

/** Of numbers that are double precision throughout. */
const DOUBLE = 1e-9;

/** What of a file moves: by its name there, as the option `parameters` of a kernel. */
const GROUPS = { all_parameters: 'all', weights_only: 'weights' } as const;

/** The training of a linearised network in closed form, and the kernels it follows from. */
export const checkGradientFlow: Check = async function* check({ network, params, data }, file) {
  const isNested = isFields(file.flow);
  const fields = isNested ? fieldsOf('file', file).object('flow') : file;
  if (!isFields(fields.all_parameters) && !isFields(fields.weights_only)) return;
  const { train, test } = imagesOf({ network, data }, file);
  try {
    const [outputs, others] = [train, test].map((x) => outputsIn(network, params, x));
    for (const [name, parameters] of Object.entries(GROUPS)) {
      if (!isFields(fields[name])) continue;
      const kernels = { parameters, precision: 'double' } as const;
      const { values: kernel } = await empiricalNtk(network, params, train, null, kernels);
      const { values: across } = await empiricalNtk(network, params, test, train, kernels);
      const { number, numbers } = fieldsOf('file', file);
      const flow = (rate: number) =>
        gradientFlow({
          ...{ kernel, outputs, targets: numbers('labels'), rate },
          test: { kernel: across, outputs: others },
        });
      const prefix = `${isNested ? 'flow.' : ''}${name}.`;
      yield* compareFlow(prefix, fields[name] as Fields, { kernel, across, flow, eta: number('eta') });
    }
  } finally {
    tf.dispose([train, test]);
  }
};

interface Found {
  kernel: Float64Array;
  across: Float64Array;
  flow: (rate: number) => ReturnType<typeof gradientFlow>;
  eta: number;
}

function* compareFlow(
  prefix: string,
  group: Fields,
  { kernel, across, flow, eta }: Found,
): Generator<Comparison> {
  const lists = (quantity: string, found: ArrayLike<number>, expected: unknown): Comparison => ({
    ...{ quantity: prefix + quantity, error: relativeError(found, expected, CANCELLING) },
    ...{ tolerance: DOUBLE, measure: 'relative' },
  });
  const one = (quantity: string, found: number, scale = 0): Comparison => ({
    ...{ quantity: prefix + quantity, error: relativeErrorOf(found, group[quantity], scale) },
    ...{ tolerance: DOUBLE, measure: 'relative' },
  });
  yield lists('kernel_train_train', kernel, group.kernel_train_train);
  yield lists('kernel_test_train', across, group.kernel_test_train);
  const { eigenvalues, at } = flow(eta);
  const [largest, smallest] = [eigenvalues[0], eigenvalues[eigenvalues.length - 1]];
  yield lists('eigenvalues', eigenvalues, group.eigenvalues);
  if (group.condition_number !== undefined) yield one('condition_number', largest / smallest);
  if (group.eta_times_largest_eigenvalue !== undefined)
    yield one('eta_times_largest_eigenvalue', eta * largest);
  const read = fieldsOf(prefix, group);
  const start = at(0).loss;
  for (const state of read.objects('gradient_flow')) {
    const { train, test = [], loss } = at(fieldsOf('gradient_flow', state).number('t'));
    const quantity = `gradient_flow.t${state.t}`;
    yield lists(`${quantity}.train`, train, state.train);
    yield lists(`${quantity}.test`, test, state.test);
    // What is left of a loss late is the rounding of outputs that have arrived.
    const error = relativeErrorOf(loss, state.train_loss_half_sum_squares, 1e-6 * start);
    yield { quantity: `${prefix}${quantity}.loss`, error, tolerance: DOUBLE, measure: 'relative' };
  }
  for (const state of read.objects('gradient_descent')) {
    const rate = typeof state.step_size === 'number' ? state.step_size : eta;
    const { train, test = [] } = flow(rate).after(fieldsOf('gradient_descent', state).number('steps'));
    yield lists(`gradient_descent.s${state.steps}.train`, train, state.train);
    yield lists(`gradient_descent.s${state.steps}.test`, test, state.test);
  }
}

/** Training and test images of a file: two lists, or one whose first `train` are for training. */
export function imagesOf(
  { network, data }: Pick<Subject, 'network' | 'data'>,
  file: Fields,
): {
  train: tf.Tensor;
  test: tf.Tensor;
} {
  const size = network.input.reduce((product, extent) => product * extent, 1);
  const [train, test] = ['train_inputs', 'test_inputs'].map((field) => readInputs(file, size, field));
  if (train && test)
    return { train: sampleTensor(network, train.values), test: sampleTensor(network, test.values) };
  const { number } = fieldsOf('file', file);
  const all = data?.inputs as tf.Tensor;
  return tf.tidy(() => {
    const [first, rest] = tf.split(all, [number('train'), number('test')]);
    return { train: first, test: rest };
  });
}

/** The outputs in double precision, image by image. */
export function outputsIn(network: Network, params: Params, x: tf.Tensor): Float64Array {
  const run = compiled(
    (inputs: { params: Params; x: tf.Tensor }): tf.Tensor => forward(network, inputs.params, inputs.x),
    { precision: 'double' },
  );
  const outputs = run({ params, x });
  const values = readDoubles(outputs);
  outputs.dispose();
  run.dispose();
  return values;
}

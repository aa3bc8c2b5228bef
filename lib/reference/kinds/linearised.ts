import { forward, type Params } from '../../network';
import { alignment, eigenTasks, empiricalNtk, linearised as linearisedAt, nystrom } from '../../ntk';
import { compiled, mapRecord, readDoubles, tf } from '../../tensor';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { checkGradientFlow, outputsIn } from '../checks/gradientFlow';
import { CANCELLING, type Comparison, relativeError, relativeErrorOf } from '../comparison';
import { fieldsOf } from '../jsonFields';
import { parametersOf } from '../subject';
import { type Kind, ofOneNetwork } from './kind';

/** Of numbers that are double precision throughout, and of eigenvectors, whose error is that over gaps between eigenvalues. */
const [DOUBLE, VECTOR] = [1e-9, 1e-6];

const compare = (
  quantity: string,
  found: ArrayLike<number>,
  expected: unknown,
  tolerance = DOUBLE,
): Comparison => ({
  ...{ quantity, error: relativeError(found, expected, CANCELLING), tolerance, measure: 'relative' },
});

/** The network and its linearisation at its own and at other parameters. */
const checkLinearised: Check = function* check({ network, params, listed, data }, file) {
  const x = data?.inputs as tf.Tensor;
  const { number, numbers, object } = fieldsOf('file', file);
  const outputs = Number(number('outputs') !== network.classes);
  yield { quantity: 'outputs', error: outputs, tolerance: 0, measure: 'entries' };
  yield compare('f0', outputsIn(network, params, x), file.f0);
  const delta = numbers('delta');
  let next = 0;
  const steps = listed.map(({ values, ...parameter }) => ({
    ...parameter,
    values: Float32Array.from(values, () => delta[next++]),
  }));
  const run = compiled(
    (inputs: { params: Params; steps: Params; x: tf.Tensor }) => {
      const moved = (kinds: readonly string[]) =>
        mapRecord(inputs.params, (value, name) => {
          const { role = 'mean' } = network.parameters.find((spec) => spec.name === name) ?? {};
          return kinds.includes(role) ? value : value.add(inputs.steps[name]);
        });
      const still = ['mean', 'variance'];
      const others = [...new Set(network.parameters.map(({ role }) => role))].filter(
        (role) => role !== 'kernel',
      );
      return {
        all: linearisedAt(network, inputs.params, moved(still), inputs.x),
        weights: linearisedAt(network, inputs.params, moved(others), inputs.x),
        there: forward(network, moved(still), inputs.x),
      };
    },
    { precision: 'double' },
  );
  const moves = parametersOf(network, steps, file);
  const results = run({ params, steps: moves, x });
  const found = mapRecord(results, readDoubles);
  tf.dispose([moves, results]);
  run.dispose();
  const expected = object('f_lin');
  yield compare('f_lin.all', found.all, expected.all);
  yield compare('f_lin.weights', found.weights, expected.weights);
  yield compare('f_at_theta_1', found.there, file.f_at_theta_1);
};

/** Eigenfunctions of the first output, the tasks made of them, their alignments, and what landmarks make of the kernel. */
const checkEigenfunctions: Check = async function* check({ network, params, data }, file) {
  const x = data?.inputs as tf.Tensor;
  const fields = fieldsOf('file', file);
  const [train, test] = [fields.number('train'), fields.number('test')];
  const [count, outputs] = [train + test, network.classes];
  const options = { parameters: 'all', precision: 'double' } as const;
  const { values } = await empiricalNtk(network, params, x, null, options);
  const at = (n: number, m: number) => values[n * outputs * count * outputs + m * outputs];
  const between = (rows: number, columns: number) =>
    Float64Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns));
  const kernel = between(count, count);
  const expected = fields.object('eigenfunctions');
  yield compare('eigenfunctions.kernel', kernel, expected.kernel);
  const tasks = eigenTasks(asDataset(train, test), kernel);
  yield compare('eigenfunctions.eigenvalues', tasks.eigenvalues, expected.eigenvalues);
  yield* compareVectors('eigenfunctions.eigenvectors', tasks.eigenfunction, expected.eigenvectors);
  const alignmentOf = (y: readonly number[]) => {
    const target = new Float64Array(count * outputs);
    y.forEach((value, n) => {
      target[n * outputs] = value;
    });
    return alignment(network, params, x, target, { parameters: 'all' });
  };
  for (const task of fieldsOf('eigenfunctions', expected).objects('tasks')) {
    const j = fieldsOf('task', task).number('j');
    const own = tasks.task(j);
    const labels = [...own.train.labels, ...own.test.labels];
    const signs = labels.map((label) => 2 * label - 1);
    const among = (from: number, to: number) => signs.map((sign, n) => (from <= n && n < to ? sign : 0));
    const quantity = `eigenfunctions.tasks.${j}`;
    const parts = { labels, train_labels: labels.slice(0, train), test_labels: labels.slice(train) };
    for (const [name, found] of Object.entries(parts)) {
      const others = Array.isArray(task[name]) ? task[name].filter((label, n) => label !== found[n]) : found;
      yield { quantity: `${quantity}.${name}`, error: others.length, tolerance: 0, measure: 'entries' };
    }
    const alignments = {
      alpha_eigenvector: [...tasks.eigenfunction(j)],
      alpha_signs: signs,
      alpha_labels: labels,
      alpha_signs_train: among(0, train),
      alpha_signs_test: among(train, count),
    };
    for (const [name, y] of Object.entries(alignments)) {
      const error = relativeErrorOf(alignmentOf(y), task[name]);
      yield { quantity: `${quantity}.${name}`, error, tolerance: DOUBLE, measure: 'relative' };
    }
  }
  const landmarks = fields.object('nystrom');
  const m = fieldsOf('nystrom', landmarks).number('m');
  const found = nystrom(between(m, m), between(count, m));
  yield compare('nystrom.eigenvalues', found.values, landmarks.eigenvalues);
  yield* compareVectors('nystrom.vectors', (j) => found.vectors[j], landmarks.vectors);
};

/** Vectors one by one, as either sign of one is as good. */
function* compareVectors(
  quantity: string,
  found: (j: number) => Float64Array,
  expected: unknown,
): Generator<Comparison> {
  const vectors = Array.isArray(expected) ? expected : [];
  const errors = vectors.map((vector, j) =>
    Math.min(
      ...[1, -1].map((sign) =>
        relativeError(
          found(j).map((value) => sign * value),
          vector,
          CANCELLING,
        ),
      ),
    ),
  );
  yield { quantity, error: Math.max(...errors), tolerance: VECTOR, measure: 'relative' };
}

/** A data set of as many images, of which only the labels matter. */
function asDataset(train: number, test: number) {
  const images = (count: number) => ({ pixels: new Uint8Array(count), labels: new Uint8Array(count), count });
  const parts = { train: images(train), test: images(test) };
  return {
    name: 'reference',
    shape: [1, 1, 1] as [number, number, number],
    classes: 2,
    mean: [0],
    std: [1],
    ...parts,
  };
}

/** Files on a linearised network. */
export const linearised: Kind = ofOneNetwork([
  checkData,
  checkLinearised,
  checkEigenfunctions,
  checkGradientFlow,
]);

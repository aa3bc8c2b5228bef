import { symmetricEigen } from '../../linalg';
import { forward, type Params } from '../../network';
import {
  alignment,
  empiricalNtk,
  jacobianProducts,
  kernelDistance,
  labelTargets,
  type TangentKernel,
  tangentBound,
} from '../../ntk';
import { compiled, mapRecord, readDoubles, type TensorRecord, tf } from '../../tensor';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { compareList, compareNumber, overOutputs } from '../checks/tangentKernels';
import type { Comparison } from '../comparison';
import { hashWeights } from '../hashFormula';
import { type Fields, fieldsOf } from '../jsonFields';
import { type PruningData, parametersOf, type Subject } from '../subject';
import { type Kind, ofOneNetwork } from './kind';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

const norm = (a: ArrayLike<number>) => Math.sqrt(dot(a, a));

const dataOf = ({ data }: Subject) => data as PruningData;

/** The kernel by weights and by all parameters, its spectrum and its alignment with the classes. */
const checkKernels: Check = async function* check(subject, file) {
  const { network, params } = subject;
  const { inputs, targets } = dataOf(subject);
  const outputs = network.classes;
  yield compareNumber('outputs', outputs, file.outputs, 0);
  const kernels = fieldsOf('ntk', fieldsOf('file', file).object('ntk'));
  const classes = targets.dataSync();
  for (const parameters of ['weights', 'all'] as const) {
    const fields = kernels.object(parameters);
    const { values } = await empiricalNtk(network, params, inputs, null, { parameters, precision: 'double' });
    yield* compareKernel(`ntk.${parameters}`, values, outputs, [...classes], fields);
    const alpha = (centred: boolean) =>
      alignment(network, params, inputs, labelTargets(classes, outputs, { centred }), { parameters });
    yield compareNumber(`ntk.${parameters}.alpha`, alpha(false), fields.alpha);
    yield compareNumber(`ntk.${parameters}.alpha_centred`, alpha(true), fields.alpha_centred);
  }
};

function* compareKernel(
  quantity: string,
  values: Float64Array,
  outputs: number,
  classes: readonly number[],
  fields: Fields,
): Generator<Comparison> {
  const images = classes.length;
  const size = images * outputs;
  const y = labelTargets(classes, outputs);
  const along = Float64Array.from({ length: size }, (_, i) =>
    dot(values.subarray(i * size, (i + 1) * size), y),
  );
  const summed = overOutputs(values, images, outputs);
  const same = Float64Array.from({ length: images ** 2 }, (_, i) =>
    Number(classes[Math.floor(i / images)] === classes[i % images]),
  );
  const { values: eigenvalues } = symmetricEigen(values);
  const diagonal = Array.from({ length: size }, (_, i) => values[i * (size + 1)]);
  const first = (found: ArrayLike<number>, name: string) => {
    const expected = fields[name];
    return Array.from(found).slice(0, Array.isArray(expected) ? expected.length : 0);
  };
  const lists: Record<string, ArrayLike<number>> = {
    eigenvalues: first(eigenvalues, 'eigenvalues'),
    diagonal_first20: diagonal.slice(0, 20),
    row_0: values.subarray(0, size),
    trace_over_outputs: summed,
    trace_over_outputs_eigenvalues: first(symmetricEigen(summed).values, 'trace_over_outputs_eigenvalues'),
    full: values,
  };
  for (const [name, found] of Object.entries(lists))
    if (fields[name] !== undefined) yield compareList(`${quantity}.${name}`, found, fields[name]);
  const numbers: Record<string, number> = {
    trace: diagonal.reduce((sum, value) => sum + value, 0),
    frobenius: norm(values),
    smallest_eigenvalue: eigenvalues[size - 1],
    sum_of_entries: values.reduce((sum, value) => sum + value, 0),
    trace_over_outputs_frobenius: norm(summed),
    cosine: dot(y, along) / (norm(values) * dot(y, y)),
    cosine_trace_kernel: dot(summed, same) / (norm(summed) * norm(same)),
  };
  for (const [name, found] of Object.entries(numbers))
    yield compareNumber(`${quantity}.${name}`, found, fields[name]);
}

/** What the weights move by to the second parameters, by kernel. The caller disposes of it. */
function stepOf({ network, listed }: Subject, file: Fields): TensorRecord {
  const { number, object } = fieldsOf('file', file);
  const amount = fieldsOf('linearised', object('linearised')).number('amount');
  const moved = listed.map((parameter, k) => {
    const { kind, shape, values } = parameter;
    const fanIn = shape.slice(1).reduce((product, extent) => product * extent, 1);
    const seed = number('weight_seed');
    const isWeight = kind === 'weight';
    return {
      ...parameter,
      values: isWeight
        ? hashWeights(values.length, fanIn, k + 3000, seed, amount)
        : new Float32Array(values.length),
    };
  });
  const all = parametersOf(network, moved, file);
  const kernels = new Set(network.parameters.filter(({ role }) => role === 'kernel').map(({ name }) => name));
  const parts = Object.entries(all);
  tf.dispose(parts.flatMap(([name, part]) => (kernels.has(name) ? [] : [part])));
  return Object.fromEntries(parts.filter(([name]) => kernels.has(name)));
}

/** How far the kernel goes with the weights, and what the linearised network says of it. */
const checkSecondParameters: Check = async function* check(subject, file) {
  const { network, params } = subject;
  const { inputs } = dataOf(subject);
  const { object } = fieldsOf('file', file);
  const step = stepOf(subject, file);
  const double = { precision: 'double' } as const;
  const move = compiled(
    (from: { theta: Params; step: TensorRecord }) =>
      mapRecord(from.theta, (value, name) => (from.step[name] ? value.add(from.step[name]) : value)),
    double,
  );
  const there = move({ theta: params, step });
  const at = compiled(
    (inputs: { theta: Params; x: tf.Tensor }) => forward(network, inputs.theta, inputs.x),
    double,
  );
  try {
    const linear = object('linearised');
    const found = [params, there].map((theta) => at({ theta, x: inputs }));
    const slope = jacobianProducts(network, params, inputs).multiply(step);
    const [f0, f1, change] = [...found, slope].map(readDoubles);
    yield compareList('linearised.f0', f0, linear.f0);
    yield compareList('linearised.f1', f1, linear.f1);
    yield compareList(
      'linearised.f_lin',
      f0.map((value, i) => value + change[i]),
      linear.f_lin,
    );
    tf.dispose([...found, slope]);
    const length = norm(Object.values(step).map((part) => norm(part.dataSync())));
    yield compareNumber('linearised.parameter_distance', length, linear.parameter_distance);
    const [before, after] = [
      await empiricalNtk(network, params, inputs, null, double),
      await empiricalNtk(network, there, inputs, null, double),
    ];
    const distances = fieldsOf('ntk', object('ntk')).object('kernel_distance');
    const summed = ({ values, shape: [images, outputs] }: TangentKernel): TangentKernel => ({
      ...{ values: overOutputs(values, images, outputs), shape: [images, images], axes: ['x', 'y'] },
    });
    for (const [name, own] of [
      ['weights_full', kernelDistance(before, after)],
      ['weights_trace_over_outputs', kernelDistance(summed(before), summed(after))],
    ] as const) {
      const expected = fieldsOf('kernel_distance', distances).object(name);
      const quantity = `ntk.kernel_distance.${name}`;
      yield compareNumber(`${quantity}.distance`, own.distance, expected.distance);
      yield compareNumber(`${quantity}.relative`, own.relative, expected.relative);
    }
    const size = Math.round(Math.sqrt(after.values.length));
    const trace = Array.from({ length: size }, (_, i) => after.values[i * (size + 1)]);
    const numbers = {
      trace_at_theta_1: trace.reduce((sum, value) => sum + value, 0),
      frobenius_at_theta_1: norm(after.values),
    };
    for (const [name, value] of Object.entries(numbers))
      yield compareNumber(`ntk.kernel_distance.${name}`, value, distances[name]);
  } finally {
    move.dispose();
    at.dispose();
    tf.dispose([step, there]);
  }
};

/** Tr Θ and the two factors of its bound. */
const checkBound: Check = async function* check(subject, file) {
  const { network, params } = subject;
  const fields = fieldsOf('ntk', fieldsOf('file', file).object('ntk')).object('bound');
  const bound = await tangentBound(network, params, dataOf(subject).inputs);
  const numbers = {
    trace_theta_weights_without_shifts: Math.exp(bound.logTangentTrace),
    J_v_squared: Math.exp(bound.logActivity),
    J_theta_squared: Math.exp(bound.logPathKernelTrace),
    bound: Math.exp(bound.logBound),
    ln_bound: bound.logBound,
    tightness: Math.exp(bound.logTightness),
  };
  for (const [name, value] of Object.entries(numbers))
    yield compareNumber(`ntk.bound.${name}`, value, fields[name]);
  yield compareList('ntk.bound.c_k', bound.logActivityOfOutputs.map(Math.exp), fields.c_k);
};

/** Files on a tangent kernel. */
export const tangent: Kind = ofOneNetwork([checkData, checkKernels, checkSecondParameters, checkBound]);

import { invalid } from '../../base';
import { applyMask, type Mask } from '../../network';
import { empiricalNtk } from '../../ntk';
import { l2PathNorm, pathKernelRank, pathKernelSpectrum, pathKernelTrace } from '../../path';
import { mapRecord, type TensorRecord, tf } from '../../tensor';
import { frozenBy, sgd } from '../../train';
import { startTraining } from '../../train/startTraining';
import { partOf } from '../../train/trainingState';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { checkOutputs } from '../checks/outputs';
import { compareList, compareNumber } from '../checks/tangentKernels';
import { type Comparison, relativeError } from '../comparison';
import { flatWeights } from '../flatWeights';
import { inFileOrder } from '../inFileOrder';
import { type Fields, fieldsOf, isNumbers } from '../jsonFields';
import { maskInFile } from '../maskInFile';
import type { PruningData, Subject } from '../subject';
import { type Kind, ofOneNetwork } from './kind';

/** Of a few steps of training in float32, relative to the largest entry of a tensor. */
const STEPS = 2e-6;

/** The trainable weights of the dense network and those of the pruned one: traces, eigenvalues, tangent kernels. */
const checkKernels: Check = (subject, file) => withMask(subject, file, compareKernels);

async function* compareKernels(subject: Subject, file: Fields, mask: Mask): AsyncGenerator<Comparison> {
  const { network, params } = subject;
  const { inputs } = subject.data as PruningData;
  const frozen = { trainable: mask };
  const listed = fieldsOf('file', file).numbers('mask');
  const bits = flatWeights(
    subject,
    mapRecord(mask, (tensor) => Float64Array.from(tensor.dataSync())),
  );
  const wrong = listed.filter((bit, i) => bit !== bits[i]).length + Math.abs(listed.length - bits.length);
  yield { quantity: 'mask', error: wrong, tolerance: 0, measure: 'entries' };
  yield compareNumber('trace_dense', pathKernelTrace(network, params).value, file.trace_dense);
  yield compareNumber('trace_freeze', pathKernelTrace(network, params, frozen).value, file.trace_freeze);
  yield compareNumber('trace_prune', pathKernelTrace(network, params, { mask }).value, file.trace_prune);
  yield compareNumber('F_dense', l2PathNorm(network, params).value, file.F_dense);
  yield compareNumber('F_prune', l2PathNorm(network, params, { mask }).value, file.F_prune);
  const field = 'eigenvalues_of_the_trainable_block_of_G';
  const wanted = fieldsOf('file', file).numbers(field).length;
  const k = Math.min(wanted, pathKernelRank(network, undefined, mask).bound);
  const { eigenvalues } = await pathKernelSpectrum(network, params, { ...frozen, k, probes: 0 });
  const repeated = eigenvalues.flatMap(({ value, multiplicity }) => Array<number>(multiplicity).fill(value));
  yield compareList(field, repeated.slice(0, wanted), file[field], 1e-8);
  for (const [name, options] of Object.entries({ freeze: frozen, prune: { mask } })) {
    const { values } = await empiricalNtk(network, params, inputs, null, { ...options, precision: 'double' });
    const size = Math.sqrt(values.length);
    const diagonal = Array.from({ length: size }, (_, i) => values[i * (size + 1)]);
    const trace = diagonal.reduce((sum, value) => sum + value, 0);
    yield compareList(`ntk_${name}`, values, file[`ntk_${name}`]);
    yield compareNumber(`ntk_trace_${name}`, trace, file[`ntk_trace_${name}`]);
  }
}

/** A few steps of training with weights frozen, and with the same weights pruned. */
const checkTraining: Check = (subject, file) => withMask(subject, file, compareTraining);

async function* compareTraining(subject: Subject, file: Fields, mask: Mask): AsyncGenerator<Comparison> {
  const { network, params, data } = subject;
  const training = fieldsOf('training', fieldsOf('file', file).object('training'));
  const { optimiser, steps } = settingsIn(file);
  const freeze = frozenBy(mask);
  const pruned = applyMask(network, params, mask);
  for (const [name, start] of [
    ['freeze', { params, options: { freeze } }],
    ['prune', { params: pruned, options: { mask } }],
  ] as const) {
    const fields = training.object(name);
    const run = startTraining(network, start.params, { optimiser, ...start.options }, false);
    const losses = Array.from({ length: steps }, () => {
      const { inputs, targets } = data as PruningData;
      const batch = { images: inputs.clone() as tf.Tensor4D, labels: targets.clone() };
      return run.step(batch, optimiser.learningRate, 'a step').loss;
    });
    const state = run.state();
    run.dispose();
    const [end, momentum] = ['params', 'velocity'].map((part) => partOf(state, part));
    yield {
      quantity: `training.${name}.losses_before_each_step`,
      error: relativeError(losses, fields.losses_before_each_step, 1),
      tolerance: STEPS,
      measure: 'relative',
    };
    yield compareTensors(subject, `training.${name}.parameters_after_3_steps`, end, fields);
    yield compareTensors(subject, `training.${name}.momentum_after_3_steps`, momentum, fields);
    yield movedAlthoughStill(`training.${name}.still`, start.params, end, mask);
    tf.dispose(state.tensors);
  }
  tf.dispose([freeze, pruned]);
}

function compareTensors(
  subject: Subject,
  quantity: string,
  tensors: TensorRecord,
  fields: Fields,
): Comparison {
  const field = quantity.split('.')[2];
  const expected = fieldsOf(quantity, fields).object(field);
  const found = inFileOrder(
    subject,
    mapRecord(tensors, (tensor) => tensor.dataSync() as Float32Array),
  );
  const errors = Object.entries(expected).map(([name, values]) =>
    relativeError(found[name] ?? [], values, 1),
  );
  return { quantity, error: Math.max(...errors), tolerance: STEPS, measure: 'relative' };
}

/** Weights that the mask leaves out and that have not their first value to the bit. */
function movedAlthoughStill(
  quantity: string,
  start: TensorRecord,
  end: TensorRecord,
  mask: Mask,
): Comparison {
  const moved = Object.entries(mask).flatMap(([name, bits]) => {
    const [before, after, free] = [start[name], end[name], bits].map((tensor) => tensor.dataSync());
    return Array.from(before).filter((value, i) => free[i] === 0 && value !== after[i]);
  });
  return { quantity, error: moved.length, tolerance: 0, measure: 'entries' };
}

/** The numbers that `about.training` names: steps, weight decay, momentum and rate. */
function settingsIn(file: Fields) {
  const text = fieldsOf('about', fieldsOf('file', file).object('about')).text('training');
  const [, decay, momentum, rate] = /\+ ([\d.]+)\*theta.*= ([\d.]+)\*buf.*- ([\d.]+)\*buf/.exec(text) ?? [];
  if (rate === undefined)
    throw invalid('reference file', 'about.training names no decay, momentum and rate', text);
  const freeze = fieldsOf('training', fieldsOf('file', file).object('training')).object('freeze');
  const optimiser = sgd({
    learningRate: Number(rate),
    momentum: Number(momentum),
    weightDecay: Number(decay),
  });
  return {
    optimiser,
    steps: isNumbers(freeze.losses_before_each_step) ? freeze.losses_before_each_step.length : 0,
  };
}

/** Runs a check with the file's mask, whose ones are trainable. */
async function* withMask(
  subject: Subject,
  file: Fields,
  check: (subject: Subject, file: Fields, mask: Mask) => AsyncGenerator<Comparison>,
): AsyncGenerator<Comparison> {
  const mask = maskInFile(subject, fieldsOf('file', file).numbers('mask'));
  try {
    yield* check(subject, file, mask);
  } finally {
    tf.dispose(mask);
  }
}

/** Files on freezing weights in place of pruning them. */
export const freeze: Kind = ofOneNetwork([checkData, checkOutputs, checkKernels, checkTraining]);

import { invalid, product } from '../../base';
import { applyMask, forward, kernelsOf } from '../../network';
import {
  countOf,
  type MethodName,
  maskOf,
  methods,
  type PruneStep,
  pruneSteps,
  reentered,
  type ScoringMethod,
  type Select,
  type Survivors,
  selections,
  survivorMask,
} from '../../prune';
import { softmaxCrossEntropy, tf } from '../../tensor';
import { checkOutputs } from '../checks/outputs';
import { CANCELLING, type Comparison, relativeError, relativeErrorOf } from '../comparison';
import { type Fields, fieldsOf, isFields, isNumbers } from '../jsonFields';
import { contextOf } from '../scoreSubject';
import { buildSubject, disposeSubject, type Subject } from '../subject';
import { tolerancesOf } from '../tolerances';
import type { Kind } from './kind';
import { dataOf, entries } from './px/findings';
import { byName, listed } from './px/steps';

const METHODS: Readonly<Record<string, MethodName>> = {
  force: 'force',
  iter_snip: 'iter-snip',
  grasp_it: 'grasp-it',
};

/** FORCE and Iter-SNIP, iteration by iteration, on the networks of a file. */
export const force: Kind = async function* (file) {
  for (const [name, fields] of Object.entries(fieldsOf('file', file.fields).object('networks'))) {
    if (!isFields(fields))
      throw invalid('reference file', `networks.${name} must be an object`, typeof fields);
    const subject = buildSubject({ name, folder: file.folder, fields });
    const prefixed = (comparison: Comparison) => ({
      ...comparison,
      quantity: `networks.${name}.${comparison.quantity}`,
    });
    try {
      for await (const comparison of checkOutputs(subject, fields, {})) yield prefixed(comparison);
      const density = fieldsOf(name, fields).number('density');
      for (const run of fieldsOf(name, fields).objects('runs'))
        for await (const comparison of checkRun(subject, run, density)) yield prefixed(comparison);
    } finally {
      disposeSubject(subject);
    }
  }
};

async function* checkRun(subject: Subject, run: Fields, density: number): AsyncGenerator<Comparison> {
  const { text, number, objects } = fieldsOf('run', run);
  const name = METHODS[text('method')];
  if (name === undefined) throw invalid('reference file', 'runs of an unknown method', text('method'));
  const iterations = number('iterations');
  const prefix = `runs.${text('method')}.${iterations}.`;
  const expected = objects('steps');
  const stepsOf = (select: Select) => {
    const how = { density, iterations, scope: 'global', select } as const;
    return pruneSteps(
      subject.network,
      subject.params,
      methods[name] as ScoringMethod,
      how,
      contextOf(subject),
    );
  };
  let kept: Survivors = [];
  for await (const step of stepsOf(selections.top)) {
    yield* checkStep(subject, step, expected[step.iteration - 1] ?? {}, `${prefix}steps.${step.iteration}.`);
    kept = step.kept;
  }
  yield entries(`${prefix}iterations`, expected.length, iterations);
  const size = sumOf(bitsOf(subject, kept).map(({ length }) => length));
  yield entries('density', Math.floor(density * size + 0.5), countOf(kept));
  if (isFields(run.kept_by_tensor)) {
    const counts = byName(subject, bitsOf(subject, kept));
    for (const [tensor, count] of Object.entries(run.kept_by_tensor))
      yield entries(`${prefix}kept_by_tensor.${tensor}`, count, sumOf(counts[tensor] ?? []));
  }
  for await (const step of stepsOf(truncated)) kept = step.kept;
  yield mask(`${prefix}mask_with_truncated_counts`, run.mask_with_truncated_counts, inFile(subject, kept));
}

/** Truncates the number kept, as the published code does. */
const truncated: Select = (choice) => {
  const size = choice.scores.reduce((sum, { length }) => sum + length, 0);
  return selections.top({ ...choice, count: Math.trunc(choice.density * size) });
};

function* checkStep(
  subject: Subject,
  { density, scores, before, kept }: PruneStep,
  expected: Fields,
  prefix: string,
): Generator<Comparison> {
  const { value: tolerance } = tolerancesOf(subject);
  const relative = (name: string, error: number): Comparison => ({
    quantity: prefix + name,
    error,
    tolerance,
    measure: 'relative',
  });
  yield relative('density', relativeErrorOf(density, expected.density));
  yield entries(`${prefix}kept`, expected.kept, countOf(kept));
  yield relative(
    'loss_of_masked_net',
    relativeErrorOf(lossUnder(subject, before), expected.loss_of_masked_net),
  );
  if (expected.scores !== undefined)
    yield relative('scores', relativeError(listed(subject, scores), expected.scores, CANCELLING));
  yield mask(`${prefix}mask`, expected.mask, inFile(subject, kept));
  const back = inFile(subject, reentered(before, kept)).flatMap((bit, i) => (bit === 1 ? [i] : []));
  const listedBack = isNumbers(expected.reentered) ? expected.reentered : [Number.NaN];
  const differing = [
    ...back.filter((i) => !listedBack.includes(i)),
    ...listedBack.filter((i) => !back.includes(i)),
  ];
  yield entries(`${prefix}reentered`, 0, differing.length);
}

/** The loss with what is not kept at 0. */
function lossUnder(subject: Subject, kept: Survivors): number {
  const { network, params } = subject;
  const { inputs, targets } = dataOf(subject);
  return tf.tidy(() => {
    const outputs = forward(
      network,
      applyMask(network, params, maskOf(network, kept)),
      inputs,
    ) as tf.Tensor2D;
    const labels = tf.oneHot(targets, network.classes).toFloat() as tf.Tensor2D; // [samples, classes]
    return softmaxCrossEntropy(outputs, labels).mean().dataSync()[0];
  });
}

/** 1 for each weight kept, in the file's order. */
function inFile(subject: Subject, kept: Survivors): number[] {
  return listed(subject, bitsOf(subject, kept));
}

function bitsOf({ network }: Subject, kept: Survivors): Float32Array[] {
  return survivorMask(
    kept,
    kernelsOf(network).map(({ shape }) => product(shape)),
  );
}

function mask(quantity: string, expected: unknown, bits: readonly number[]): Comparison {
  const text = String(expected);
  const differing = bits.filter((bit, i) => String(bit) !== text[i]).length;
  return entries(quantity, 0, differing + Math.abs(bits.length - text.length));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { invalid, product, rankCorrelation } from '../../base';
import { gatedPass, kernelsOf, type Mask, type Network, nodeShapes, opOf } from '../../network';
import { empiricalNtk } from '../../ntk';
import { pathKernelTrace } from '../../path';
import {
  jaccardIndex,
  maskOf,
  methods,
  type PruneStep,
  type PxForm,
  pruneSteps,
  pxForm,
  pxParts,
  type ScoreArray,
  selections,
  spreadOf,
} from '../../prune';
import { compiled, mapRecord, readDoubles, tf } from '../../tensor';
import type { Check } from '../checks/check';
import { compareValues } from '../checks/values';
import { type Comparison, relativeError } from '../comparison';
import { inFileOrder } from '../inFileOrder';
import { type Fields, fieldsOf, isFields } from '../jsonFields';
import { readFields } from '../readFields';
import { contextOf } from '../scoreSubject';
import { buildSubject, disposeSubject, type Subject } from '../subject';
import { tolerancesOf } from '../tolerances';
import type { Kind } from './kind';

/** PX beside SynFlow-L2 on networks of other files, which lie beside the file or in the folder above. */
export const px: Kind = async function* (file, options) {
  for (const [name, fields] of Object.entries(fieldsOf('file', file.fields).object('networks'))) {
    if (!isFields(fields))
      throw invalid('reference file', `networks.${name} must be an object`, typeof fields);
    const other = fieldsOf(`networks.${name}`, fields).text('file');
    const path = [file.folder, join(file.folder, '..')].map((folder) => join(folder, other)).find(existsSync);
    if (path === undefined)
      throw invalid('reference file', `${file.name} speaks of a file that is not there`, other);
    const subject = buildSubject({ name: other, folder: dirname(path), fields: readFields(path) });
    try {
      for (const check of [checkParts, checkBound, checkScores, checkIterated])
        for await (const comparison of check(subject, fields, options))
          yield { ...comparison, quantity: `networks.${name}.${comparison.quantity}` };
    } finally {
      disposeSubject(subject);
    }
  }
};

const dataOf = ({ data, network }: Subject) => {
  if (data === undefined) throw invalid('reference file', 'has no inputs to set gates', network.name);
  return data;
};

/** The form of the paper, but for the last layer, whose weights stay as they are. */
const lastAsIs = ({ nodes }: Network): PxForm => ({
  name: 'paths, last layer as it is',
  isReplaced: ({ role, layer }) => role === 'kernel' && layer !== nodes[nodes.length - 1].id,
  as: 'paths',
});

/** c_k, z2_k, the objective and the spread of c_k. */
const checkParts: Check = async function* (subject, fields) {
  const { network, params } = subject;
  const images = dataOf(subject).inputs;
  const { classWeights, outputs, objective } = await pxParts(network, params, pxForm, images);
  const tolerances = tolerancesOf(subject);
  yield* list(subject, 'c_k', fields, classWeights);
  yield* list(subject, 'z2_k', fields, outputs);
  yield* compareValues('', fields, { objective: () => objective }, tolerances);
  if (isFields(fields.c_spread)) {
    const { mean, standardDeviation, relative, largestOverSmallest } = spreadOf(classWeights);
    const found = { mean, largest_over_smallest: largestOverSmallest };
    yield* compareValues(
      'c_spread.',
      fields.c_spread,
      mapRecord(found, (value) => () => value),
      tolerances,
    );
    // Of numbers that are equal but for rounding, a spread is to be 0 beside them.
    yield* absolute(
      'c_spread.standard_deviation',
      fields.c_spread.standard_deviation,
      standardDeviation / mean,
      mean,
    );
    yield* absolute('c_spread.relative', fields.c_spread.relative, relative);
  }
  if (fields.c_k_last_layer_as_is !== undefined) {
    const { classWeights: found } = await pxParts(network, params, lastAsIs(network), images);
    yield* list(subject, 'c_k_last_layer_as_is', fields, found);
  }
};

/** The bound Tr Θ ≤ ‖J_v‖² Tr Π, the constants of pools in its first factor. */
const checkBound: Check = async function* (subject, fields) {
  const { network, params } = subject;
  const { inputs } = dataOf(subject);
  const { values, shape } = await empiricalNtk(network, params, inputs, null, {
    outputs: 'trace',
    precision: 'double',
  });
  const ntk = Array.from({ length: shape[0] }, (_, n) => values[n * shape[0] + n]).reduce((a, b) => a + b, 0);
  const jacobian = normJv(subject);
  const pool = poolConstant(network);
  const paths = pathKernelTrace(network, params).value / pool;
  const found = {
    trace_ntk: ntk,
    norm_Jv_squared: jacobian,
    trace_path_kernel: paths,
    bound: jacobian * paths,
    tightness: ntk / (jacobian * paths),
    pool_constant: pool,
  };
  yield* compareValues(
    '',
    fields,
    mapRecord(found, (value) => () => value),
    tolerancesOf(subject),
  );
};

/** ‖∂f/∂v‖²: of every sample and output, the squares of x over the open paths, constants raised with them. */
function normJv(subject: Subject): number {
  const { network, params } = subject;
  const run = compiled(
    ({ params: at, x }: { params: typeof params; x: tf.Tensor }) => {
      const ones = Object.fromEntries(
        network.parameters.map(({ name, role }) => [
          name,
          /mean|variance/.test(role) ? at[name] : tf.onesLike(at[name]),
        ]),
      );
      const gated = { s: ones, y: x.square(), power: 2, policy: { constants: 'power' } } as const;
      return gatedPass(network, at, x, gated).sum();
    },
    { precision: 'double' },
  );
  const sum = run({ params, x: dataOf(subject).inputs });
  const [value] = readDoubles(sum);
  sum.dispose();
  run.dispose();
  return value;
}

/** What pools divide by on every path, once. */
function poolConstant(network: Network): number {
  const factors = network.nodes.map((node) => {
    const op = opOf(node);
    return op.weight === null ? (op.factor?.(node, nodeShapes(network, node), {})(0, -1) ?? 1) : 1;
  });
  return product(factors);
}

/** Scores of both methods, their correlation, and masks of one iteration. */
const checkScores: Check = async function* (subject, fields) {
  const px = await firstStep(subject, 'px', 1);
  const l2 = await firstStep(subject, 'synflow-l2', 1);
  const [a, b] = [px, l2].map(({ scores }) => listed(subject, scores));
  for (const [name, found] of [
    ['px_scores', px],
    ['l2_scores', l2],
  ] as const) {
    const expected = fields[name];
    if (!isFields(expected)) continue;
    const byTensor = byName(subject, found.scores);
    for (const [tensor, values] of Object.entries(expected))
      yield relative(subject, `${name}.${tensor}`, relativeError(byTensor[tensor] ?? [], values));
  }
  const correlations = { spearman_px_l2: () => rankCorrelation(a, b), pearson_px_l2: () => pearson(a, b) };
  yield* compareValues('', fields, correlations, tolerancesOf(subject));
  if (!isFields(fields.masks)) return;
  for (const [density, expected] of Object.entries(fields.masks)) {
    if (!isFields(expected)) continue;
    const pair = [
      await firstStep(subject, 'px', Number(density)),
      await firstStep(subject, 'synflow-l2', Number(density)),
    ];
    yield* compareMasks(subject, `masks.${density}.`, expected, pair);
  }
};

/** Both methods iterated, each after its own masks. */
const checkIterated: Check = async function* (subject, fields) {
  if (!isFields(fields.iterated)) return;
  const { number, objects } = fieldsOf('iterated', fields.iterated);
  const expected = objects('iterations');
  const density = number('density');
  const size = subject.prunable.reduce((sum, name) => sum + subject.params[name].size, 0);
  const [one, other] = (['px', 'synflow-l2'] as const).map((method) =>
    stepsOf(subject, method, density, expected.length),
  );
  let kept = size;
  let mask: Mask | undefined;
  for (const own of expected) {
    const steps = [(await one.next()).value as PruneStep, (await other.next()).value as PruneStep];
    const prefix = `iterated.iterations.${own.iteration}.`;
    yield* compareMasks(subject, prefix, own, steps);
    const [px, l2] = steps;
    const { classWeights } = await weightsUnder(subject, mask);
    yield* list(subject, 'c_k', own, classWeights, prefix);
    yield relative(subject, `${prefix}px_scores`, relativeError(listed(subject, px.scores), own.px_scores));
    yield entries(
      `${prefix}positive_px_scores`,
      own.positive_px_scores,
      px.scores.flatMap((values) => [...values]).filter((value) => value > 0).length,
    );
    const gaps = { relative_gap_px: () => gapOf(px), relative_gap_l2: () => gapOf(l2) };
    yield* compareValues(prefix, own, gaps, tolerancesOf(subject));
    kept = px.kept.reduce((sum, indices) => sum + indices.length, 0);
    tf.dispose(mask ?? {});
    mask = maskOf(subject.network, px.kept);
  }
  tf.dispose(mask ?? {});
  for (const steps of [one, other]) await steps.return(undefined);
  yield entries('iterated.density', Math.floor(density * size + 0.5), kept);
};

async function weightsUnder({ network, params, ...subject }: Subject, mask?: Mask) {
  const masked = mapRecord(params, (tensor, name) =>
    mask?.[name] ? tensor.mul(mask[name]) : tensor.clone(),
  );
  const parts = await pxParts(network, masked, pxForm, dataOf({ network, params, ...subject }).inputs, {
    mask,
  });
  tf.dispose(masked);
  return parts;
}

type Compared = 'px' | 'synflow-l2';

function stepsOf(
  subject: Subject,
  method: Compared,
  density: number,
  iterations: number,
): AsyncGenerator<PruneStep> {
  const how = { density, iterations, scope: 'global', select: selections.top } as const;
  return pruneSteps(subject.network, subject.params, methods[method], how, contextOf(subject));
}

async function firstStep(subject: Subject, method: Compared, density: number): Promise<PruneStep> {
  const steps = stepsOf(subject, method, density, 1);
  const { value } = await steps.next();
  await steps.return(undefined);
  return value;
}

/** Counts, bits and overlap of the masks of both methods. */
function* compareMasks(
  subject: Subject,
  prefix: string,
  expected: Fields,
  [px, l2]: readonly PruneStep[],
): Generator<Comparison> {
  const [a, b] = [px, l2].map(({ kept }) => maskOf(subject.network, kept));
  const count = px.kept.reduce((sum, indices) => sum + indices.length, 0);
  yield entries(`${prefix}kept`, expected.kept, count);
  for (const [name, mask] of [
    ['px_mask', a],
    ['l2_mask', b],
  ] as const) {
    const bits = listed(
      subject,
      Object.values(mask).map((tensor) => tensor.dataSync() as Float32Array),
    );
    const text = String(expected[name]);
    const differing =
      bits.filter((bit, i) => String(bit) !== text[i]).length + Math.abs(bits.length - text.length);
    yield entries(`${prefix}${name}`, 0, differing);
  }
  yield* compareValues(prefix, expected, { jaccard: () => jaccardIndex(a, b) }, tolerancesOf(subject));
  tf.dispose([a, b]);
}

/** How far the smallest score kept is above the largest that is not, over itself. */
function gapOf({ scores, kept }: PruneStep): number {
  const left = kept.map((indices) => new Set(indices));
  const [inside, outside] = [true, false].map((isKept) =>
    scores.flatMap((values, k) => [...values].filter((_, i) => left[k].has(i) === isKept)),
  );
  const smallest = inside.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return (smallest - outside.reduce((a, b) => Math.max(a, b), 0)) / smallest;
}

/** Numbers of the kernels in their order, as one list in that of the file. */
function listed(subject: Subject, values: readonly ScoreArray[]): number[] {
  const byTensor = byName(subject, values);
  return subject.prunable.flatMap((name) => byTensor[name]);
}

function byName(subject: Subject, values: readonly ScoreArray[]): Record<string, number[]> {
  const entries = kernelsOf(subject.network).map(({ name }, k): [string, ScoreArray] => [name, values[k]]);
  return inFileOrder(subject, Object.fromEntries(entries));
}

/** Pearson's correlation. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [ours, theirs] = [a, b].map((of) => {
    const middle = mean(of);
    return of.map((value) => value - middle);
  });
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(ours, theirs) / Math.sqrt(dot(ours, ours) * dot(theirs, theirs));
}

function* list(
  subject: Subject,
  name: string,
  fields: Fields,
  found: Float64Array,
  prefix = '',
): Generator<Comparison> {
  if (fields[name] !== undefined) yield relative(subject, prefix + name, relativeError(found, fields[name]));
}

const relative = (subject: Subject, quantity: string, error: number): Comparison => ({
  quantity,
  error,
  tolerance: tolerancesOf(subject).value,
  measure: 'relative',
});

function* absolute(quantity: string, expected: unknown, found: number, unit = 1): Generator<Comparison> {
  if (typeof expected === 'number')
    yield { quantity, error: Math.abs(found - expected / unit), tolerance: 1e-10, measure: 'absolute' };
}

function entries(quantity: string, expected: unknown, found: number): Comparison {
  const error = typeof expected === 'number' ? Math.abs(found - expected) : Number.POSITIVE_INFINITY;
  return { quantity, error, tolerance: 0, measure: 'entries' };
}

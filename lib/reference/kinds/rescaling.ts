import {
  forward,
  kernelsOf,
  linearPass,
  type Network,
  type Params,
  rescalableUnits,
  rescale,
} from '../../network';
import { pathConditioning } from '../../path';
import { compiled, mapRecord, readDoubles, tf } from '../../tensor';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { checkOutputs } from '../checks/outputs';
import { CANCELLING, type Comparison, relativeError } from '../comparison';
import { type Fields, fieldsOf, isFields } from '../jsonFields';
import type { Subject } from '../subject';
import { tolerancesOf } from '../tolerances';
import { ofOneNetwork } from './kind';
import { compareNumber, comparePaths, compareTensors, inTheirOrder, scoresOf } from './pathScores';

/** Rows of weights, by tensor and index. */
type Rows = readonly (readonly [tensor: string, row: number])[];

/** A hidden unit of the file with its factor. */
export interface Group {
  readonly incoming: Rows;
  readonly batchNorms: readonly string[];
  readonly factor: number;
}

export function groupsOf(file: Fields): Group[] {
  return fieldsOf('file', file)
    .objects('groups')
    .map((group) => ({
      incoming: group.incoming as Rows,
      batchNorms: (group.batch_norms ?? []) as string[],
      factor: fieldsOf('groups', group).number('lambda'),
    }));
}

/** Factors by layer; those that are not given are 1. */
export function factorsOf(
  { parameters }: Network,
  given: readonly (readonly [parameter: string, channel: number, factor: number])[],
): Record<string, number[]> {
  const factors: Record<string, number[]> = {};
  for (const [parameter, channel, factor] of given) {
    const spec = parameters.find(({ name }) => name === parameter);
    if (spec === undefined) continue;
    factors[spec.layer] ??= new Array<number>(spec.shape[spec.shape.length - 1]).fill(1);
    factors[spec.layer][channel] = factor;
  }
  return factors;
}

/** Values, traces and scores before and after the rescaling that the file gives, and the laws' exponents Bz. */
const checkRescaled: Check = (subject, file) => {
  const { network, params } = subject;
  const { value: tolerance } = tolerancesOf(subject);
  const groups = groupsOf(file);
  const { object } = fieldsOf('file', file);
  const given = groups.flatMap(({ incoming, factor }) =>
    incoming.map(([tensor, row]) => [tensor, row, factor] as const),
  );
  const after = rescale(network, params, factorsOf(network, given));
  const [old, found] = [params, after].map((of) =>
    inTheirOrder(
      network,
      mapRecord(of, (one) => one.clone()),
    ),
  );
  const exponents = mapRecord(old, (values, name) =>
    Float64Array.from(values, (value, i) => 2 * Math.log(value / found[name][i])),
  );
  const compared: Comparison[] = [
    { quantity: 'groups', error: differing(network, groups), tolerance: 0, measure: 'entries' },
    {
      quantity: 'z_given',
      error: relativeError(
        groups.map(({ factor }) => 2 * Math.log(factor)),
        file.z_given,
      ),
      tolerance,
      measure: 'relative',
    },
    compareTensors('Bz_given', exponents, file.Bz_given, tolerance),
    compareTensors('theta_after', found, file.theta_after, tolerance),
  ];
  for (const [name, of] of [
    ['before', params],
    ['after', after],
  ] as const) {
    const fields = object(name);
    compared.push(
      compareNumber(`${name}.F_theta`, signedSum(network, of), fields.F_theta, tolerance),
      ...comparePaths(`${name}.`, network, of, fields, {}, tolerance),
    );
  }
  const { scores_b_c_after: rest } = file;
  if (isFields(rest))
    for (const name of ['b', 'c'] as const)
      compared.push(
        compareTensors(`scores_b_c_after.${name}`, scoresOf(network, after, name), rest[name], tolerance),
      );
  tf.dispose(after);
  return compared;
};

/** Groups of the file that are no unit of ours, and units of ours that are no group. */
function differing(network: Network, groups: readonly Group[]): number {
  const theirs = new Set(groups.map(keyOf));
  const ours = new Set(unitKeys(network));
  return (
    [...theirs].filter((key) => !ours.has(key)).length + [...ours].filter((key) => !theirs.has(key)).length
  );
}

const keyOf = ({ incoming }: Pick<Group, 'incoming'>) =>
  incoming
    .map(([tensor, row]) => `${tensor}[${row}]`)
    .sort()
    .join();

/** Our units by the rows that lead in. */
function unitKeys(network: Network): string[] {
  const kernels = new Map(kernelsOf(network).map(({ layer, name }) => [layer, name]));
  return rescalableUnits(network).map(({ incoming }) =>
    keyOf({ incoming: incoming.map(({ layer, channel }) => [kernels.get(layer) as string, channel]) }),
  );
}

/** The sum of the outputs at θ with its signs, without ReLUs. */
function signedSum(network: Network, params: Params): number {
  const run = compiled(
    ({ s }: { s: Params }) => linearPass(network, s, tf.ones([1, ...network.input]), 1).sum(),
    { precision: 'double' },
  );
  const sum = run({ s: params });
  const [value] = readDoubles(sum);
  sum.dispose();
  run.dispose();
  return value;
}

/** PathCond's rescaling and what the diagonal of G becomes. */
const checkConditioning: Check = (subject, file) => {
  const { network, params } = subject;
  const { value: tolerance } = tolerancesOf(subject);
  const fields = fieldsOf('file', file).object('pathcond');
  const { factors, z, objective, trace, variation } = pathConditioning(network, params);
  const even = rescale(network, params, factors);
  const keys = unitKeys(network);
  const inOrder = groupsOf(file).map((group) => z[keys.indexOf(keyOf(group))]);
  const diagonal = scoresOf(network, even, 'd');
  const numbers: Readonly<Record<string, number>> = {
    n: Object.values(diagonal).reduce((total, values) => total + values.length, 0),
    objective_at_zero: objective.before,
    objective_at_optimum: objective.after,
    trace_before: trace.before,
    trace_after: trace.after,
    coefficient_of_variation_diag_G_before: variation.before,
    coefficient_of_variation_diag_G_after: variation.after,
  };
  const squares = { F_theta_squared: fields.F_theta_squared_after };
  const compared = [
    ...Object.entries(numbers).map(([name, found]) =>
      compareNumber(`pathcond.${name}`, found, fields[name], tolerance),
    ),
    {
      quantity: 'pathcond.z',
      error: relativeError(inOrder, fields.z),
      tolerance,
      measure: 'relative',
    } as const,
    compareTensors('pathcond.diag_G_after', diagonal, fields.diag_G_after, tolerance),
    ...comparePaths('pathcond.', network, even, squares, {}, tolerance).map((comparison) => ({
      ...comparison,
      quantity: 'pathcond.F_theta_squared_after',
    })),
  ];
  tf.dispose(even);
  return compared;
};

/** A channel of a residual stream of which only one of the tensors that lead in is scaled: another function, and refused. */
const checkInadmissible: Check = (subject, file) => {
  const { network, params, data } = subject;
  const { inadmissible_example: example } = file;
  const group = groupsOf(file).find(({ incoming }) => incoming.length > 1);
  if (!isFields(example) || data === undefined || group === undefined) return [];
  const { value: tolerance } = tolerancesOf(subject);
  const whole = group.incoming.map(([tensor, row]) => [tensor, row, 2] as const);
  const changed = unscaled(
    network,
    rescale(network, params, factorsOf(network, whole)),
    group.incoming.slice(1),
  );
  const outputs = forward(network, changed, data.inputs);
  const compared: Comparison[] = [
    {
      quantity: 'inadmissible_example.what',
      error: refuses(subject, whole.slice(0, 1)) ? 0 : 1,
      tolerance: 0,
      measure: 'entries',
    },
    {
      quantity: 'inadmissible_example.outputs',
      error: relativeError(outputs.dataSync(), example.outputs, CANCELLING),
      tolerance,
      measure: 'relative',
    },
    ...comparePaths('inadmissible_example.', network, changed, example, {}, tolerance),
  ];
  tf.dispose([changed, outputs]);
  return compared;
};

/** Halves rows again; disposes of what it is given. */
function unscaled(network: Network, params: Params, rows: Rows): Params {
  const factors = factorsOf(
    network,
    rows.map(([tensor, row]) => [tensor, row, 1 / 2]),
  );
  const layers = new Map(network.parameters.map(({ name, layer }) => [name, layer]));
  const found = tf.tidy(() =>
    mapRecord(params, (tensor, name) => {
      const own = factors[layers.get(name) ?? ''];
      return own ? tensor.mul(tf.tensor1d(own)) : tensor.clone();
    }),
  );
  tf.dispose(params);
  return found;
}

function refuses(
  { network, params }: Subject,
  given: readonly (readonly [parameter: string, channel: number, factor: number])[],
): boolean {
  try {
    tf.dispose(rescale(network, params, factorsOf(network, given)));
    return false;
  } catch {
    return true;
  }
}

/** Kind `rescaling`: a network without batch norm and biases. */
export const rescaling = ofOneNetwork([
  checkData,
  checkOutputs,
  checkRescaled,
  checkConditioning,
  checkInadmissible,
]);

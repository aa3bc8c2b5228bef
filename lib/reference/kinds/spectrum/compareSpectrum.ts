import type { LinearPolicy, Mask } from '../../../network';
import {
  l2PathNorm,
  type PathKernelSpectrum,
  pathKernelRank,
  pathKernelSpectrum,
  pathKernelTrace,
} from '../../../path';
import { compareValues } from '../../checks/values';
import { type Comparison, relativeError } from '../../comparison';
import { type Fields, fieldsOf } from '../../jsonFields';
import type { Subject } from '../../subject';
import { compareParts } from './compareParts';
import { compareEstimates } from './estimates';
import { compareLeadingVector } from './leadingVector';
import { DOUBLE, EXACT, relative } from './limits';
import { compareWhole } from './wholeSpectrum';

/** Up to so many weights on paths all eigenvalues are computed, of the matrix itself. */
const DENSE = 3000;

/** Trace, rank and eigenvalues of one Path Kernel: of all weights, or those that a mask keeps. */
export async function* compareSpectrum(
  subject: Subject,
  prefix: string,
  fields: Fields,
  policy: LinearPolicy,
  mask?: Mask,
): AsyncGenerator<Comparison> {
  const { network, params } = subject;
  const trace = pathKernelTrace(network, params, { mask, policy });
  const rank = pathKernelRank(network, mask);
  yield* compareValues(
    prefix,
    fields,
    { F: () => l2PathNorm(network, params, { mask, policy }), trace: () => trace },
    DOUBLE,
  );
  yield* compareValues(
    prefix,
    fields,
    {
      kept_weights: () => rank.kept,
      weights_on_complete_paths: () => rank.onPaths,
      hidden_units_on_complete_paths: () => rank.units,
      rank_predicted: () => rank.bound,
    },
    EXACT,
  );
  const parts = Object.fromEntries(trace.perLayer.map(({ name, log }) => [name, Math.exp(log)]));
  yield* compareParts(`${prefix}trace_by_tensor`, parts, fields.trace_by_tensor, DOUBLE.value);
  if (trace.value === 0) return;
  const known = fieldsOf(prefix, fields);
  const distinct = (fields.distinct_largest_eigenvalues ?? fields.distinct_among_them) as [number, number][];
  const found = await pathKernelSpectrum(network, params, {
    mask,
    policy,
    k: distinct.length,
    vectors: true,
    probes: rank.onPaths <= DENSE ? 0 : 20,
  });
  yield* compareLeading(prefix, fields, found, distinct, known.numbers('largest_eigenvalues'));
  yield* compareLeadingVector(
    subject,
    `${prefix}leading_eigenvector.`,
    known.object('leading_eigenvector'),
    found,
  );
  if (rank.onPaths <= DENSE) yield* compareWhole(subject, prefix, fields, policy, mask);
  else yield* compareEstimates(prefix, fields, found);
}

function* compareLeading(
  prefix: string,
  fields: Fields,
  { eigenvalues, stableRank }: PathKernelSpectrum,
  distinct: readonly [number, number][],
  largest: readonly number[],
): Generator<Comparison> {
  const values = eigenvalues.map(({ value }) => value);
  const field = fields.distinct_largest_eigenvalues ? 'distinct_largest_eigenvalues' : 'distinct_among_them';
  yield relative(
    `${prefix}${field}`,
    relativeError(
      values,
      distinct.map(([value]) => value),
      1,
    ),
  );
  // The last of those among the ten may be cut by the limit of ten.
  const whole = field === 'distinct_among_them' ? distinct.slice(0, -1) : distinct;
  const wrong = whole.filter(([, count], i) => eigenvalues[i].multiplicity !== count).length;
  yield { quantity: `${prefix}${field}.multiplicities`, error: wrong, tolerance: 0, measure: 'entries' };
  const repeated = eigenvalues.flatMap(({ value, multiplicity }) => Array<number>(multiplicity).fill(value));
  yield relative(
    `${prefix}largest_eigenvalues`,
    relativeError(repeated.slice(0, largest.length), largest, 1),
  );
  const gap = (values[0] - values[1]) / values[0];
  yield* compareValues(
    prefix,
    fields,
    { stable_rank_of_J: () => stableRank, relative_gap_of_the_largest: () => gap },
    { ...DOUBLE, value: DOUBLE.value / gap },
  );
}

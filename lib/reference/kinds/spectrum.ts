import { invalid } from '../../base';
import { symmetricEigenvalues } from '../../linalg';
import { kernelsOf, type LinearPolicy, type Mask, type Network, type Params } from '../../network';
import {
  countPaths,
  l2PathNorm,
  type PathKernelOperator,
  type PathKernelSpectrum,
  pathKernelOperator,
  pathKernelRank,
  pathKernelSpectrum,
  pathKernelTrace,
} from '../../path';
import { doubles, readDoubles, tf } from '../../tensor';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { checkOutputs } from '../checks/outputs';
import { compareValues } from '../checks/values';
import { type Comparison, relativeError, relativeErrorOf } from '../comparison';
import { flatWeights } from '../flatWeights';
import { hashUniform } from '../hashFormula';
import { type Fields, fieldsOf, isFields, isNumbers } from '../jsonFields';
import { maskInFile } from '../maskInFile';
import { placesInFile } from '../placesInFile';
import type { Subject } from '../subject';
import { type Kind, ofOneNetwork } from './kind';

/** Of numbers that are double precision throughout: what the search for eigenvalues is asked for. */
const DOUBLE = 1e-8;

/** Of eigenvectors, whose error is that of their products over the distance of eigenvalues. */
const VECTOR = 1e-5;

/** Up to so many weights on paths all eigenvalues are computed, of the matrix itself. */
const DENSE = 3000;

/** By field, how the fixed factors of batch norm and pools enter. */
const POLICIES: Readonly<Record<string, LinearPolicy>> = {
  path_kernel: { constants: 'once' },
  path_kernel_folded: { constants: 'power' },
};

const checkSpectra: Check = async function* check(subject, file) {
  for (const [field, policy] of Object.entries(POLICIES)) {
    const fields = file[field];
    if (isFields(fields)) yield* compareSpectrum(subject, `${field}.`, fields, policy);
  }
  const rank = pathKernelRank(subject.network);
  const numbers = {
    paths: () => Number(countPaths(subject.network).count),
    null_space_predicted: () => rank.structuralZeros,
  };
  yield* compareValues('', file, numbers, EXACT);
};

/** Spectra under masks by magnitude, in each tensor or over all. */
const checkMaskedSpectra: Check = async function* check(subject, file) {
  const spectra = fieldsOf('file', file).object('spectrum');
  for (const [name, fields] of Object.entries(spectra)) {
    if (!isFields(fields)) throw invalid('reference file', `spectrum.${name} must be an object`, fields);
    const kept = name === 'dense' ? undefined : keptBy(subject, name);
    const mask =
      kept &&
      maskInFile(
        subject,
        kept.flatMap((tensor) => [...tensor]),
      );
    const prefix = `spectrum.${name}.`;
    try {
      yield* compareKept(subject, prefix, fields, kept);
      yield* compareSpectrum(subject, prefix, fields, {}, mask);
    } finally {
      if (mask) tf.dispose(mask);
    }
  }
};

/** G u for a vector made by a formula. */
const checkProducts: Check = async function* check(subject, file) {
  const fields = file.G_u;
  if (!isFields(fields)) return;
  const text = fieldsOf('G_u', fields).text('u');
  const [, ordinal, seed] = /u\(i,(\d+),(\d+)\)/.exec(text) ?? [];
  if (seed === undefined) throw invalid('reference file', 'G_u.u is of another formula', text);
  for (const [field, policy] of [
    ['result', POLICIES.path_kernel],
    ['result_folded', POLICIES.path_kernel_folded],
  ] as const) {
    const size = kernelsOf(subject.network).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const u = Float64Array.from({ length: size }, (_, i) =>
      Math.fround(2 * hashUniform(i, Number(ordinal), Number(seed)) - 1),
    );
    const found = await productWith(subject, u, policy);
    yield number(`G_u.${field}`, relativeError(found, fields[field]), DOUBLE);
  }
};

/** One network, with the spectrum of its Path Kernel whole or its leading part. */
export const spectrum: Kind = ofOneNetwork([checkData, checkOutputs, checkSpectra, checkProducts]);

/** One network under several masks. */
export const spectrumMasked: Kind = ofOneNetwork([checkData, checkOutputs, checkMaskedSpectra]);

const EXACT = { value: 0, logarithm: 0 };

const number = (quantity: string, error: number, tolerance: number): Comparison => ({
  ...{ quantity, error, tolerance, measure: 'relative' },
});

const sizeOf = (shape: readonly number[]) => shape.reduce((size, extent) => size * extent, 1);

async function* compareSpectrum(
  subject: Subject,
  prefix: string,
  fields: Fields,
  policy: LinearPolicy,
  mask?: Mask,
): AsyncGenerator<Comparison> {
  const { network, params } = subject;
  const trace = pathKernelTrace(network, params, { mask, policy });
  const rank = pathKernelRank(network, mask);
  const tolerance = { value: DOUBLE, logarithm: DOUBLE };
  yield* compareValues(
    prefix,
    fields,
    { F: () => l2PathNorm(network, params, { mask, policy }), trace: () => trace },
    tolerance,
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
  yield* compareParts(`${prefix}trace_by_tensor`, parts, fields.trace_by_tensor, DOUBLE);
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
  yield number(
    `${prefix}${field}`,
    relativeError(
      values,
      distinct.map(([value]) => value),
      1,
    ),
    DOUBLE,
  );
  // The last of those among the ten may be cut by the limit of ten.
  const whole = field === 'distinct_among_them' ? distinct.slice(0, -1) : distinct;
  const wrong = whole.filter(([, count], i) => eigenvalues[i].multiplicity !== count).length;
  yield { quantity: `${prefix}${field}.multiplicities`, error: wrong, tolerance: 0, measure: 'entries' };
  const repeated = eigenvalues.flatMap(({ value, multiplicity }) => Array<number>(multiplicity).fill(value));
  yield number(
    `${prefix}largest_eigenvalues`,
    relativeError(repeated.slice(0, largest.length), largest, 1),
    DOUBLE,
  );
  const gap = (values[0] - values[1]) / values[0];
  yield* compareValues(
    prefix,
    fields,
    { stable_rank_of_J: () => stableRank, relative_gap_of_the_largest: () => gap },
    { value: DOUBLE / gap, logarithm: DOUBLE },
  );
}

/** The leading eigenvector, its entry of largest magnitude positive, in the file's order of the weights. */
function* compareLeadingVector(
  subject: Subject,
  prefix: string,
  fields: Fields,
  { eigenvectors, perLayer }: PathKernelSpectrum,
): Generator<Comparison> {
  const [first] = eigenvectors;
  if (first?.index !== 1) return; // of a repeated eigenvalue it is not defined
  const flat = flatWeights(subject, first.parts);
  let largest = 0;
  flat.forEach((entry, i) => {
    if (Math.abs(entry) > Math.abs(flat[largest])) largest = i;
  });
  const sign = Math.sign(flat[largest]);
  const at = isNumbers(fields.at) ? fields.at : [];
  const found = at.map((_, j) => sign * flat[Math.floor((j * flat.length) / at.length)]);
  // Entries are of a vector of length 1: errors count against its largest entry.
  const size = Math.abs(flat[largest]);
  const error = Math.max(...found.map((entry, j) => Math.abs(entry - at[j]) / size));
  yield number(`${prefix}at`, error, VECTOR);
  yield* compareValues(prefix, fields, { largest_entry_index: () => largest }, EXACT);
  const masses = Object.fromEntries(
    perLayer.filter(({ index }) => index === 1).map(({ name, mass }) => [name, mass]),
  );
  yield* compareParts(`${prefix}mass_by_tensor`, masses, fields.mass_by_tensor, VECTOR);
}

function* compareParts(
  quantity: string,
  found: Readonly<Record<string, number>>,
  expected: unknown,
  tolerance: number,
): Generator<Comparison> {
  if (!isFields(expected)) return;
  const names = Object.keys(expected);
  yield number(
    quantity,
    relativeError(
      names.map((name) => found[name] ?? Number.NaN),
      names.map((name) => expected[name]),
    ),
    tolerance,
  );
}

/** All eigenvalues of the matrix itself, restricted to weights that are kept. */
async function* compareWhole(
  subject: Subject,
  prefix: string,
  fields: Fields,
  policy: LinearPolicy,
  mask?: Mask,
): AsyncGenerator<Comparison> {
  const { network, params } = subject;
  const all = await wholeSpectrum(network, params, policy, mask);
  const nonzero = all.filter((value) => value > 1e-12 * all[0]);
  const sum = (f: (value: number) => number) => nonzero.reduce((total, value) => total + f(value), 0);
  const [trace, squares] = [sum((value) => value), sum((value) => value ** 2)];
  if (fields.nonzero_eigenvalues !== undefined)
    yield number(
      `${prefix}nonzero_eigenvalues`,
      relativeError(nonzero, fields.nonzero_eigenvalues, 1e-3),
      DOUBLE,
    );
  const { kept } = pathKernelRank(network, mask);
  const numbers = {
    frobenius: () => Math.sqrt(squares),
    participation_ratio: () => trace ** 2 / squares,
    effective_rank: () => Math.exp(sum((value) => -(value / trace) * Math.log(value / trace))),
    stable_rank_of_G: () => squares / nonzero[0] ** 2,
  };
  yield* compareValues(prefix, fields, numbers, { value: DOUBLE, logarithm: DOUBLE });
  const counts = { rank: () => nonzero.length, null_space_dimension: () => kept - nonzero.length };
  yield* compareValues(prefix, fields, counts, EXACT);
}

/** Estimates: within twice their own interval, about four standard errors, and the interval of the file's own estimate. */
function* compareEstimates(prefix: string, fields: Fields, found: PathKernelSpectrum): Generator<Comparison> {
  const { frobenius, participationRatio, spectralNorm } = found;
  if (!frobenius || !participationRatio) return;
  const half = (frobenius.high - frobenius.low) / 2 / frobenius.estimate;
  const values = {
    frobenius: frobenius.estimate,
    participation_ratio: participationRatio.estimate,
    stable_rank_of_G: (frobenius.estimate / spectralNorm) ** 2,
  };
  for (const [name, value] of Object.entries(values)) {
    const interval = fields[`${name}_interval`];
    const estimate = fields[`${name}_estimate`];
    const [field, expected, own] = isNumbers(interval)
      ? [`${name}_interval`, (interval[0] + interval[1]) / 2, (interval[1] - interval[0]) / 2]
      : isFields(estimate)
        ? [`${name}_estimate`, Number(estimate.value), (Number(estimate.high) - Number(estimate.low)) / 2]
        : [name, fields[name] as number | undefined, 0];
    if (expected === undefined) continue;
    const power = name === 'frobenius' ? 1 : 2; // the others are its squares
    yield number(`${prefix}${field}`, relativeErrorOf(value, expected), 2 * power * half + own / expected);
  }
}

/** The weights that a mask by magnitude keeps, flat over the file's tensors; ties to the lower index. */
function keptBy({ listed, prunable }: Subject, name: string): Uint8Array[] {
  const [, scope, text] = /^magnitude_(local|global)_(\S+)$/.exec(name) ?? [];
  if (scope === undefined) throw invalid('reference file', 'a mask of a kind that is not known', name);
  const density = Number(text);
  const tensors = prunable.map((tensor) => listed.find((parameter) => parameter.name === tensor)!.values);
  const places = tensors.flatMap((values, t) =>
    Array.from(values, (value, i) => ({ size: Math.abs(value), t, i })),
  );
  const bits = tensors.map(({ length }) => new Uint8Array(length));
  const keep = (among: typeof places) => {
    const count = Math.floor(density * among.length + 0.5);
    for (const { t, i } of [...among].sort((a, b) => b.size - a.size).slice(0, count)) bits[t][i] = 1;
  };
  if (scope === 'global') keep(places);
  else for (const [t] of tensors.entries()) keep(places.filter((place) => place.t === t));
  return bits;
}

function* compareKept(
  { prunable, listed }: Subject,
  prefix: string,
  fields: Fields,
  kept?: readonly Uint8Array[],
): Generator<Comparison> {
  const whole = prunable.map((name) => listed.find((parameter) => parameter.name === name)!.values.length);
  const bits = kept ?? whole.map((length) => new Uint8Array(length).fill(1));
  const counts = bits.map((tensor) => tensor.reduce((sum, bit) => sum + bit, 0));
  const indices: number[] = [];
  let offset = 0;
  for (const tensor of bits) {
    tensor.forEach((bit, i) => {
      if (bit) indices.push(offset + i);
    });
    offset += tensor.length;
  }
  const entries = (quantity: string, found: readonly number[], expected: unknown): Comparison => ({
    quantity: `${prefix}${quantity}`,
    error: isNumbers(expected)
      ? found.filter((value, i) => value !== expected[i]).length
      : Number.POSITIVE_INFINITY,
    tolerance: 0,
    measure: 'entries',
  });
  yield entries('kept_by_tensor', counts, fields.kept_by_tensor);
  if (fields.kept_indices_first20 !== undefined)
    yield entries('kept_indices_first20', indices.slice(0, 20), fields.kept_indices_first20);
  const sum = indices.reduce((total, index) => total + index, 0);
  yield* compareValues(prefix, fields, { kept_index_sum: () => sum }, EXACT);
}

/** All eigenvalues, from a column for each weight that is kept. */
async function wholeSpectrum(
  network: Network,
  params: Params,
  policy: LinearPolicy,
  mask?: Mask,
): Promise<Float64Array> {
  const operator = pathKernelOperator(network, params, { mask, policy });
  const { trace, sizes } = operator;
  const kept = operator.kernels.flatMap(({ name }, part) => {
    const bits = mask?.[name].dataSync();
    return Array.from({ length: sizes[part] }, (_, i) => ({ part, i })).filter(
      ({ i }) => !bits || bits[i] === 1,
    );
  });
  const rows: Float64Array[] = [];
  for (const { part, i } of kept) {
    const unit = sizes.map((size, k) => {
      const entries = new Float64Array(size);
      if (k === part) entries[i] = 1;
      return doubles(entries);
    });
    const product = await operator.apply(unit);
    const columns = product.map((tensor) => readDoubles(tensor));
    rows.push(Float64Array.from(kept, (place) => columns[place.part][place.i] * trace.value));
    tf.dispose([...unit, ...product]);
  }
  operator.dispose();
  return symmetricEigenvalues(rows);
}

async function productWith(subject: Subject, u: Float64Array, policy: LinearPolicy): Promise<Float64Array> {
  const { network, params } = subject;
  const operator: PathKernelOperator = pathKernelOperator(network, params, { policy });
  const places = placesInFile(subject);
  const own = operator.kernels.map(({ name }) =>
    doubles(Float64Array.from(places[name], (place) => u[place])),
  );
  const product = await operator.apply(own);
  const parts = Object.fromEntries(
    operator.kernels.map(({ name }, i) => [
      name,
      Float64Array.from(readDoubles(product[i]), (x) => x * operator.trace.value),
    ]),
  );
  tf.dispose([...own, ...product]);
  operator.dispose();
  return flatWeights(subject, parts);
}

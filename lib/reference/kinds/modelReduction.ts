import { invalid } from '../../base';
import { interpolationConstant, leverage, singularVectors } from '../../linalg';
import { largestIn, pivotRows } from '../../linalg/deimRows';
import { pointed } from '../../linalg/symmetricEigen';
import { pathKernelSpectrum } from '../../path';
import { gradientSnapshots, reductionOrder } from '../../prune';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { compareList, compareNumber, DOUBLE } from '../checks/tangentKernels';
import type { Comparison } from '../comparison';
import { flatWeights } from '../flatWeights';
import { type Fields, fieldsOf, isNumbers } from '../jsonFields';
import { placesInFile } from '../placesInFile';
import type { PruningData, Subject } from '../subject';
import { type Kind, ofOneNetwork } from './kind';

/** Of eigenvectors, whose error is that of their products over the distance of eigenvalues, and what is computed of them. */
const VECTOR = 1e-5;

/** Residuals that differ by less, relative to the largest, are equal. */
const EQUAL = 1e-9;

/** Modes of gradients over a few steps of descent, tensor by tensor, and the order of the weights by them. */
const checkSnapshots: Check = async function* check(subject, file) {
  const known = fieldsOf('file', file);
  const { losses, gradients } = await snapshotsOf(subject, file);
  yield compareList('losses', losses, file.losses);
  const r = known.number('r');
  const results = fieldsOf('results', known.object('results'));
  for (const [name, columns] of Object.entries(gradients)) {
    const fields = results.object(name);
    const { values, vectors } = singularVectors(columns);
    const basis = vectors.slice(0, r);
    const prefix = `results.${name}.`;
    const sizes = columns[0].map((_, i) => Math.hypot(...columns.map((column) => column[i])));
    const first = columns[0].map(Math.abs);
    yield entries(`${prefix}shape`, [columns[0].length, columns.length], fields.shape);
    yield compareList(`${prefix}singular_values`, values, fields.singular_values);
    const gap = (values[r - 1] - values[r]) / values[0];
    yield compareNumber(`${prefix}relative_gap_after_r`, gap, fields.relative_gap_after_r, DOUBLE / gap);
    yield compareVectors(`${prefix}left_vectors`, basis, fields.left_vectors, DOUBLE);
    yield* compareChoice(prefix, basis, fields, DOUBLE);
    yield entries(`${prefix}gradient_magnitude_order`, largestFirst(sizes), fields.gradient_magnitude_order);
    const order = largestFirst(first).filter((i) => first[i] > 0);
    const field = 'gradient_magnitude_first_snapshot_order';
    yield entries(prefix + field, order, fields[field]);
  }
  yield entries(
    'r',
    [fieldsOf('results', results.object(Object.keys(gradients)[0])).numbers('deim').length],
    [r],
  );
};

/** The same on leading eigenvectors of G, over all weights. */
const checkEigenvectors: Check = async function* check(subject, file) {
  const { network, params } = subject;
  const prefix = 'results.eigenvectors_of_G.';
  const fields = fieldsOf('results', fieldsOf('file', file).object('results')).object('eigenvectors_of_G');
  const { number, numbers } = fieldsOf(prefix, fields);
  const k = numbers('eigenvalues').length;
  const found = await pathKernelSpectrum(network, params, { k, vectors: true, probes: 0 });
  const values = found.eigenvalues.map(({ value }) => value);
  yield compareList(`${prefix}eigenvalues`, values, fields.eigenvalues, 1e-8);
  const basis = found.eigenvectors
    .filter(({ index }) => index <= number('r'))
    .map(({ parts }) => pointed(flatWeights(subject, parts)));
  yield entries(`${prefix}r`, [basis.length], [fields.r]);
  yield compareVectors(`${prefix}vectors`, basis, fields.vectors, VECTOR);
  yield* compareChoice(prefix, basis, fields, VECTOR);
};

function* compareChoice(
  prefix: string,
  basis: readonly Float64Array[],
  fields: Fields,
  tolerance: number,
): Generator<Comparison> {
  const order = choices(basis, fields.deim);
  const constants = basis.map((_, l) =>
    interpolationConstant(basis.slice(0, l + 1), order.subarray(0, l + 1)),
  );
  const share = leverage(basis);
  const byLeverage = reductionOrder(basis, 'leverage');
  const expected = isNumbers(fields.leverage) ? fields.leverage : [];
  yield entries(`${prefix}deim`, order, fields.deim);
  yield compareNumber(
    `${prefix}inverse_norm`,
    constants[constants.length - 1],
    fields.inverse_norm,
    tolerance,
  );
  yield compareList(`${prefix}inverse_norm_after_each`, constants, fields.inverse_norm_after_each, tolerance);
  yield entries(`${prefix}leverage_order_first12`, byLeverage.subarray(0, 12), fields.leverage_order_first12);
  const listed =
    expected.length === share.length ? share : Array.from(byLeverage.subarray(0, 12), (i) => share[i]);
  yield compareList(`${prefix}leverage`, listed, fields.leverage, tolerance);
}

/**
 * DEIM's choices. Residuals may be equal, as gradients by the outputs sum to 0: then rounding decides, and the file's choice is taken
 * where it is one of the largest.
 */
function choices(basis: readonly Float64Array[], expected: unknown): Uint32Array {
  const theirs = isNumbers(expected) ? expected : [];
  return pivotRows(basis, (residual, place) => {
    const largest = largestIn(residual);
    const isEqual = Math.abs(residual[theirs[place]]) > (1 - EQUAL) * Math.abs(residual[largest]);
    return isEqual ? theirs[place] : largest;
  });
}

/** The snapshots in the file's order of each tensor's weights. */
async function snapshotsOf(subject: Subject, file: Fields) {
  const { network, params, data } = subject;
  const { inputs, targets } = data as PruningData;
  const text = fieldsOf('about', fieldsOf('file', file).object('about')).text('trajectory');
  const [, rate, size] = /learning rate ([\d.]+).*\((\d+)t \+ q\) mod/.exec(text) ?? [];
  if (size === undefined)
    throw invalid('reference file', 'about.trajectory names no learning rate and images', text);
  const steps = fieldsOf('file', file).numbers('losses').length;
  const { losses, gradients } = await gradientSnapshots(
    network,
    params,
    { images: inputs, labels: targets },
    { steps, size: Number(size), learningRate: Number(rate), precision: 'double' },
  );
  const places = placesInFile(subject);
  const ordered = Object.entries(gradients).map(([name, columns]) => {
    const start = places[name].reduce((least, place) => Math.min(least, place));
    const inOrder = (values: Float64Array) => {
      const theirs = new Float64Array(values.length);
      values.forEach((value, i) => {
        theirs[places[name][i] - start] = value;
      });
      return theirs;
    };
    return [name, columns.map(inOrder)] as const;
  });
  return { losses, gradients: Object.fromEntries(ordered) };
}

const largestFirst = (sizes: Float64Array) => [...sizes.keys()].sort((a, b) => sizes[b] - sizes[a] || a - b);

/** How many entries of a list of whole numbers differ. */
function entries(quantity: string, found: ArrayLike<number>, expected: unknown): Comparison {
  const isList = isNumbers(expected) && expected.length === found.length;
  const error = isList ? expected.filter((value, i) => value !== found[i]).length : Number.POSITIVE_INFINITY;
  return { quantity, error, tolerance: 0, measure: 'entries' };
}

/** The largest distance of an entry from that of the file's vector, over its largest entry. */
function compareVectors(
  quantity: string,
  found: readonly Float64Array[],
  expected: unknown,
  tolerance: number,
): Comparison {
  const theirs = Array.isArray(expected) ? expected : [];
  const errors = found.map((vector, j) => compareList(quantity, vector, theirs[j]).error);
  const error = theirs.length === found.length ? Math.max(...errors) : Number.POSITIVE_INFINITY;
  return { quantity, error, tolerance, measure: 'relative' };
}

/** Files on the order that model order reduction gives the weights. */
export const modelReduction: Kind = ofOneNetwork([checkData, checkSnapshots, checkEigenvectors]);

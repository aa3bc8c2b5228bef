import type { Mask } from '../../network';
import { averagePathLength, countPaths, type PathWeighting, pathKernelRank } from '../../path';
import { mapRecord, tf } from '../../tensor';
import { type Comparison, relativeErrorOf, worst } from '../comparison';
import { inFileOrder } from '../inFileOrder';
import { type Fields, fieldsOf, isFields, isNumbers } from '../jsonFields';
import { maskInFile } from '../maskInFile';
import { buildSubject, disposeSubject, type Subject } from '../subject';
import type { Kind } from './kind';

/** By field, what a path counts; and the part of the result. */
const MEANS: Readonly<Record<string, [PathWeighting, 'mean' | 'byOutput']>> = {
  unnormalised: ['unnormalised', 'mean'],
  unnormalised_by_output: ['unnormalised', 'byOutput'],
  normalised: ['normalised', 'mean'],
  normalised_by_output: ['normalised', 'byOutput'],
  energy_weighted: ['energy', 'mean'],
  energy_weighted_by_output: ['energy', 'byOutput'],
};

type Lengths = Readonly<Record<string, number | readonly number[]>>;

/** Of double precision throughout. */
const TOLERANCE = 1e-12;

/** Kind `path-length`: the average path lengths of several networks, each under several masks and lengths of its nodes. */
export const pathLength: Kind = async function* compare({ name, folder, fields }) {
  const file = fieldsOf('file', fields);
  const [networks, results] = ['networks', 'results'].map((field) => file.object(field));
  for (const own of Object.keys(results)) {
    const described = fieldsOf('networks', networks).object(own);
    const deltas = fieldsOf(`networks.${own}`, described).object('deltas');
    const subject = buildSubject({ name: `${name} ${own}`, folder, fields: described });
    try {
      for (const [masked, found] of Object.entries(fieldsOf('results', results).object(own)))
        if (isFields(found)) yield* underMask(subject, `results.${own}.${masked}.`, found, deltas);
    } finally {
      disposeSubject(subject);
    }
  }
};

function* underMask(subject: Subject, prefix: string, fields: Fields, deltas: Fields): Generator<Comparison> {
  const { network, prunable } = subject;
  const bits = isNumbers(fields.mask) ? fields.mask : undefined;
  const mask = bits && maskInFile(subject, bits);
  try {
    const back = inFileOrder(
      subject,
      mapRecord(mask ?? {}, (tensor) => tensor.dataSync()),
    );
    const found = mask ? prunable.flatMap((name) => back[name]) : 'all ones';
    const isSame = JSON.stringify(found) === JSON.stringify(fields.mask);
    yield { quantity: `${prefix}mask`, error: Number(!isSame), tolerance: 0, measure: 'entries' };
    yield number(`${prefix}kept_weights`, pathKernelRank(network, mask).kept, fields.kept_weights, 0);
    for (const [name, lengths] of Object.entries(deltas)) {
      const found = fields[name];
      if (isFields(found)) yield* withLengths(subject, `${prefix}${name}.`, found, lengths as Lengths, mask);
    }
  } finally {
    if (mask) tf.dispose(mask);
  }
}

function* withLengths(
  { network, params }: Subject,
  prefix: string,
  fields: Fields,
  lengths: Lengths,
  mask?: Mask,
): Generator<Comparison> {
  yield number(`${prefix}paths`, Number(countPaths(network, { mask }).count), fields.paths, 0);
  for (const [field, [weighting, part]] of Object.entries(MEANS)) {
    if (fields[field] === undefined) continue;
    const found = averagePathLength(network, params, { mask, weighting, lengths })[part];
    yield number(prefix + field, found, fields[field], TOLERANCE);
  }
}

type Length = number | null | readonly (number | null)[];

/** Compares a number, or null, or a list of them. */
function number(quantity: string, found: Length, expected: unknown, tolerance: number): Comparison {
  const theirs = [expected].flat();
  const ours = [found].flat();
  const near = (value: number | null, i: number) =>
    value === null ? Number(theirs[i] !== null) : relativeErrorOf(value, theirs[i]);
  const error = ours.length === theirs.length ? worst(ours, near) : Number.POSITIVE_INFINITY;
  return { quantity, error, tolerance, measure: 'relative' };
}

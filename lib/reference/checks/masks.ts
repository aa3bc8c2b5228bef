import { product } from '../../base';
import { kernelsOf, type Network, toPytorch } from '../../network';
import { densities, maskOf, type PruneStep } from '../../prune';
import { tf } from '../../tensor';
import { type Comparison, relativeErrorOf, worst } from '../comparison';
import { type Fields, fieldsOf, isFields, isNumbers } from '../jsonFields';
import { type MaskCase, readMaskCase } from '../maskCase';
import { maskSteps } from '../maskSteps';
import { type MaskTolerances, maskTolerances } from '../maskTolerances';
import { divisorOf } from '../scoreSubject';
import type { Subject } from '../subject';
import type { Check } from './check';
import { sampleIndices } from './scores';
import { comparePathValues } from './traces';

/** Masks of one or more iterations: which weights are kept, how many after each, and the path values of what is left. */
export const checkMasks: Check = async function* (subject, file, { follow }) {
  if (file.masks === undefined) return;
  for (const fields of fieldsOf('file', file).objects('masks')) {
    const wanted = readMaskCase(fields);
    if (wanted === undefined || (wanted.needsData && subject.data === undefined)) continue;
    yield* await compareMask(subject, fields, wanted, follow?.(wanted) ?? wanted.iterations);
  }
};

async function compareMask(
  subject: Subject,
  fields: Fields,
  wanted: MaskCase,
  follow: number,
): Promise<Comparison[]> {
  const after = isFields(fields.kept_after_iteration) ? fields.kept_after_iteration : {};
  const counts: Counted[] = [];
  const compared = compareIntended(subject, fields, wanted);
  for await (const step of maskSteps(subject, wanted)) {
    const { iteration } = step;
    if (iteration > follow) break;
    const expected = after[iteration];
    if (isNumbers(expected)) {
      const found = keptByName(subject.network, step);
      counts.push({ found: subject.prunable.map((name) => found[name]), expected });
    }
    if (iteration === wanted.iterations) compared.push(...compareLast(subject, fields, wanted, step));
  }
  return [
    ...compareCounts(
      `${wanted.name}.kept_after_iteration`,
      counts,
      maskTolerances(subject, wanted, weightsOf(subject)),
    ),
    ...compared,
  ];
}

/** Numbers of weights kept in each tensor, in one order. */
interface Counted {
  readonly found: readonly number[];
  readonly expected: readonly unknown[];
}

function compareCounts(
  quantity: string,
  counts: readonly Counted[],
  { flips }: MaskTolerances,
): Comparison[] {
  if (counts.length === 0) return [];
  return [{ quantity, error: worst(counts, countError), tolerance: flips, measure: 'entries' }];
}

function countError({ found, expected }: Counted): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return worst(expected, (count, i) =>
    typeof count === 'number' ? Math.abs(found[i] - count) : Number.POSITIVE_INFINITY,
  );
}

/** How many weights each iteration set out to prune: trunc((1 − d) n). */
function compareIntended(subject: Subject, fields: Fields, wanted: MaskCase): Comparison[] {
  const { k_per_iteration: expected } = fields;
  if (expected === undefined) return [];
  const n = weightsOf(subject);
  const found = densities(wanted.density, wanted.iterations, wanted.schedule).map((density) =>
    Math.trunc((1 - density) * n),
  );
  const parts = isFields(expected)
    ? [
        [found.slice(0, 3), expected.first3],
        [found.slice(-3), expected.last3],
      ]
    : [[found, expected]];
  const error = worst(parts, ([ours, theirs]) =>
    isNumbers(ours) && isNumbers(theirs)
      ? countError({ found: ours, expected: theirs })
      : Number.POSITIVE_INFINITY,
  );
  return [{ quantity: `${wanted.name}.k_per_iteration`, error, tolerance: 0, measure: 'entries' }];
}

/** The final mask: counts, bits, scores on both sides of the threshold and path values. */
function compareLast(subject: Subject, fields: Fields, wanted: MaskCase, last: PruneStep): Comparison[] {
  const { network } = subject;
  const tolerances = maskTolerances(subject, wanted, weightsOf(subject));
  const compared: Comparison[] = [];
  if (isFields(fields.kept)) {
    const found = keptByName(network, last);
    const names = Object.keys(fields.kept);
    const total = Object.values(found).reduce((sum, kept) => sum + kept, 0);
    const counted: Counted = {
      found: [...names.map((name) => found[name]), ...(fields.kept_total === undefined ? [] : [total])],
      expected: [
        ...Object.values(fields.kept),
        ...(fields.kept_total === undefined ? [] : [fields.kept_total]),
      ],
    };
    compared.push(...compareCounts(`${wanted.name}.kept`, [counted], tolerances));
  }
  compared.push(...compareThreshold(fields, wanted, last, tolerances));
  const mask = maskOf(network, last.kept);
  try {
    compared.push(...compareBits(subject, fields, wanted, mask, tolerances));
    if (isFields(fields.pruned_network))
      compared.push(
        ...comparePathValues(subject, `${wanted.name}.`, fields.pruned_network, tolerances, mask),
      );
  } finally {
    tf.dispose(mask);
  }
  return compared;
}

/** Bits of the mask as text, `mask` in full or `mask_sample` at the samples' indices. */
function compareBits(
  { network }: Subject,
  fields: Fields,
  { name }: MaskCase,
  mask: Record<string, tf.Tensor>,
  { flips }: MaskTolerances,
): Comparison[] {
  const theirs = toPytorch(network, mask);
  const compared = ['mask', 'mask_sample'].flatMap((field): Comparison[] => {
    const expected = fields[field];
    if (!isFields(expected)) return [];
    let differing = 0;
    for (const [tensor, text] of Object.entries(expected)) {
      if (typeof text !== 'string' || !Object.hasOwn(theirs, tensor)) {
        differing = Number.POSITIVE_INFINITY;
        continue;
      }
      const found = theirs[tensor].dataSync();
      if (field === 'mask' && text.length !== found.length) differing = Number.POSITIVE_INFINITY;
      sampleIndices(found.length, text.length).forEach((index, j) => {
        if (String(found[index]) !== text[j]) differing++;
      });
    }
    return [{ quantity: `${name}.${field}`, error: differing, tolerance: flips, measure: 'entries' }];
  });
  tf.dispose(theirs);
  return compared;
}

/** The scores on both sides of the last threshold, with the sizes of all scores for their scale. */
function compareThreshold(
  fields: Fields,
  { name, scaling, floor }: MaskCase,
  { scores, kept }: PruneStep,
  { value: tolerance }: MaskTolerances,
): Comparison[] {
  let pruned = Number.NEGATIVE_INFINITY;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  scores.forEach((values, k) => {
    let place = 0;
    values.forEach((score, i) => {
      if (kept[k][place] === i) {
        smallest = Math.min(smallest, score);
        place++;
      } else pruned = Math.max(pruned, score);
      largest = Math.max(largest, Math.abs(score));
    });
  });
  const factor = 1 / divisorOf(scores, scaling);
  const found = {
    largest_pruned_score_last_iteration: pruned,
    smallest_kept_score_last_iteration: smallest,
  };
  return Object.entries(found).flatMap(([field, score]): Comparison[] => {
    if (typeof fields[field] !== 'number') return [];
    const error = relativeErrorOf(score * factor, fields[field], floor * largest * factor);
    return [{ quantity: `${name}.${field}`, error, tolerance, measure: 'relative' }];
  });
}

function keptByName(network: Network, { kept }: PruneStep): Record<string, number> {
  return Object.fromEntries(kernelsOf(network).map(({ name }, k) => [name, kept[k].length]));
}

function weightsOf({ network }: Subject): number {
  return kernelsOf(network).reduce((sum, { shape }) => sum + product(shape), 0);
}

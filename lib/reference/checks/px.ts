import { pxForm, pxParts } from '../../prune';
import { type Comparison, worst } from '../comparison';
import { isFields, isNumbers } from '../jsonFields';
import { METHODS } from '../methods';
import { scoreSubject } from '../scoreSubject';
import { tolerancesOf } from '../tolerances';
import type { Check } from './check';
import { scoreError } from './scores';
import { compareValues } from './values';

/** PX's objective and scores, in the paper's form and in that of the published code. */
export const checkPx: Check = async function* (subject, file) {
  const { network, params, data } = subject;
  if (data === undefined) return;
  const tolerances = tolerancesOf(subject);
  const own = isFields(file.px) ? file.px : {};
  if (file.px_objective !== undefined || own.objective_clean !== undefined) {
    const { objective } = await pxParts(network, params, pxForm, data.inputs);
    yield* compareValues('', file, { px_objective: () => objective }, tolerances);
    yield* compareValues('px.', own, { objective_clean: () => objective }, tolerances);
  }
  const scores: [quantity: string, expected: unknown, method: string][] = [
    ['scores_px_clean', file.scores_px_clean, 'px'],
    ['px.scores_clean', own.scores_clean, 'px'],
    ['px.scores_repo', own.scores_repo, 'px_repo'],
  ];
  for (const [quantity, expected, method] of scores) {
    if (expected === undefined) continue;
    const { floor } = METHODS[method];
    const found = await scoreSubject(subject, METHODS[method]);
    const comparison: Comparison = isNoise(expected)
      ? { quantity, error: largest(found.scores), tolerance: NOISE, measure: 'absolute' }
      : {
          quantity,
          error: scoreError(subject, found, expected, floor),
          tolerance: tolerances.value,
          measure: 'relative',
        };
    yield comparison;
  }
};

/** Below it the published scores of a network with batch norm are rounding errors. */
const NOISE = 1e-9;

function isNoise(scores: unknown): boolean {
  return (
    isFields(scores) &&
    Object.values(scores).every(isNumbers) &&
    largest(scores as Record<string, number[]>) < NOISE
  );
}

function largest(scores: Readonly<Record<string, ArrayLike<number>>>): number {
  return worst(Object.values(scores), (values) => worst(Array.from(values), Math.abs));
}

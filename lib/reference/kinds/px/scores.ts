import { rankCorrelation } from '../../../base/rankCorrelation';
import type { Check } from '../../checks/check';
import { compareValues } from '../../checks/values';
import { relativeError } from '../../comparison';
import { isFields } from '../../jsonFields';
import { tolerancesOf } from '../../tolerances';
import { relative } from './findings';
import { compareMasks } from './masks';
import { byName, firstStep, listed } from './steps';

/** Scores of both methods, their correlation, and masks of one iteration. */
export const checkScores: Check = async function* (subject, fields) {
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

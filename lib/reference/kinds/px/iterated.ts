import type { Mask } from '../../../network';
import { maskOf, type PruneStep, pxForm, pxParts } from '../../../prune';
import { mapRecord, tf } from '../../../tensor';
import type { Check } from '../../checks/check';
import { compareValues } from '../../checks/values';
import { relativeError } from '../../comparison';
import { fieldsOf, isFields } from '../../jsonFields';
import type { Subject } from '../../subject';
import { tolerancesOf } from '../../tolerances';
import { dataOf, entries, list, relative } from './findings';
import { compareMasks } from './masks';
import { listed, stepsOf } from './steps';

/** Both methods iterated, each after its own masks. */
export const checkIterated: Check = async function* (subject, fields) {
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

/** How far the smallest score kept is above the largest that is not, over itself. */
function gapOf({ scores, kept }: PruneStep): number {
  const left = kept.map((indices) => new Set(indices));
  const [inside, outside] = [true, false].map((isKept) =>
    scores.flatMap((values, k) => [...values].filter((_, i) => left[k].has(i) === isKept)),
  );
  const smallest = inside.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return (smallest - outside.reduce((a, b) => Math.max(a, b), 0)) / smallest;
}

import { kernelsOf } from '../../../network';
import { methods, type PruneStep, pruneSteps, type ScoreArray, selections } from '../../../prune';
import { inFileOrder } from '../../inFileOrder';
import { contextOf } from '../../scoreSubject';
import type { Subject } from '../../subject';

type Compared = 'px' | 'synflow-l2';

/** The steps of a method, which the caller ends. */
export function stepsOf(
  subject: Subject,
  method: Compared,
  density: number,
  iterations: number,
): AsyncGenerator<PruneStep> {
  const how = { density, iterations, scope: 'global', select: selections.top } as const;
  return pruneSteps(subject.network, subject.params, methods[method], how, contextOf(subject));
}

/** The only step to a density. */
export async function firstStep(subject: Subject, method: Compared, density: number): Promise<PruneStep> {
  const steps = stepsOf(subject, method, density, 1);
  const { value } = await steps.next();
  await steps.return(undefined);
  return value;
}

/** Numbers of the kernels in their order, as one list in that of the file. */
export function listed(subject: Subject, values: readonly ScoreArray[]): number[] {
  const byTensor = byName(subject, values);
  return subject.prunable.flatMap((name) => byTensor[name]);
}

/** The same by tensor. */
export function byName(subject: Subject, values: readonly ScoreArray[]): Record<string, number[]> {
  const entries = kernelsOf(subject.network).map(({ name }, k): [string, ScoreArray] => [name, values[k]]);
  return inFileOrder(subject, Object.fromEntries(entries));
}

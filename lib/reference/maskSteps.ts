import {
  type PruneStep,
  pruneSteps,
  type Schedule,
  type Scope,
  type ScoringMethod,
  selections,
} from '../prune';
import { mapRecord, tf } from '../tensor';
import { contextOf } from './scoreSubject';
import type { Subject } from './subject';

/** How a mask of a reference file was made. */
export interface MaskSettings {
  readonly method: ScoringMethod;
  /** Fraction of the weights left at the end. */
  readonly density: number;
  readonly iterations: number;
  readonly schedule: Schedule;
  readonly scope: Scope;
}

/** Prunes step by step under the published code's threshold rule, showing every mask on the way. */
export function maskSteps(
  subject: Subject,
  { method, density, iterations, schedule, scope }: MaskSettings,
): AsyncGenerator<PruneStep> {
  const { network, params } = subject;
  const how = { density, iterations, schedule, scope, select: selections.threshold };
  return pruneSteps(network, params, remembering(subject, method), how, contextOf(subject));
}

type Numbers = Record<string, Float32Array | Float64Array>;

/** Masks of one method follow each other in a file and begin with the same scores: the last are kept. */
const lastFirst = new WeakMap<Subject, { method: ScoringMethod; scores: Numbers }>();

function remembering(subject: Subject, method: ScoringMethod): ScoringMethod {
  return {
    ...method,
    async score(network, params, context) {
      const last = lastFirst.get(subject);
      if (context.mask === undefined && last?.method === method) return last.scores;
      const scored = await method.score(network, params, context);
      if (context.mask) return scored;
      const scores = mapRecord(scored, (values) => {
        if (!(values instanceof tf.Tensor)) return values;
        const numbers = values.dataSync() as Float32Array;
        values.dispose();
        return numbers;
      });
      lastFirst.set(subject, { method, scores });
      return scores;
    },
  };
}

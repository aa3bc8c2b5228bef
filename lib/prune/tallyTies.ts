import type { TieCounts } from './pruneReport';
import type { PruneStep } from './pruneSteps';
import { tiesOf } from './select/ties';

/** Counts, step by step, what hangs on equal scores. */
export function tallyTies(): { add(step: PruneStep): void; counts(): TieCounts } {
  /** By kernel and weight, the first and the last step at which it was drawn among equals; 0 for none. */
  const first: Uint16Array[] = [];
  const latest: Uint16Array[] = [];
  /** By step, how many were cut that others were kept before. */
  const cuts: number[] = [];
  let last: PruneStep | undefined;

  return {
    add(step) {
      const { iteration, scores, kept, before } = step;
      last = step;
      const found = kept.map((list, k) => (list === before[k] ? undefined : tiesOf(list)));
      if (!found.some((ties) => ties && ties.kept.length > 0)) return;
      cuts[iteration] = found.reduce((sum, ties) => sum + (ties?.cut ?? 0), 0);
      found.forEach((ties, k) => {
        if (!ties || ties.kept.length === 0) return;
        first[k] ??= new Uint16Array(scores[k].length);
        latest[k] ??= new Uint16Array(scores[k].length);
        for (const i of ties.kept) {
          if (first[k][i] === 0) first[k][i] = iteration;
          latest[k][i] = iteration;
        }
      });
    },

    /** Of the weights that are left in the end. */
    counts() {
      const counts = { zero: 0, kept: 0, cut: 0 };
      let [from, to] = [Number.POSITIVE_INFINITY, 0];
      last?.kept.forEach((indices, k) => {
        const scores = last!.scores[k];
        for (const i of indices) {
          if (scores[i] === 0) counts.zero++;
          if (!first[k]?.[i]) continue;
          counts.kept++;
          from = Math.min(from, first[k][i]);
          to = Math.max(to, latest[k][i]);
        }
      });
      for (let step = from; step <= to; step++) counts.cut += cuts[step] ?? 0;
      return counts;
    },
  };
}

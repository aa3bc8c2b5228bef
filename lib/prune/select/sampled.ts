import { checkNames, invalid } from '../../base';
import { drawCounts } from './drawCounts';
import { gumbelKey } from './gumbelKey';
import { checkScore, samplingProbabilities } from './samplingProbabilities';
import type { Choice, Select } from './select';
import { countOf } from './survivors';
import { top } from './top';

/** How weights are drawn by their scores. */
export interface Sampling {
  /** T in p ∝ score^(1/T): towards 0 the highest scores are left, and 0 itself takes them; 1 by default. */
  temperature?: number;
  /**
   * False (default): as many different weights as asked for. True: so many draws, each from all candidates, of which those are kept that
   * were drawn at least once: fewer weights than asked for.
   */
  replacement?: boolean;
}

/** @throws `invalid temperature; …` where it is below 0, or 0 with replacement, which would draw one weight alone */
export function checkSampling(sampling: Sampling): Required<Sampling> {
  checkNames('sampled', sampling, { temperature: 1, replacement: 1 });
  const { temperature = 1, replacement = false } = sampling;
  if (!(0 <= temperature && temperature < Number.POSITIVE_INFINITY))
    throw invalid('temperature', 'not 0 or more', temperature);
  if (typeof replacement !== 'boolean') throw invalid('replacement', 'not true or false', replacement);
  if (replacement && temperature === 0)
    throw invalid('temperature', 'with replacement not above 0, where all draws are one weight', temperature);
  return { temperature, replacement };
}

/**
 * A random choice round any score (after Bar and Giryes 2023, arXiv 2305.17559), each draw with probability by
 * score^(1/T). A score of 0 is taken last.
 *
 * @returns a selection, which throws `invalid scores; …` where one is negative
 */
export function sampled(sampling: Sampling = {}): Select {
  const { temperature, replacement } = checkSampling(sampling);
  if (replacement)
    return (choice) =>
      drawn(choice, temperature).map(({ counts }, k) => choice.candidates[k].filter((_, j) => counts[j] > 0));
  return ({ scores, candidates, count, random }) => {
    const keys = scores.map((values, k) => {
      const found = new Float64Array(values.length);
      for (const i of candidates[k]) {
        checkScore(values[i]);
        found[i] = gumbelKey(values[i], 1 - random.uniform(), temperature);
      }
      return found;
    });
    return top({ scores: keys, candidates, count, random });
  };
}

/** For each kernel the probabilities of its candidates, among those of all kernels, and how often each comes up in `count` draws. */
export function drawn(
  { scores, candidates, count, random }: Pick<Choice, 'scores' | 'candidates' | 'count' | 'random'>,
  temperature: number,
): { probabilities: Float64Array; counts: Uint32Array }[] {
  const all = new Float64Array(countOf(candidates));
  const starts: number[] = [];
  let next = 0;
  candidates.forEach((indices, k) => {
    starts.push(next);
    for (const i of indices) all[next++] = scores[k][i];
  });
  const probabilities = samplingProbabilities(all, temperature);
  const counts = drawCounts(probabilities, count, random.uniform);
  return candidates.map(({ length }, k) => ({
    probabilities: probabilities.subarray(starts[k], starts[k] + length),
    counts: counts.subarray(starts[k], starts[k] + length),
  }));
}

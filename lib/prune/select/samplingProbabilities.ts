import { invalid } from '../../base';

/**
 * p ∝ score^(1/T).
 *
 * @param scores none below 0; where all are 0, and where several are infinite, these are alike
 * @param temperature T above 0; 1 by default
 * @throws `invalid scores; …` where one is negative or NaN, `invalid temperature; …`
 */
export function samplingProbabilities(scores: ArrayLike<number>, temperature = 1): Float64Array {
  if (!(0 < temperature && temperature < Number.POSITIVE_INFINITY))
    throw invalid('temperature', 'not above 0', temperature);
  let largest = 0;
  for (let i = 0; i < scores.length; i++) {
    checkScore(scores[i]);
    largest = Math.max(largest, scores[i]);
  }
  const powers = Float64Array.from(scores, (score) =>
    score === largest ? 1 : (score / largest) ** (1 / temperature),
  );
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** @throws `invalid scores; …` where it is negative or NaN */
export function checkScore(score: number): void {
  if (!(score >= 0)) throw invalid('scores', 'a random choice takes none below 0', score);
}

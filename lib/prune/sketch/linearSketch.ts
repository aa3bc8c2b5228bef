import { invalid } from '../../base';
import { samplingProbabilities } from '../select';

/** A linear map of samples: X w. */
export interface LinearModel {
  /** X, `[samples][coordinates]`. */
  x: readonly ArrayLike<number>[];
  /** w, `[coordinates]`. */
  weights: ArrayLike<number>;
}

/** ‖X^(i)‖, the 2-norm of each column. */
export function columnNorms(x: readonly ArrayLike<number>[]): Float64Array {
  return Float64Array.from(x[0] ?? [], (_, i) => Math.hypot(...x.map((row) => row[i])));
}

/**
 * p_i ∝ ‖X^(i)‖ |w_i|: the probabilities that make {@link sketchError} least (Bar and Giryes 2023, arXiv 2305.17559).
 *
 * @throws `invalid weights; …` where there are not as many as X has columns
 */
export function optimalProbabilities(model: LinearModel): Float64Array {
  checkModel(model);
  const norms = columnNorms(model.x);
  return samplingProbabilities(norms.map((norm, i) => norm * Math.abs(model.weights[i])));
}

/**
 * E ‖X w − X w̃‖² of s draws with replacement whose weights are rescaled, w̃_i = count_i w_i / (s p_i):
 * (Σ_i ‖X^(i)‖² w_i² / p_i − ‖X w‖²) / s. The p may come from other weights than these: chosen before training, say, for the error
 * after it.
 *
 * @param probabilities p, summing to 1
 * @param draws s
 * @returns Infinity where a weight that counts is never drawn
 * @throws `invalid weights; …`, `invalid probabilities; …`, `invalid draws; …`
 */
export function sketchError(model: LinearModel, probabilities: ArrayLike<number>, draws: number): number {
  checkModel(model);
  checkDraws(model.weights, probabilities, draws);
  let sum = 0;
  columnNorms(model.x).forEach((norm, i) => {
    const size = (norm * model.weights[i]) ** 2;
    if (size > 0) sum += size / probabilities[i];
  });
  return (sum - squaredNorm(outputs(model))) / draws;
}

/** ‖X w − X v‖² for other weights v. */
export function squaredError(model: LinearModel, others: ArrayLike<number>): number {
  const { x, weights } = model;
  const change = Float64Array.from(weights, (weight, i) => weight - others[i]);
  return squaredNorm(outputs({ x, weights: change }));
}

/**
 * Unbiased weights from how often each was drawn: count_i w_i / (s p_i), 0 where it was not.
 *
 * @param draws s; the sum of the counts by default
 */
export function rescaledWeights(
  weights: ArrayLike<number>,
  counts: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  draws = Array.from(counts).reduce((sum, count) => sum + count, 0),
): Float64Array {
  return Float64Array.from(weights, (weight, i) =>
    counts[i] === 0 ? 0 : (counts[i] * weight) / (draws * probabilities[i]),
  );
}

/** X w, `[samples]`. */
function outputs({ x, weights }: LinearModel): Float64Array {
  return Float64Array.from(x, (row) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += row[i] * weights[i];
    return sum;
  });
}

function squaredNorm(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value ** 2, 0);
}

export function checkModel({ x, weights }: LinearModel): void {
  const wrong = x.find(({ length }) => length !== weights.length);
  if (wrong) throw invalid('weights', `not as many as X has columns, ${wrong.length}`, weights.length);
}

export function checkDraws(
  weights: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  draws: number,
): void {
  if (probabilities.length !== weights.length)
    throw invalid('probabilities', `not as many as weights, ${weights.length}`, probabilities.length);
  if (!(Number.isInteger(draws) && draws > 0)) throw invalid('draws', 'not a positive whole number', draws);
}

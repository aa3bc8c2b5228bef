import { checkNames, invalid } from '../../base';
import { checkDraws, checkModel, type LinearModel, squaredError } from './linearSketch';

/** Items of which all subsets are looked at. */
const MOST = 20;

/** A set that successive draws come to, as bits by place, with its probability. */
interface DrawnSet {
  bits: number;
  probability: number;
}

/** Every set of `draws` items that draws without replacement may come to: after each, what is left is drawn by its share. */
function drawnSets(probabilities: ArrayLike<number>, draws: number): DrawnSet[] {
  const { length } = probabilities;
  if (!(length <= MOST))
    throw invalid('probabilities', `not ${MOST} or fewer, of which all sets can be looked at`, length);
  if (!(draws <= length)) throw invalid('draws', `more than the ${length} there are`, draws);
  let sets = new Map([[0, 1]]);
  for (let n = 0; n < draws; n++) {
    const next = new Map<number, number>();
    for (const [bits, probability] of sets) {
      const left = Array.from(probabilities).map((p, i) => (isIn(bits, i) ? 0 : p));
      const sum = left.reduce((a, b) => a + b, 0);
      left.forEach((p, i) => {
        if (isIn(bits, i)) return;
        const share = sum > 0 ? p / sum : 1 / (length - n); // of what has no probability each is as likely
        if (share > 0) next.set(bits | (1 << i), (next.get(bits | (1 << i)) ?? 0) + probability * share);
      });
    }
    sets = next;
  }
  return Array.from(sets, ([bits, probability]) => ({ bits, probability }));
}

const isIn = (bits: number, i: number) => ((bits >> i) & 1) === 1;

/**
 * The probability of each item to be among those drawn.
 *
 * @param probabilities of each draw, summing to 1
 * @param options replacement: true for independent draws, 1 − (1 − p)^s; false (default) for successive ones, by all sets they may come to
 *   (20 items at most)
 * @throws `invalid probabilities; …`, `invalid draws; …`
 */
export function inclusionProbabilities(
  probabilities: ArrayLike<number>,
  draws: number,
  options: { replacement?: boolean } = {},
): Float64Array {
  checkNames('inclusionProbabilities', options, { replacement: 1 });
  checkDraws(probabilities, probabilities, draws);
  if (options.replacement)
    return Float64Array.from(probabilities, (p) => -Math.expm1(draws * Math.log1p(-p)));
  const found = new Float64Array(probabilities.length);
  for (const { bits, probability } of drawnSets(probabilities, draws))
    for (let i = 0; i < found.length; i++) if (isIn(bits, i)) found[i] += probability;
  return found;
}

/** Errors to be expected of weights drawn without replacement. */
export interface MaskErrors {
  /** E ‖X w − X (m ⊙ w)‖² with the plain mask m, which is biased. */
  mask: number;
  /** The same with the weights kept over their inclusion probabilities, which is not (Horvitz and Thompson 1952). */
  rescaled: number;
}

/**
 * The errors of a linear model with so many weights drawn without replacement, by all sets they may be (20 weights at most).
 *
 * @throws as {@link inclusionProbabilities} does, `invalid weights; …`
 */
export function expectedMaskErrors(
  model: LinearModel,
  probabilities: ArrayLike<number>,
  draws: number,
): MaskErrors {
  checkModel(model);
  checkDraws(model.weights, probabilities, draws);
  const inclusion = inclusionProbabilities(probabilities, draws);
  const errors = { mask: 0, rescaled: 0 };
  for (const { bits, probability } of drawnSets(probabilities, draws)) {
    const kept = (divisor: (i: number) => number) =>
      Float64Array.from(model.weights, (weight, i) => (isIn(bits, i) ? weight / divisor(i) : 0));
    errors.mask +=
      probability *
      squaredError(
        model,
        kept(() => 1),
      );
    errors.rescaled +=
      probability *
      squaredError(
        model,
        kept((i) => inclusion[i]),
      );
  }
  return errors;
}

import { lookUp } from '../base';

/** What some images come to in a possible parent and in a child, image by image. */
export type FeaturePair = {
  /** F_P, `[images · width]` */
  parent: Float64Array;
  /** F_C */
  child: Float64Array;
  /** J_P (θ_C − θ_P): where the parent's features move towards, to first order, when its parameters become the child's. */
  moved: Float64Array;
  width: number;
}; // a type, which unlike an interface may leave tf.tidy

/** How features are compared, see {@link featureSimilarity}. */
export type LineageMeasure = 'L1' | 'L2' | 'L4' | 'log-sum-exp' | 'CKA';

/** Of log-sum-exp, as published. */
const TEMPERATURE = 0.01;

/** Beyond it exponents are cut in the value of log-sum-exp, as published. */
const LARGEST_EXPONENT = 10;

/**
 * How alike the features of a child and of a possible parent are, larger where they are more alike (Yu & Wang 2024, arXiv
 * 2406.11129): with D = F_P − F_C, n their entries and α the share of the step that counts,
 *
 * - `L1`: −mean |D| − (α / n) Σ sign(D) moved
 * - `L2`: −mean D² − (2α / n) Σ D moved, not above 0; `L4` likewise of the fourth power
 * - `log-sum-exp`: −(1 / n) Σ over images of (1 / t) ln Σ exp(t |D|), with the like correction
 * - `CKA`: the linear centred kernel alignment (Kornblith et al. 2019) of F_P + α moved and F_C, in [0, 1]; NaN where one is the
 *   same for all images. The paper's poster names it without a formula: that the step counts so is our choice.
 *
 * The first four are what is left of −|F_P + α moved − F_C|^p to first order in α.
 *
 * @throws `invalid measure; unknown, did you mean …`
 */
export function featureSimilarity(measure: LineageMeasure, pair: FeaturePair, alpha: number): number {
  return lookUp('measure', measures, measure)(pair, alpha);
}

/** A similarity as it is reported: of `L2` and `L4` minus the root of its size. */
export function reportedSimilarity(measure: LineageMeasure, similarity: number): number {
  const power = powers[measure];
  return power === undefined ? similarity : -((-similarity) ** (1 / power));
}

const powers: Partial<Record<LineageMeasure, number>> = { L2: 2, L4: 4 };

const measures: Readonly<Record<LineageMeasure, (pair: FeaturePair, alpha: number) => number>> = {
  L1: (pair, alpha) => ofPower(pair, alpha, 1),
  L2: (pair, alpha) => Math.min(0, ofPower(pair, alpha, 2)),
  L4: (pair, alpha) => Math.min(0, ofPower(pair, alpha, 4)),
  'log-sum-exp': logSumExp,
  CKA: alignment,
};

export const lineageMeasures = Object.keys(measures) as LineageMeasure[];

/** −mean |D|^p − (p α / n) Σ sign(D) |D|^(p − 1) moved */
function ofPower({ parent, child, moved }: FeaturePair, alpha: number, power: number): number {
  let sum = 0;
  for (let i = 0; i < parent.length; i++) {
    const difference = parent[i] - child[i];
    const size = Math.abs(difference);
    sum += size ** power + power * alpha * Math.sign(difference) * size ** (power - 1) * moved[i];
  }
  return -sum / parent.length;
}

function logSumExp({ parent, child, moved, width }: FeaturePair, alpha: number): number {
  let sum = 0;
  for (let from = 0; from < parent.length; from += width) {
    const differences = parent.subarray(from, from + width).map((value, i) => value - child[from + i]);
    const exponents = differences.map((difference) => TEMPERATURE * Math.abs(difference));
    const cut = exponents.reduce((total, own) => total + Math.exp(Math.min(own, LARGEST_EXPONENT)), 0);
    const largest = exponents.reduce((most, own) => Math.max(most, own), 0);
    const weights = exponents.map((own) => Math.exp(own - largest));
    const whole = weights.reduce((total, own) => total + own, 0);
    sum += Math.log(cut) / TEMPERATURE;
    weights.forEach((weight, i) => {
      sum += (alpha * Math.sign(differences[i]) * weight * moved[from + i]) / whole;
    });
  }
  return -sum / parent.length;
}

/** ‖XᵀY‖² / (‖XᵀX‖ ‖YᵀY‖), columns centred, by the products of images. */
function alignment({ parent, child, moved, width }: FeaturePair, alpha: number): number {
  const [x, y] = [parent.map((value, i) => value + alpha * moved[i]), child].map((own) =>
    centred(own, width),
  );
  const images = parent.length / width;
  let [both, first, second] = [0, 0, 0];
  for (let i = 0; i < images; i++)
    for (let j = 0; j <= i; j++) {
      const [a, b] = [x, y].map((own) => {
        let inner = 0;
        for (let k = 0; k < width; k++) inner += own[i * width + k] * own[j * width + k];
        return inner;
      });
      const times = i === j ? 1 : 2;
      both += times * a * b;
      first += times * a * a;
      second += times * b * b;
    }
  return first > 0 && second > 0 ? both / Math.sqrt(first * second) : Number.NaN;
}

/** Less the mean over images, feature by feature. */
function centred(values: Float64Array, width: number): Float64Array {
  const means = new Float64Array(width);
  values.forEach((value, i) => {
    means[i % width] += (value * width) / values.length;
  });
  return values.map((value, i) => value - means[i % width]);
}

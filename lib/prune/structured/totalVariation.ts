import { invalid } from '../../base';

/** Mean and variance of a distribution. */
export interface Moments {
  mean: number;
  variance: number;
}

/** How far two normal distributions are apart. */
export interface NormalDistance {
  /** ∫ √(p q), 1 where they are equal. */
  bhattacharyya: number;
  /** H² = 1 − ∫ √(p q) */
  hellingerSquared: number;
  /** 1 − BC, which is not above the total variation. */
  lower: number;
  /** √(1 − BC²), which is not below it. */
  upper: number;
  /** ½ ∫ |p − q|, from the places where the densities cross. */
  exact: number;
}

/**
 * The total variation of two normal distributions with its bounds by the Hellinger distance.
 *
 * @throws `invalid variance; …` where one is negative or no number
 */
export function normalDistance(a: Moments, b: Moments): NormalDistance {
  for (const { variance } of [a, b])
    if (!(variance >= 0)) throw invalid('variance', 'not 0 or more', variance);
  const distance = bhattacharyyaDistance(a.mean, a.variance, b.mean, b.variance);
  return { ...boundsOf(distance), exact: exactTotalVariation(a, b) };
}

/** What −ln BC bounds. */
export function boundsOf(distance: number): Omit<NormalDistance, 'exact'> {
  const lower = -Math.expm1(-distance);
  return {
    bhattacharyya: Math.exp(-distance),
    hellingerSquared: lower,
    lower,
    upper: Math.sqrt(-Math.expm1(-2 * distance)),
  };
}

/** −ln BC of two normal distributions, ∞ where they have nothing in common; of independent coordinates it adds up. */
export function bhattacharyyaDistance(mean1: number, v1: number, mean2: number, v2: number): number {
  const [s1, s2] = [Math.sqrt(v1), Math.sqrt(v2)];
  if (v1 + v2 === 0) return mean1 === mean2 ? 0 : Number.POSITIVE_INFINITY;
  // (v1 + v2) / (2 s1 s2) is 1 + (s1 − s2)² / (2 s1 s2), of which the logarithm is exact for variances that are close.
  return (mean1 - mean2) ** 2 / (4 * (v1 + v2)) + Math.log1p((s1 - s2) ** 2 / (2 * s1 * s2)) / 2;
}

/** (μ₁ − μ₂)² / (σ₁² + σ₂²), ∞ where both are points; of independent coordinates it adds up. */
export function fisherDiscriminant(mean1: number, v1: number, mean2: number, v2: number): number {
  if (mean1 === mean2) return 0;
  return (mean1 - mean2) ** 2 / (v1 + v2);
}

/**
 * J / (2 + J), J being the Fisher discriminant: not above the total variation of any two distributions with these means and
 * variances, normal or not, and equal to it for some. With c the midpoint, |μ₁ − μ₂|² = |∫ (x − c)(p − q)|² is at most
 * ∫ (x − c)² (p + q) · ∫ (p − q)² / (p + q), which is at most (σ₁² + σ₂² + |μ₁ − μ₂|² / 2) · 2 TV. The proof is ours: whether
 * WitnessPrune has this bound is not known.
 */
export function witnessBound(discriminant: number): number {
  return discriminant === Number.POSITIVE_INFINITY ? 1 : discriminant / (2 + discriminant);
}

function exactTotalVariation(one: Moments, other: Moments): number {
  const [narrow, wide] = one.variance <= other.variance ? [one, other] : [other, one];
  const gap = Math.abs(one.mean - other.mean);
  const [s1, s2] = [narrow, wide].map(({ variance }) => Math.sqrt(variance));
  if (s1 === 0) return s2 === 0 && gap === 0 ? 0 : 1;
  if (s1 === s2) return erf(gap / (2 * Math.SQRT2 * s1));
  // The narrow one, at 0, is the denser where x² / s1² − (x − gap)² / s2² + 2 ln(s1 / s2) < 0, between two places.
  const [a, half, c] = [1 / s1 ** 2 - 1 / s2 ** 2, gap / s2 ** 2, 2 * Math.log(s1 / s2) - (gap / s2) ** 2];
  const root = Math.sqrt(half ** 2 - a * c);
  const between = (mean: number, s: number) =>
    (erf(((-half + root) / a - mean) / (Math.SQRT2 * s)) -
      erf(((-half - root) / a - mean) / (Math.SQRT2 * s))) /
    2;
  return between(0, s1) - between(gap, s2);
}

/** (2 / √π) ∫ exp(−t²) from 0 to x, by a series of terms of one sign. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x); // 1 − erf(6) is 2e-17
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

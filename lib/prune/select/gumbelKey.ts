/** Below the key of every positive float64 at any temperature: their logarithms begin at −745, and Gumbel numbers lie between −4 and 38. */
const BELOW_ALL = { fixed: 800, byTemperature: 50 };

/**
 * ln(score) + T g with the Gumbel number g = −ln(−ln u). Of such keys the k highest are k draws without replacement, each with
 * probability by score^(1/T) among what is left (Yellott 1977; Efraimidis and Spirakis 2006 in other words); with T = 0 they
 * are the k highest scores. Scores of 0 come after all others, by T g.
 *
 * @param u uniform in (0, 1]
 */
export function gumbelKey(score: number, u: number, temperature: number): number {
  const gumbel = -Math.log(Math.max(-Math.log(u), 2 ** -54));
  if (score > 0) return Math.log(score) + temperature * gumbel;
  const { fixed, byTemperature } = BELOW_ALL;
  return temperature * (gumbel - byTemperature) - fixed;
}

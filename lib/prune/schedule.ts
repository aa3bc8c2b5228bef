import { invalid, lookUp } from '../base';

/** The density to reach after each iteration, from 1 down to the one wanted. */
export type Schedule = 'exponential' | 'linear';

const schedules: Record<Schedule, (density: number, done: number) => number> = {
  exponential: (density, done) => density ** done,
  linear: (density, done) => 1 - (1 - density) * done,
};

/**
 * Densities after iterations 1 … n: d^(k/n) (`exponential`, as in SynFlow) or 1 − (1 − d) k/n (`linear`). The last is d itself.
 *
 * @throws `invalid iterations; …`, `invalid schedule; …`
 */
export function densities(density: number, iterations: number, schedule: Schedule = 'exponential'): number[] {
  if (!(Number.isInteger(iterations) && iterations > 0))
    throw invalid('iterations', 'not a positive whole number', iterations);
  const after = lookUp('schedule', schedules, schedule);
  return Array.from({ length: iterations }, (_, i) =>
    i === iterations - 1 ? density : after(density, (i + 1) / iterations),
  );
}

import { invalid, lookUp } from '../base';

/** The density to reach after each iteration, from 1 or that of a starting mask down to the one wanted. */
export type Schedule = 'exponential' | 'linear';

const schedules: Record<Schedule, (from: number, to: number, done: number) => number> = {
  exponential: (from, to, done) => from * (to / from) ** done,
  linear: (from, to, done) => from - (from - to) * done,
};

/**
 * Densities after iterations 1 … n: d^(k/n) (`exponential`, as in SynFlow) or 1 − (1 − d) k/n (`linear`), and likewise from
 * another density than 1. The last is d itself.
 *
 * @throws `invalid iterations; …`, `invalid schedule; …`
 */
export function densities(
  density: number,
  iterations: number,
  schedule: Schedule = 'exponential',
  from = 1,
): number[] {
  if (!(Number.isInteger(iterations) && iterations > 0))
    throw invalid('iterations', 'not a positive whole number', iterations);
  const after = lookUp('schedule', schedules, schedule);
  return Array.from({ length: iterations }, (_, i) =>
    i === iterations - 1 ? density : after(from, density, (i + 1) / iterations),
  );
}

import type { Choice, Select } from './select';
import type { Survivors } from './survivors';

/** Which weights are compared with each other: those of the whole network, or those of each layer. */
export type Scope = 'global' | 'layer';

/**
 * What a selection keeps at a density, of the whole or of each layer.
 *
 * @throws `invalid scores; …` where one is NaN
 */
export function narrow(select: Select, scope: Scope, choice: Omit<Choice, 'count'>): Survivors {
  const { scores, candidates, density, kernels, random } = choice;
  if (scope === 'global') {
    const size = scores.reduce((sum, { length }) => sum + length, 0);
    return select({ ...choice, count: Math.round(density * size) });
  }
  return kernels.flatMap((kernel, k) =>
    narrow(select, 'global', {
      scores: [scores[k]],
      candidates: [candidates[k]],
      density,
      kernels: [kernel],
      random: random.fork(kernel.name),
    }),
  );
}

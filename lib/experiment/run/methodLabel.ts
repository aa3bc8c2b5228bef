import type { Config } from '../config';

/**
 * What a run's method is called in tables and figures: that of pruning, `dense` without, and how the mask changes during training:
 * `random + rigl`, `gmp` from all weights.
 */
export function methodLabel({ prune, train }: Pick<Config, 'prune' | 'train'>): string {
  const names = [prune?.method, train?.sparse?.method].filter((name) => name !== undefined);
  return names.length > 0 ? names.join(' + ') : 'dense';
}

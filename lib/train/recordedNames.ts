import { heldOutBy } from './selection';
import type { TrainerOptions } from './trainOptions';

/** Names of the quantities on request that a training records: those asked for, and what there is to say of a changing mask and of images held out. */
export function recordedNames({
  record = {},
  ...options
}: Pick<TrainerOptions, 'record' | 'sparse' | 'validation'>): string[] {
  const names = [
    ...(record.quantities ?? []),
    ...(options.sparse ? ['maskDensity', 'effectiveDensity', 'maskUpdates', 'weightsGrown'] : []),
    ...(heldOutBy(options) > 0 ? ['validationLoss', 'validationTop1'] : []),
  ];
  return [...new Set(names)];
}

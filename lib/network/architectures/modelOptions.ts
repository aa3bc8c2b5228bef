import { invalid } from '../../base';
import type { Network, Shape } from '../graph';

/** What every architecture takes; each states its own defaults. */
export interface ModelOptions {
  /** Shape of one sample: `[height, width, channels]`. */
  input?: Shape;
  /** Number of classes, 10 unless stated otherwise. */
  classes?: number;
}

/** A model with some of its options fixed, which are no options any more. */
export function withFixed<Options extends object, Fixed extends Partial<Options>>(
  model: (options: Options) => Network,
  fixed: Fixed,
) {
  return (options?: Omit<Options, keyof Fixed>): Network => {
    for (const [name, value] of Object.entries(options ?? {}))
      if (Object.hasOwn(fixed, name) && value !== undefined)
        throw invalid(name, `fixed at ${fixed[name as keyof Fixed]} in this model`, value);
    return model({ ...options, ...fixed } as unknown as Options);
  };
}

export const mnistShape: Shape = [28, 28, 1];
export const cifarShape: Shape = [32, 32, 3];
export const tinyImageNetShape: Shape = [64, 64, 3];
export const tinyImageNetClasses = 200;

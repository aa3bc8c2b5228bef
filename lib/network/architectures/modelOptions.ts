import type { Shape } from '../graph';

/** What every architecture takes; each states its own defaults. */
export interface ModelOptions {
  /** Shape of one sample: `[height, width, channels]`. */
  input?: Shape;
  /** Number of classes, 10 unless stated otherwise. */
  classes?: number;
}

export const mnistShape: Shape = [28, 28, 1];
export const cifarShape: Shape = [32, 32, 3];
export const tinyImageNetShape: Shape = [64, 64, 3];
export const tinyImageNetClasses = 200;

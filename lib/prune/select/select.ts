import type { ParameterSpec } from '../../network';
import type { Random } from '../../tensor';
import type { ScoreArray } from '../method';
import type { Survivors } from './survivors';

/** What a selection chooses from: the kernels that are compared with each other, in order of the layers. */
export interface Choice {
  /** One list for each kernel; all of float32 or all of float64. */
  scores: readonly ScoreArray[];
  /** Flat indices, ascending, of the weights that may be kept. */
  candidates: Survivors;
  /** How many to keep: round(density · N) of the N weights of these kernels. */
  count: number;
  density: number;
  kernels: readonly ParameterSpec[];
  /** For this choice alone. */
  random: Random;
}

/** Chooses the weights to keep: for each kernel some of its candidates, in ascending order. */
export interface Select {
  (choice: Choice): Survivors;
  /** Whether all weights of the starting mask are candidates at every step, not only those that the last step left. */
  readmits?: boolean;
}

import type { OwnQuantities } from './quantities/quantities';

/** One epoch's measurements, plain JSON; epoch 0 is the state before training. What each is stands in `quantities`. */
export interface EpochRow extends OwnQuantities {
  epoch: number;
}

import { checkNames } from '../../base';
import type { Described, ScoringMethod } from '../method';
import { checkSnapshotOptions, type SnapshotSettings, scoredBySnapshots } from './gradientSnapshots';

/** {@link gradientMagnitude} with settings of one's own; `steps: 1` for the gradient before training on one part of the batch. */
export function gradientMagnitudeWith(options: SnapshotSettings = {}): Described<ScoringMethod> {
  checkNames('gradientMagnitudeWith', options, { steps: 1, size: 1, learningRate: 1 });
  checkSnapshotOptions(options);
  return {
    description: '√Σ (∂L/∂θ)² over early gradients',
    about: {
      paper:
        'the rival in Freitag, Nicolaus, Redmann 2023, PAMM 23, 10.1002/pamm.202300078; no code is public',
      criterion: 'saliency',
      cost: '20 training steps',
      ours: 'length, rate and batches of the trajectory',
      references: ['model-reduction'],
    },
    needs: 'batch',
    iterations: 1,
    score: scoredBySnapshots(options, normsOf),
  };
}

/** The Euclidean norm of each row. */
function normsOf(columns: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(columns[0].length);
  for (const column of columns) for (let i = 0; i < sums.length; i++) sums[i] += column[i] ** 2;
  return sums.map(Math.sqrt);
}

/**
 * Gradient magnitude pruning, the rival that model order reduction is held against (Freitag, Nicolaus, Redmann 2023): the size
 * of a weight's gradient over the same first steps as `deim` takes.
 */
export const gradientMagnitude = gradientMagnitudeWith();

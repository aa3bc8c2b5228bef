import { checkNames, invalid, lookUp } from '../../base';
import { deimRows, leverage, singularVectors } from '../../linalg';
import type { Described, ScoringMethod } from '../method';
import { checkSnapshotOptions, type SnapshotSettings, scoredBySnapshots } from './gradientSnapshots';

export interface DeimOptions extends SnapshotSettings {
  /** Modes of each tensor at most, the first; as many as its gradients span by default. */
  modes?: number;
  /** `deim` (default): the rows that DEIM chooses first, the others by leverage; `leverage`: all by leverage. */
  order?: 'deim' | 'leverage';
}

/** Singular values below this share of the largest are rounding of gradients in float32. */
const ROUNDING = 1e-6;

/**
 * The weights of a tensor in the order that model order reduction gives them: DEIM's choices for a basis of modes, then by
 * leverage; of equal ones the first.
 *
 * @param basis `[modes][weights]`, orthonormal
 * @returns all weights, the most important first
 */
export function reductionOrder(
  basis: readonly Float64Array[],
  order: 'deim' | 'leverage' = 'deim',
): Uint32Array {
  const share = leverage(basis);
  const first = order === 'deim' ? [...deimRows(basis)] : [];
  const isFirst = new Set(first);
  const rest = Array.from(share.keys())
    .filter((i) => !isFirst.has(i))
    .sort((a, b) => share[b] - share[a] || a - b);
  return Uint32Array.from([...first, ...rest]);
}

/** {@link deim} with settings of one's own. */
export function deimWith(options: DeimOptions = {}): Described<ScoringMethod> {
  checkNames('deimWith', options, { steps: 1, size: 1, learningRate: 1, modes: 1, order: 1 });
  const { modes = Number.POSITIVE_INFINITY, order = 'deim', ...snapshots } = options;
  checkSnapshotOptions(snapshots);
  if (!(modes >= 1)) throw invalid('modes', 'not a number of 1 or more', modes);
  lookUp('order', { deim: 1, leverage: 1 }, order);
  return {
    description: `the place of a weight in its tensor's order by ${order === 'deim' ? 'DEIM' : 'leverage'} on modes of early gradients`,
    about: {
      paper: 'Freitag, Nicolaus, Redmann 2023, PAMM 23, 10.1002/pamm.202300078; no code is public',
      criterion: 'saliency',
      cost: '20 training steps, then an SVD of 20 columns for each tensor',
      ours: 'length, rate and batches of the trajectory; leverage past the rank; places over tensor sizes, so that all tensors keep the same share',
      references: ['model-reduction'],
    },
    needs: 'batch',
    iterations: 1,
    score: scoredBySnapshots(snapshots, (columns) => byPlace(columns, modes, order)),
  };
}

/** 1 − (place + ½) / size of each weight, which compares places in tensors of different sizes; 0 where no gradient reaches a tensor. */
function byPlace(columns: readonly Float64Array[], modes: number, order: 'deim' | 'leverage'): Float64Array {
  const scores = new Float64Array(columns[0].length);
  const basis = singularVectors(columns, ROUNDING).vectors.slice(0, modes);
  if (basis.length === 0) return scores;
  reductionOrder(basis, order).forEach((weight, place) => {
    scores[weight] = 1 - (place + 0.5) / scores.length;
  });
  return scores;
}

/**
 * Model order reduction (Freitag, Nicolaus, Redmann 2023, PAMM 23): the gradients over the first steps of a training, tensor by
 * tensor, their left singular vectors (POD), and of these the weights in the order of DEIM. That order ends with the rank of
 * the gradients; the other weights follow by leverage.
 *
 * The many batches of the trajectory are parts of the one batch that methods are given: 20 steps of plain descent at the rate
 * 0.05 on 20 images each. These numbers, and that weights of different tensors are compared by their place over the size of
 * the tensor, so that all keep about the same share, are ours: no code is public.
 */
export const deim = deimWith();

/** {@link deim} by leverage Σ u² alone, without the choices of DEIM. */
export const deimLeverage = deimWith({ order: 'leverage' });

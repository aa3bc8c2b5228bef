import type { ParameterSpec } from '../../network';
import { described } from '../method';
import { type PxForm, pathExclusion } from './pathExclusion';

const isKernel = ({ role }: ParameterSpec) => role === 'kernel';

/** PX by the paper's mathematics, see {@link px}. */
export const pxForm: PxForm = { name: 'paths', isReplaced: isKernel, as: 'paths' };

/**
 * PX, path exclusion (Iurada et al. 2024, arXiv 2406.01820, equation 9): θ² |∂R/∂θ²| with R = Σ_k c_k z2_k, an upper bound of the
 * tangent kernel's trace. z2 is the linear network of ones at θ²; c_k = Σ_n z1[n, k] is what the images have to do with it, z1
 * being the network of ones on x² with the gates that ReLUs have on x. So PX is SynFlow-L2 with one number for each class.
 *
 * Kernels alone become 1 and θ²: biases and shifts set gates only, batch norm's γ enters as it is, max pools take the largest of what
 * comes. Gates are those of running statistics unless `batchNorm` says otherwise.
 */
export const px = described(
  pathExclusion(
    'θ² |∂R/∂θ²|, R = Σ_k c_k Σ_(p → k) v_p², c_k = Σ x² over the paths to k that images open',
    pxForm,
  ),
  {
    paper: 'Iurada, Ciccone and Tommasi 2024, arXiv 2406.01820',
    criterion: 'tangent kernel',
    cost: 'a pass of the pruning batch and a gradient of R each iteration',
    references: ['px'],
  },
);

/**
 * PX as its code computes it (iurada/px-ntk-pruning, ed6c40e): both networks are copies in training mode, biases in them, whose
 * batch norm takes the statistics of what comes to it, running mean subtracted. What has `bn` or `fc` in its name is neither 1 nor
 * squared, but for batch norms of shortcuts, whose names there have not. Where a global average follows the last batch norm, z2
 * does not depend on the weights, and scores are rounding errors.
 */
export const pxAsPublished = described(
  pathExclusion('PX with copies in training mode, biases in them, bn and fc as they are', {
    name: 'as-published',
    isReplaced: ({ name }) => !/bn|fc/.test(name) || /shortcut/.test(name),
    as: 'batch',
  }),
  {
    paper: 'the code of arXiv 2406.01820 (ed6c40e)',
    criterion: 'tangent kernel',
    cost: 'a pass of the pruning batch and a gradient of R each iteration',
    references: ['px'],
  },
);

/** PX as in the code of WideTopo (Memoristor/WideTopo): copies in training mode, of which all kernels are 1 and squared, and nothing else. */
export const pxWidetopo = described(
  pathExclusion('PX with copies in training mode, biases in them', {
    name: 'widetopo',
    isReplaced: isKernel,
    as: 'batch',
  }),
  {
    paper: 'PX in the code of WideTopo (5c0a945)',
    criterion: 'tangent kernel',
    cost: 'a pass of the pruning batch and a gradient of R each iteration',
  },
);

import { invalid } from '../base';
import { checkBinary, checkKnownTensors, type Mask, matchLayers, type Network } from '../network';
import { isTrained } from '../network/isTrained';
import { mapRecord, type TensorRecord, tf } from '../tensor';
import { shapesOf } from './trainingState';

/**
 * What a training leaves as it is: layers by name or pattern (`stage1/*`), with all their parameters; or single weights, by
 * parameter name a tensor of its shape with 1 where a weight is frozen and 0 elsewhere.
 *
 * Frozen weights keep their values, without weight decay, and their running averages stay at 0. Batch norm's running
 * statistics follow the batches all the same, as in PyTorch.
 */
export type Freeze = string | readonly string[] | TensorRecord;

/**
 * What is left of pruning if the weights that a mask cuts keep their initial values in place of 0 (FreezeNet, Wimmer et al. 2020, arXiv
 * 2011.14087): the network runs dense, and of its weights those that the mask keeps are trained.
 *
 *     const { mask } = await prune(network, params, { method: 'snip', density: 0.01, data });
 *     await train(network, params, { data, epochs: 5, freeze: training.frozenBy(mask) });
 *
 * The weights it freezes follow from the seed they were drawn with: the trained ones, the mask and that seed are all there is to store.
 *
 * @returns 1 − mask by kernel name; the caller disposes of it
 * @throws `invalid mask; entries other than 0 and 1: NAME`
 */
export function frozenBy(mask: Mask): TensorRecord {
  checkBinary('mask', mask);
  return mapRecord(mask, (kept) => tf.tidy(() => tf.scalar(1).sub(kept)));
}

/**
 * By name of a trained parameter: 1 where its weights move, 0 where they are frozen. Parameters of which all move have no
 * entry; of which none moves, `none`.
 *
 * @param freeze checked already
 * @returns tensors that the caller disposes of
 */
export function movable(network: Network, freeze: Freeze = []): Record<string, tf.Tensor | 'none'> {
  if (!areNames(freeze)) return mapRecord(freeze, (tensor) => tf.tidy(() => tf.scalar(1).sub(tensor)));
  const frozen = matchLayers(network, freeze, 'freeze');
  const specs = network.parameters.filter((spec) => isTrained(spec) && frozen.has(spec.layer));
  return Object.fromEntries(specs.map(({ name }) => [name, 'none']));
}

/** @throws `invalid freeze; …` for unknown layers or parameters, tensors of another shape and entries other than 0 and 1 */
export function checkFreeze(network: Network, freeze: Freeze): void {
  if (areNames(freeze)) {
    const frozen = matchLayers(network, freeze, 'freeze');
    if (network.parameters.filter(isTrained).every(({ layer }) => frozen.has(layer)))
      throw invalid('freeze', 'leaves nothing to train', freeze);
    return;
  }
  checkKnownTensors('freeze', shapesOf(network.parameters.filter(isTrained)), freeze);
  checkBinary('freeze', freeze);
}

function areNames(freeze: Freeze): freeze is string | readonly string[] {
  return typeof freeze === 'string' || Array.isArray(freeze);
}

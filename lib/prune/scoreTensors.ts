import { kernelsOf, type Network } from '../network';
import { type TensorRecord, tf } from '../tensor';
import type { ScoreRecord } from './method';

/**
 * Scores as float32 tensors of the kernels' shapes, for sums, figures and `unitFlows`. Tensors among them are passed on; the
 * caller disposes of all. Where scores leave float32, as sums over the paths of a deep network do, use the numbers instead.
 */
export function scoreTensors(network: Network, scores: ScoreRecord): TensorRecord {
  return Object.fromEntries(
    kernelsOf(network).map(({ name, shape }) => {
      const found = scores[name];
      return [name, found instanceof tf.Tensor ? found : tf.tensor(Float32Array.from(found), [...shape])];
    }),
  );
}

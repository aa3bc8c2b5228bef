import { toPytorch } from '../network';
import { mapRecord, tf } from '../tensor';
import type { Subject } from './subject';

/** Numbers of parameters in the order of the file's tensors, which is PyTorch's, rounded to float32. */
export function inFileOrder(
  { network, params }: Subject,
  numbers: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, number[]> {
  const ours = mapRecord(numbers, (values, name) => tf.tensor(Float32Array.from(values), params[name].shape));
  const theirs = toPytorch(network, ours);
  const found = mapRecord(theirs, (tensor) => [...tensor.dataSync()]);
  tf.dispose([ours, theirs]);
  return found;
}

import { invalid, product } from '../../base';
import { tf } from '../engine';
import { type NativeBackend, nativeBackend } from '../native';
import { DOUBLE, nativeType } from './trace';

/**
 * Numbers as a tensor in double precision, every bit kept: to go into compiled functions, as other results of theirs.
 *
 * @param shape one axis by default
 * @throws `invalid shape; …` where it does not hold the numbers
 */
export function doubles(values: Float64Array, shape: readonly number[] = [values.length]): tf.Tensor {
  if (product(shape) !== values.length)
    throw invalid('shape', `does not hold ${values.length} numbers`, shape);
  const backend = nativeBackend();
  const { binding } = backend;
  const bits = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const halves = tf.tensor(bits, [...shape, 2], 'int32');
  const type = { type: binding.TF_ATTR_TYPE };
  const attributes = [
    { name: 'T', value: binding.TF_INT32, ...type },
    { name: 'type', value: DOUBLE, ...type },
  ];
  const [output] = binding.executeOp('Bitcast', attributes, backend.getInputTensorIds([halves]), 1);
  halves.dispose();
  return tensorOf(backend, output);
}

/** A result as a tensor of tfjs, for which a double passes for float32. */
export function tensorOf(
  backend: NativeBackend,
  output: ReturnType<NativeBackend['binding']['executeOp']>[number],
) {
  if (output.dtype !== DOUBLE) return backend.createOutputTensor(output);
  const tensor = backend.createOutputTensor({ ...output, dtype: backend.binding.TF_FLOAT });
  backend.tensorMap.get(tensor.dataId).dtype = DOUBLE;
  return tensor;
}

/**
 * The numbers of a result in double precision, many of them where they lie: not to be written to. They stay when the tensor
 * goes; their memory is freed where the event loop turns, so let it turn between many large ones.
 * Other operations on such a tensor are errors of TensorFlow, except to put it into a compiled function.
 */
export function readDoubles(tensor: tf.Tensor): Float64Array {
  const type = nativeType(tensor);
  if (type !== DOUBLE) throw invalid('tensor', 'not in double precision', type);
  const backend = nativeBackend();
  return backend.binding.tensorView(backend.getInputTensorIds([tensor])[0]) as Float64Array;
}

/** Whether a tensor is in double precision; tfjs calls it float32 all the same. */
export function isDouble(tensor: tf.Tensor): boolean {
  return nativeType(tensor) === DOUBLE;
}

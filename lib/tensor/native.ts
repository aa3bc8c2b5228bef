import { tf } from './engine';

/** One attribute of a TensorFlow op, in the form the native binding takes. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

export interface NativeBackend {
  binding: Record<
    'TF_ATTR_TYPE' | 'TF_ATTR_INT' | 'TF_ATTR_FLOAT' | 'TF_ATTR_BOOL' | 'TF_ATTR_STRING' | 'TF_ATTR_SHAPE',
    number
  > & {
    TF_FLOAT: number;
    TF_INT32: number;
    TF_Version: string;
    isUsingGpuDevice(): boolean;
  };
  executeMultipleOutputs(
    op: string,
    attributes: OpAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

/** The native backend, for ops that TensorFlow has and tfjs does not wrap. */
export function nativeBackend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

/** Values of op attributes by name; `T` and other types as `{ type: 'float32' }`. */
export type OpAttributes = Readonly<
  Record<
    string,
    | number
    | boolean
    | string
    | readonly number[]
    | { float: number }
    | { type: 'float32' | 'int32' }
    | { shape: readonly number[] }
  >
>;

/** Runs one TensorFlow op outside tfjs's tape; only inside a kernel whose gradient is registered. */
export function runOp(
  op: string,
  inputs: readonly tf.TensorInfo[],
  attributes: OpAttributes,
  outputs = 1,
): tf.Tensor[] {
  const backend = nativeBackend();
  const { binding } = backend;
  const list = Object.entries(attributes).map(([name, value]): OpAttribute => {
    if (typeof value === 'string') return { name, type: binding.TF_ATTR_STRING, value };
    if (typeof value === 'boolean') return { name, type: binding.TF_ATTR_BOOL, value };
    if (typeof value === 'number') return { name, type: binding.TF_ATTR_INT, value };
    if ('float' in value) return { name, type: binding.TF_ATTR_FLOAT, value: value.float };
    if ('shape' in value) return { name, type: binding.TF_ATTR_SHAPE, value: value.shape };
    if ('type' in value)
      return {
        name,
        type: binding.TF_ATTR_TYPE,
        value: value.type === 'float32' ? binding.TF_FLOAT : binding.TF_INT32,
      };
    return { name, type: binding.TF_ATTR_INT, value };
  });
  return backend.executeMultipleOutputs(op, list, inputs, outputs);
}

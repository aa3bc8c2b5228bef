import { tf } from './engine';
import type { NativeEvent } from './profile/timeSpent';

/** One attribute of a TensorFlow op, in the form the native binding takes. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
  /** A type that stays as it is in a function of double precision. */
  isExact?: boolean;
}

/** What the binding says of a tensor. */
interface NativeTensor {
  id: number;
  dtype: number;
  shape: number[];
}

type TypeNumber = 'TF_FLOAT' | 'TF_INT32' | 'TF_BOOL' | 'TF_STRING' | 'TF_RESOURCE';
type AttributeNumber = `TF_ATTR_${'TYPE' | 'INT' | 'FLOAT' | 'BOOL' | 'STRING' | 'SHAPE'}`;

interface NativeBinding extends Record<TypeNumber | AttributeNumber, number> {
  TF_Version: string;
  isUsingGpuDevice(): boolean;
  executeOp(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): NativeTensor[];
  deleteTensor(id: number): void;
  // What setup/binding/recorder.cc adds: between graphBegin and graphEnd, a graph and what is in it by number.
  graphBegin(): void;
  graphEnd(): void;
  graphInput(type: number, shape: readonly number[]): NativeTensor;
  graphConstant(shape: readonly number[], type: number, values: ArrayBufferView): number;
  graphOp(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): NativeTensor[];
  /** Says what shape is read from a variable. */
  graphShape(id: number, shape: readonly number[]): NativeTensor;
  /** Makes the graph a function that `executeOp` runs, and returns its name. */
  graphFunction(inputs: number[], outputs: number[]): string;
  removeFunction(name: string): void;
  /** What the ops that follow belong to, by a number that becomes part of their names. */
  graphScope(number: number): void;
  /** A tensor's values where they lie: not to be written to. */
  tensorView(id: number): Float64Array | Float32Array | Int32Array;
  // What setup/binding/profiler.cc adds: TensorFlow's profiler, and spans of JavaScript in what it sees.
  profileBegin(): void;
  profileEnd(): NativeEvent[];
  profileEnter(name: string): number;
  profileLeave(span: number): void;
}

export interface NativeBackend {
  binding: NativeBinding;
  tensorMap: {
    has(dataId: object): boolean;
    get(dataId: object): { id: number; dtype: number; values: unknown };
    set(dataId: object, value: object): void;
  };
  readSync(dataId: object): unknown;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(metadata: NativeTensor): tf.Tensor;
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

import { tf } from '../engine';
import { type NativeBackend, nativeBackend, type OpAttribute } from '../native';
import { recordScopes, scopeGradients } from '../profile/recordScopes';
import { apart, isProfiling } from '../profile/scope';
import { replace } from './replace';
import { describe, type InputLeaf, type Inputs, isVariable, type Results, rebuild, type Tree } from './tree';

/** Arithmetic inside a compiled function: float32 or float64. */
export type Precision = 'single' | 'double';

/** What a function was traced for: a tensor's type and shape. A variable's type is TensorFlow's for a resource. */
export interface Signature {
  type: number;
  shape: readonly number[];
}

/** A TensorFlow function, made of one trace. */
export interface Traced {
  /** Its name in TensorFlow. */
  name: string;
  inputs: Tree<Signature>;
  results: Tree<undefined>;
  /** How many tensors it returns. */
  count: number;
  /** Whether the names of its ops tell what they belong to. */
  isScoped: boolean;
}

/** TensorFlow's number of the type float64, which tfjs does not know: there such a tensor passes for float32. */
export const DOUBLE = 2;

/** Largest array made inside that may become a constant, unless all its entries are equal. */
const LARGEST_CONSTANT = 1024;

/** Numbers of recorded tensors begin here. */
const FIRST_RECORDED = 1_000_000_000;

let current: Precision | undefined;

/** The precision of the function being traced; undefined outside. */
export function tracing(): Precision | undefined {
  return current;
}

/** TensorFlow's type of a tensor, which tells a double from a float. */
export function nativeType(tensor: tf.TensorInfo): number {
  return nativeBackend().tensorMap.get(tensor.dataId).dtype;
}

/** The type and shape of an input. */
export function signatureOf(value: InputLeaf): Signature {
  if (isVariable(value)) return { type: nativeBackend().binding.TF_RESOURCE, shape: value.shape };
  return { type: nativeType(value), shape: value.shape };
}

/**
 * Makes a computation a function of TensorFlow: every op that `f` begins is put into a graph, which infers the shapes that
 * tfjs asks for; nothing is computed. Afterwards tfjs is as it was, also where `f` throws.
 *
 * @throws what `f` throws, and errors for values read, tensors from outside, tensors kept
 */
export function trace(f: (inputs: never) => Results, example: Inputs, precision: Precision): Traced {
  const backend = nativeBackend();
  const { binding, tensorMap } = backend;
  const made = new WeakSet<object>();
  const tensors: tf.Tensor[] = [];
  const engine = tf.engine() as unknown as { trackTensor(tensor: tf.Tensor, of: unknown): void };
  const recorder = recordingBinding(backend, precision);
  binding.graphBegin();
  current = precision;
  const hooks = [
    replace(backend, 'binding', recorder.binding),
    replace(backend, 'readSync', (dataId: object) => {
      const { values } = tensorMap.get(dataId);
      if (made.has(dataId) && values != null) return values; // a constant's own
      throw new Error('a compiled function may not read values: what depends on them must be a result of it');
    }),
    replace(backend, 'getInputTensorIds', (tensors: readonly tf.TensorInfo[]) => {
      for (const { dataId } of tensors)
        if (dataId !== undefined && !made.has(dataId))
          throw new Error('a compiled function uses a tensor that is neither an input nor made inside');
      return Object.getPrototypeOf(backend).getInputTensorIds.call(backend, tensors) as number[];
    }),
    replace(engine, 'trackTensor', (tensor: tf.Tensor, of: unknown) => {
      tensors.push(tensor);
      Object.getPrototypeOf(engine).trackTensor.call(engine, tensor, of);
    }),
    replace(tensorMap, 'set', (dataId: object, value: object) => {
      made.add(dataId);
      Object.getPrototypeOf(tensorMap).set.call(tensorMap, dataId, value);
    }),
    ...(isProfiling() ? [scopeGradients()] : []),
  ];
  let kept: tf.Tensor[] = [];
  let traced: Traced;
  try {
    traced = tf.tidy(() => {
      const ids: number[] = [];
      const inputs = describe(example, 'inputs', signatureOf);
      const values = rebuild(inputs, (leaf) => {
        const extents = leaf.type === binding.TF_RESOURCE ? [] : leaf.shape;
        const input = recorder.binding.graphInput(leaf.type, extents);
        ids.push(input.id);
        if (leaf.type !== binding.TF_RESOURCE) return backend.createOutputTensor(recorder.cast(input));
        recorder.variables.set(input.id, leaf.shape);
        return { shape: leaf.shape, handle: backend.createOutputTensor(input) };
      });
      const found: tf.Tensor[] = [];
      const returned = apart(() => f(values as never));
      if (returned instanceof Promise) throw new Error('a compiled function may not be async');
      const results = describe(returned, 'results', (leaf, name) => {
        if (isVariable(leaf)) throw new Error(`${name} of a compiled function is a variable`);
        found.push(leaf);
      });
      const name = binding.graphFunction(ids, backend.getInputTensorIds(found));
      recorder.onFunction(name);
      return { name, inputs, results, count: found.length, isScoped: isProfiling() } as never;
    }) as unknown as Traced;
  } finally {
    current = undefined;
    kept = tensors.filter(({ isDisposed }) => !isDisposed);
    tf.dispose(kept);
    for (const undo of hooks) undo();
    binding.graphEnd();
  }
  if (kept.length === 0) return traced;
  binding.removeFunction(traced.name);
  throw new Error('a compiled function may not keep tensors it makes');
}

/** A binding that puts ops into the graph, for tfjs to use in the place of the one that runs them. */
function recordingBinding(backend: NativeBackend, precision: Precision) {
  const scopes = isProfiling() ? recordScopes(backend.binding) : undefined;
  const binding = scopes?.binding ?? backend.binding;
  type Output = ReturnType<typeof binding.graphInput>;
  const variables = new Map<number, readonly number[]>();
  const [own, other] = precision === 'double' ? [DOUBLE, binding.TF_FLOAT] : [binding.TF_FLOAT, DOUBLE];
  /** As tfjs is to see it. */
  const seen = (output: Output): Output =>
    output.dtype === DOUBLE ? { ...output, dtype: binding.TF_FLOAT } : output;
  const typed = (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_TYPE, value });
  const cast = (output: Output): Output =>
    seen(output.dtype === other ? binding.graphOp('Cast', [typed('DstT', own)], [output.id], 1)[0] : output);

  function executeOp(op: string, attributes: OpAttribute[], ids: number[], count: number): Output[] {
    const shape = variables.get(ids[0]);
    if (shape !== undefined && op === 'ReadVariableOp') {
      const [read] = binding.graphOp(op, attributes, ids, count);
      return [cast(binding.graphShape(read.id, shape))];
    }
    if (shape !== undefined && precision === 'double')
      throw new Error(`${op}: variables are float32; change them in a function of single precision`);
    const inPrecision = attributes.map((attribute) => {
      const isFloat = attribute.type === binding.TF_ATTR_TYPE && attribute.value === binding.TF_FLOAT;
      return isFloat && !attribute.isExact ? { ...attribute, value: own } : attribute;
    });
    return binding.graphOp(op, inPrecision, ids, count).map(seen);
  }

  function createTensor(shape: number[], type: number, values: tf.TypedArray): number {
    const isFloat = type === binding.TF_FLOAT;
    const ownType = isFloat ? own : type;
    const constant = (of: tf.TypedArray, extents: readonly number[]) =>
      binding.graphConstant(extents, ownType, isFloat && precision === 'double' ? Float64Array.from(of) : of);
    if (values.length <= 64) return constant(values, shape);
    if (values.every((value) => value === values[0])) {
      const extents = binding.graphConstant([shape.length], binding.TF_INT32, Int32Array.from(shape));
      return binding.graphOp('Fill', [], [extents, constant(values.slice(0, 1), [])], 1)[0].id;
    }
    if (values.length > LARGEST_CONSTANT)
      throw new Error(
        `a compiled function makes ${values.length} numbers in JavaScript, which would stay as they are: make them an input`,
      );
    return constant(values, shape);
  }

  function deleteTensor(id: number): void {
    if (id < FIRST_RECORDED) binding.deleteTensor(id);
  }

  const recording = Object.create(binding) as typeof binding;
  for (const [name, value] of Object.entries({ executeOp, createTensor, deleteTensor }))
    Object.defineProperty(recording, name, { value });
  return { binding: recording, variables, cast, onFunction: scopes?.onFunction ?? (() => {}) };
}

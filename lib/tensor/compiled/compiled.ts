import { checkNames, invalid } from '../../base';
import { tf } from '../engine';
import { type NativeBackend, nativeBackend, type OpAttribute } from '../native';
import { isProfiling } from '../profile/scope';
import { tensorOf } from './doubles';
import { DOUBLE, type Precision, type Signature, type Traced, trace, tracing } from './trace';
import { type InputLeaf, type Inputs, isVariable, matches, type Results, rebuild } from './tree';

export interface CompileOptions {
  /**
   * `single` (default): float32 as tfjs computes. `double`: float64 inside, whatever comes in; results are float64 too, read by
   * `readDoubles`, unless made float32 by {@link single}.
   */
  precision?: Precision;
  /** Whether XLA compiles it: up to ten times as fast for fully connected nets on a processor, slower for convolutions; `false` by default. */
  xla?: boolean;
}

/** A function that TensorFlow runs as one. */
export interface Compiled<I extends Inputs, O extends Results> {
  /** The caller disposes of the results. */
  (inputs: I): O;
  /** Frees what TensorFlow holds for it; called again, the function is traced anew. */
  dispose(): void;
}

/** Traces kept for one function: the least recently used goes first. */
const KEPT = 8;

/**
 * Makes a function of tensors, gradients inside included, one function of TensorFlow.
 *
 * It is traced once for the shapes and types of its inputs, without computing. Whatever changes between calls (a learning
 * rate, a seed) has to be an input: numbers in JavaScript stay as they were. Variables ({@link createVariable}) can be
 * inputs, too, and are read and changed inside in the order written. Inside another compiled function it is part of that
 * one, in its precision.
 *
 *     const gradient = compiled(({ x, w }) => valueAndGradients(({ w }) => x.matMul(w).sum(), { w }));
 *     const { value, gradients } = gradient({ x, w });
 *
 * @param f from a tensor, or a record or array of tensors and variables, to the like; called only to be traced
 * @throws where `f` reads a value, uses a tensor from outside, makes large arrays in JavaScript or keeps a tensor; where a
 *   gradient is asked for through it from outside
 */
export function compiled<I extends Inputs, O extends Results>(
  f: (inputs: I) => O,
  options: CompileOptions = {},
): Compiled<I, O> {
  checkNames('compiled', options, { precision: 1, xla: 1 });
  const { precision = 'single', xla = false } = options;
  if (precision !== 'single' && precision !== 'double')
    throw invalid('precision', 'not single or double', precision);
  const traces: Traced[] = []; // the last used first
  const run = (inputs: I): O => {
    if (tracing() !== undefined) return f(inputs);
    if (isDifferentiating())
      throw new Error('a compiled function has its gradients inside, none from outside');
    const backend = nativeBackend();
    const found: InputLeaf[] = [];
    const traced = traceFor(backend, inputs, found);
    const tensors = found.map((leaf) => (isVariable(leaf) ? leaf.handle : leaf));
    const { binding } = backend;
    const attributes: OpAttribute[] = xla
      ? [{ name: '_XlaMustCompile', type: binding.TF_ATTR_BOOL, value: true }]
      : [];
    const ids = backend.getInputTensorIds(tensors);
    const outputs = binding.executeOp(traced.name, attributes, ids, traced.count);
    let next = 0;
    return rebuild(traced.results, () => tensorOf(backend, outputs[next++])) as O;
  };

  function traceFor(backend: NativeBackend, inputs: I, found: InputLeaf[]): Traced {
    const fits = (signature: Signature, leaf: InputLeaf) => hasSignature(backend, signature, leaf);
    const at = traces.findIndex((known) => {
      found.length = 0;
      return known.isScoped === isProfiling() && matches(known.inputs, inputs, fits, found);
    });
    if (at === 0) return traces[0];
    const traced = at > 0 ? traces.splice(at, 1)[0] : trace(f as (inputs: never) => O, inputs, precision);
    if (at < 0) {
      found.length = 0;
      matches(traced.inputs, inputs, fits, found);
    }
    traces.unshift(traced);
    if (traces.length > KEPT) release(traces.splice(KEPT));
    return traced;
  }

  const dispose = () => release(traces.splice(0));
  forgotten.register(run, traces);
  return Object.assign(run, { dispose });
}

/** Frees what a function held that nobody can call any more. */
const forgotten = new FinalizationRegistry<Traced[]>(release);

function release(traces: readonly Traced[]): void {
  for (const { name } of traces) nativeBackend().binding.removeFunction(name);
}

function isDifferentiating(): boolean {
  const { state } = tf.engine() as unknown as { state: { gradientDepth: number; kernelDepth: number } };
  return state.gradientDepth > 0 && state.kernelDepth === 0;
}

function hasSignature(backend: NativeBackend, { type, shape }: Signature, leaf: InputLeaf): boolean {
  if ('isDisposed' in leaf && leaf.isDisposed) return false; // to be named where it is traced
  const leafType = isVariable(leaf) ? backend.binding.TF_RESOURCE : backend.tensorMap.get(leaf.dataId).dtype;
  const other = leaf.shape;
  if (leafType !== type || shape.length !== other.length) return false;
  for (let i = 0; i < shape.length; i++) if (shape[i] !== other[i]) return false;
  return true;
}

/** Inside a function of double precision, a result that is to leave as float32; elsewhere the tensor itself. It has no gradient. */
export function single<T extends tf.Tensor>(tensor: T): T {
  if (tracing() !== 'double') return tensor;
  const backend = nativeBackend();
  const { TF_ATTR_TYPE: type, TF_FLOAT: value } = backend.binding;
  return backend.executeMultipleOutputs(
    'Cast',
    [{ name: 'DstT', type, value, isExact: true }],
    [tensor],
    1,
  )[0] as T;
}

/** A number that keeps all its digits inside a function of double precision, where `tf.scalar` has those of float32. */
export function constant(value: number): tf.Scalar {
  if (tracing() !== 'double') return tf.scalar(value);
  const backend = nativeBackend();
  const id = backend.binding.graphConstant([], DOUBLE, Float64Array.of(value));
  return backend.createOutputTensor({ id, dtype: backend.binding.TF_FLOAT, shape: [] }) as tf.Scalar;
}

import { tf } from '../engine';

type Inputs = Record<string, tf.Tensor>;

/** A differentiable native kernel: how to compute it, and its gradient for each input, computed only where needed. */
export interface KernelDefinition<Attributes extends object> {
  name: string;
  /** The result or results, from the inputs by name. */
  forward: (inputs: Inputs, attributes: Attributes) => tf.Tensor | tf.Tensor[];
  /** Inputs the gradient reads. */
  keepInputs: string[];
  /** Outputs the gradient reads, by position; kept after the inputs. */
  keepOutputs?: boolean[];
  /** Cotangents of the inputs by name; `dy` is an array where `forward` returns one. Written with differentiable functions. */
  backward: (
    dy: tf.Tensor | tf.Tensor[],
    kept: tf.Tensor[],
    attributes: Attributes,
  ) => Record<string, () => tf.Tensor>;
}

/**
 * Registers a kernel and its gradient with tfjs and returns the function that runs it.
 *
 * A kernel rather than tf.customGrad: tfjs then asks only for the cotangents that are needed (never for that of the images).
 */
export function registerKernel<Attributes extends object>(definition: KernelDefinition<Attributes>) {
  const kernelName = `pathkernel/${definition.name}`;
  if (tf.getKernel(kernelName, 'tensorflow') !== undefined) {
    tf.unregisterKernel(kernelName, 'tensorflow');
    tf.unregisterGradient(kernelName);
  }
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => definition.forward(inputs as Inputs, attrs as unknown as Attributes),
  });
  tf.registerGradient({
    kernelName,
    inputsToSave: definition.keepInputs,
    outputsToSave: definition.keepOutputs,
    gradFunc: (dy, saved, attrs) => definition.backward(dy, saved, attrs as unknown as Attributes),
  });
  return <Result extends tf.Tensor | tf.Tensor[]>(inputs: Inputs, attributes: Attributes): Result =>
    tf.engine().runKernel(kernelName, inputs, attributes as unknown as tf.NamedAttrMap) as Result;
}

import type { TensorRecord, tf } from '../../tensor';
import type { NodeOf } from '../graph';
import type { ExampleGradients, Op, Tangent, TangentContext, TangentPoint } from './op';
import { overPlaces, plus, sameChannels, total } from './plain';

interface LayerNode<O extends string> extends NodeOf<O> {
  /** Name of the kernel parameter. */
  readonly kernel: string;
  /** Name of the bias parameter; no bias where absent. */
  readonly bias?: string;
}

/** Options that every layer with parameters takes. */
export interface LayerOptions {
  /** Whether pruning concerns its kernel; `true` by default. */
  prunable?: boolean;
  /** Whether training changes its parameters; `true` by default. */
  trainable?: boolean;
}

/** The parts of a layer y = x ∘ W + b, with ∘ linear in x and in W. */
export function bilinear<N extends LayerNode<string>>(
  multiply: (node: N, x: tf.Tensor, kernel: tf.Tensor) => tf.Tensor,
  /** The gradients of the kernel, example by example. */
  gradients: (node: N, x: tf.Tensor, cotangents: tf.Tensor) => ExampleGradients,
): Pick<
  Op<N, never>,
  | 'arity'
  | 'forward'
  | 'linear'
  | 'tangent'
  | 'gradients'
  | 'weight'
  | 'shift'
  | 'acts'
  | 'factor'
  | 'gate'
  | 'bend'
> {
  const biasOf = ({ bias }: N, params: TensorRecord) => (bias === undefined ? undefined : params[bias]);
  return {
    arity: 'one',
    forward: (node, [x], { params }) => plus(multiply(node, x, params[node.kernel]), biasOf(node, params)),
    linear: (node, [x], { s, shift }) => plus(multiply(node, x, s[node.kernel]), shift(node.bias)),
    tangent(node: N, at: TangentPoint, { params, directions }: TangentContext): Tangent {
      const { kernel } = node;
      const [x] = at.inputs;
      const [dx] = at.tangents;
      return total(at, [
        dx && multiply(node, dx, params[kernel]),
        directions[kernel] && multiply(node, x, directions[kernel]),
        biasOf(node, directions),
      ]);
    },
    gradients: (node, { inputs: [x], cotangents }) => ({
      [node.kernel]: gradients(node, x, cotangents),
      ...(node.bias !== undefined && { [node.bias]: { rows: overPlaces(cotangents) } }),
    }),
    weight: ({ kernel }) => kernel,
    shift: ({ bias }) => bias,
    acts: () => true,
    factor: null,
    gate: null,
    bend: null,
  };
}

/** Channels of a layer each of which comes of all channels that it reads. */
export const mixedChannels = {
  ...sameChannels,
  ties() {},
  absorbs: true,
  moved: ({ bias }: LayerNode<string>) => (bias === undefined ? [] : [bias]),
};

/** The kernel and the bias of a layer by the name of its id. */
export function namesOf(id: string, bias: boolean): { kernel: string; bias?: string } {
  return { kernel: `${id}/kernel`, ...(bias && { bias: `${id}/bias` }) };
}

/** The bias as a parameter, where there is one. */
export function biasSpec(bias: string | undefined, units: number) {
  return bias === undefined ? [] : [{ name: bias, shape: [units], role: 'bias' as const }];
}

/** Kernel and bias as a layer of tfjs has them. */
export function layerWeights({ kernel, bias }: LayerNode<string>, params: TensorRecord): tf.Tensor[] {
  return bias === undefined ? [params[kernel]] : [params[kernel], params[bias]];
}

import { conv2dInputGradient, conv2dKernelGradient, scaleChannels, type TensorRecord, tf } from '../tensor';
import { cuts } from './cuts';
import type { Network } from './graph';
import * as layer from './layers';
import { kernelsOf } from './mask';
import type { BatchNormNode, Node, NodeWith, OpName } from './ops';
import { checkInput, checkParams, type Params } from './params';
import { excess, type LinearPolicy, walk } from './passes';
import { withoutRelus } from './withoutRelus';

type Interpretation<T> = { readonly [O in OpName]: (node: NodeWith<O>, inputs: T[]) => T };

/** Policies under which the network is a linear map of every layer's value, and paths are all there is to it. */
export type PathPolicy = Omit<LinearPolicy, 'biases' | 'relu'>;

/** R = Σ outputs of the linear network, and ∂R/∂s of its kernels; both times exp(logScale). */
export interface LinearGradient {
  value: number;
  /** By kernel name; the caller disposes of them. */
  gradients: TensorRecord;
  logScale: number;
}

/** A value on the way forward, and on the way back the derivative of R by it. */
interface Traced {
  value: tf.Tensor;
  cotangent?: tf.Tensor;
  /** Nothing is differentiated by the input, or by what comes from it without a kernel. */
  isConstant: boolean;
}

/** From the derivative of R by a value, that by one of the things it was made of. */
type Pull = (dy: tf.Tensor) => tf.Tensor;

/**
 * The sum of a linear network's outputs and its gradient by every kernel, by one pass forward and one backward.
 *
 * The same numbers as differentiating `evaluateLinear`, without tfjs's tape, which at a batch of one costs as much as the
 * arithmetic: an iteration of SynFlow is little more than this.
 *
 * @param s parameters lifted to |θ|^power, as for `evaluateLinear`
 * @param x `[batch, ...network.input]`
 */
export function linearGradient(
  network: Network,
  s: Params,
  x: tf.Tensor,
  power: 1 | 2,
  policy: PathPolicy = {},
): LinearGradient {
  checkInput(network, x);
  checkParams(network, s);
  const { batchNorm = 'apply', constants = 'once', maxPool = 'max' } = policy;
  const graph = withoutRelus(network);
  const rescaled = cuts(graph);
  let logScale = 0;
  let value = 0;
  const gradients = tf.tidy(() => {
    const found: TensorRecord = {};
    const isSigned = x.min().dataSync()[0] < 0;
    const back: (() => void)[] = [];
    const table = meaning(found, back, isSigned) as Record<string, (node: Node, inputs: Traced[]) => Traced>;
    const output = walk<Traced>(graph, (node, inputs) => table[node.op](node, inputs));
    value = output.value.sum().dataSync()[0];
    output.cotangent = tf.onesLike(output.value);
    while (back.length > 0) back.pop()?.();
    for (const { name } of kernelsOf(network)) found[name] ??= tf.zerosLike(s[name]); // of a branch nothing reads
    return found;
  });
  return { value, gradients, logScale };

  function meaning(found: TensorRecord, back: (() => void)[], isSigned: boolean): Interpretation<Traced> {
    /** A value made of others: each pull gives that input's share of the derivative. */
    const record = (made: tf.Tensor, parts: readonly [Traced, Pull][], kernel?: [string, Pull]): Traced => {
      const live = parts.filter(([input]) => !input.isConstant);
      const out: Traced = { value: made, isConstant: live.length === 0 && kernel === undefined };
      if (out.isConstant) return out;
      back.push(() => {
        const dy = out.cotangent;
        if (dy === undefined) return;
        if (kernel) found[kernel[0]] = kernel[1](dy);
        for (const [input, pull] of live) accumulate(input, pull(dy));
        dy.dispose();
        out.value.dispose();
      });
      return out;
    };
    /** At a cut of the graph, the value within float32's range. */
    const inRange = (id: string, input: Traced): Traced => {
      const exponent = rescaled.has(id) ? excess(input.value, isSigned) : 0;
      if (exponent === 0) return input;
      logScale += exponent * Math.LN2;
      const by: Pull = (z) => z.mul(2 ** -exponent);
      return record(by(input.value), [[input, by]]);
    };
    const fixed = (input: Traced, factor: number): Traced => {
      if (power === 1 || constants === 'once') return input;
      const by: Pull = (z) => z.mul(factor);
      return record(by(input.value), [[input, by]]);
    };
    const average = (node: { size: number; stride: number }, input: Traced, factor = 1): Traced => {
      const attributes = { filterSize: node.size, strides: node.stride, pad: 'valid' } as const;
      const by: Pull = (z) => (factor === 1 ? z : z.mul(factor));
      return record(by(tf.avgPool(input.value as tf.Tensor4D, node.size, node.stride, 'valid')), [
        [
          input,
          (dy) =>
            by(tf.engine().runKernel('AvgPoolGrad', { dy, input: input.value }, attributes) as tf.Tensor),
        ],
      ]);
    };
    return {
      input: () => ({ value: x.clone(), isConstant: true }),
      dense: (node, [input]) =>
        inRange(
          node.id,
          record(
            layer.applyDense(input.value, s[node.kernel]),
            [[input, (dy) => tf.matMul(dy as tf.Tensor2D, s[node.kernel] as tf.Tensor2D, false, true)]], // [batch, in]
            [node.kernel, (dy) => tf.matMul(input.value as tf.Tensor2D, dy as tf.Tensor2D, true, false)], // [in, units]
          ),
        ),
      conv2d: (node, [input]) => {
        const kernel = s[node.kernel];
        const geometry = layer.geometryOf(node);
        return inRange(
          node.id,
          record(
            layer.applyConv2d(node, input.value, kernel),
            [[input, (dy) => conv2dInputGradient(input.value.shape, kernel, dy, geometry)]],
            [node.kernel, (dy) => conv2dKernelGradient(input.value, kernel.shape, dy, geometry)],
          ),
        );
      },
      batchNorm(node, [input]) {
        if (batchNorm === 'skip') return input;
        return scaled(input, channelFactor(node));
      },
      relu: (_, [input]) => input,
      maxPool(node, [input]) {
        if (maxPool === 'sum') return average(node, input, node.size ** 2);
        const { value: h } = input;
        const made = layer.applyMaxPool(node, h);
        const attributes = { filterSize: node.size, strides: node.stride, pad: 'valid' } as const;
        const pull: Pull = (dy) =>
          tf.engine().runKernel('MaxPoolGrad', { dy, input: h, output: made }, attributes) as tf.Tensor;
        return record(made, [[input, pull]]);
      },
      avgPool: (node, [input]) => fixed(average(node, input), node.size ** -2),
      globalAvgPool(node, [input]) {
        const [batch, height, width, channels] = input.value.shape as [number, number, number, number];
        const share = 1 / (height * width);
        const spread: Pull = (dy) =>
          dy.mul(share).reshape([batch, 1, 1, channels]).tile([1, height, width, 1]);
        return fixed(record(layer.applyGlobalAvgPool(node, input.value), [[input, spread]]), share);
      },
      flatten: (_, [input]) =>
        record(layer.applyFlatten(input.value), [[input, (dy) => dy.reshape(input.value.shape)]]),
      add: (node, inputs) =>
        inRange(
          node.id,
          record(
            tf.addN(inputs.map(({ value: part }) => part)),
            inputs.map((input) => [input, (dy) => dy.clone()]),
          ),
        ),
      channelScale: (node, [input]) => scaled(input, s[node.scale]),
    };

    /** γ / √(σ² + ε), `[channels]`; as plain numbers, because three ops on a few channels cost more than the channels. */
    function channelFactor({ gamma, variance, epsilon }: BatchNormNode): tf.Tensor {
      const scale = s[gamma].dataSync();
      const spread = s[variance].dataSync();
      const exponent = power === 2 && constants === 'power' ? -1 : -0.5;
      return tf.tensor1d(Float32Array.from(scale, (g, i) => g * (spread[i] + epsilon) ** exponent));
    }

    function scaled(input: Traced, factor: tf.Tensor): Traced {
      return record(scaleChannels(input.value, factor), [[input, (dy) => scaleChannels(dy, factor)]]);
    }
  }
}

function accumulate(input: Traced, part: tf.Tensor): void {
  const { cotangent } = input;
  input.cotangent = cotangent ? cotangent.add(part) : part;
  if (cotangent) tf.dispose([cotangent, part]);
}

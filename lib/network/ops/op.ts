import type { TensorRecord, tf } from '../../tensor';
import type { LayerReader } from '../convert/layerSource';
import type { NodeOf, ParameterSpec, Shape } from '../graph';
import type { Params } from '../params';
import type { LinearPolicy, Power } from '../passes/linear';
import type { BatchNormNode } from './batchNorm';

/**
 * All that an op is. Whatever a network is used for reads it here, through the table in `ops.ts`.
 *
 * Each part must be there, or the table does not compile; `null` says that an op has no such part.
 *
 * @typeParam N its nodes, records that {@link Op.node} makes
 * @typeParam Arguments what the builder's method takes after the id
 */
export interface Op<N extends NodeOf<string>, Arguments extends readonly unknown[]> {
  /** How many values a node reads. */
  readonly arity: 'none' | 'one' | 'several';
  /** The node that the builder's method of the op's name adds. */
  readonly node: (id: string, ...args: Arguments) => N;
  /** Shape of its value; checks the node and what it reads. */
  readonly shape: (node: N, inputs: readonly Shape[]) => Shape;
  /** Its parameters and running statistics, in order. */
  readonly parameters: (node: N, inputs: readonly Shape[]) => Omit<ParameterSpec, 'layer'>[];

  /** Its value in the network: `[batch, ...shape]`. A new tensor; static shapes, no value read. */
  readonly forward: (node: N, inputs: readonly tf.Tensor[], context: ForwardContext) => tf.Tensor;
  /** Its value in the network with every ReLU open, at parameters s ≥ 0, as the policy has it. */
  readonly linear: (node: N, inputs: readonly tf.Tensor[], context: LinearContext) => tf.Tensor;
  /** The derivative of its value in the direction of the tangents. */
  readonly tangent: (node: N, at: TangentPoint, context: TangentContext) => Tangent;
  /** The gradients of its parameters by name, example by example, in inference. */
  readonly gradients:
    | ((node: N, at: CotangentPoint, context: ForwardContext) => Readonly<Record<string, ExampleGradients>>)
    | null;

  /** Name of the parameter whose entries lie on its edges. */
  readonly weight: ((node: N) => string) | null;
  /** Name of the parameter that it adds to its value. */
  readonly shift: ((node: N) => string | undefined) | null;
  /** Whether a policy lets it act; everything goes along its edges as it is otherwise, past gates, weights and factors. */
  readonly acts: (policy: Required<LinearPolicy>) => boolean;
  /** Visits its edges from the units of one of its inputs. */
  readonly edges: (node: N, shapes: NodeShapes, visit: VisitEdge, options: EdgeOptions) => void;
  /** The fixed factor of an edge, by the unit it goes to and the index of its weight. */
  readonly factor: ((node: N, shapes: NodeShapes, values: Values) => EdgeFactor) | null;
  /**
   * On how many edges an entry of the weight lies: a number for each of so many equal parts of the weight, in order, as one
   * for each tap of a convolution's kernel.
   */
  readonly uses: ((node: N, shapes: NodeShapes) => readonly number[]) | null;
  /** Which of its edges let a sample through, from the values it reads. */
  readonly gate: ((node: N, shapes: NodeShapes, input: ArrayLike<number>, values: Values) => Gates) | null;

  /** How far from linear it is, by its slopes on both sides of 0: |1 − slope|, of all channels or of each; `null` where there is no bend at 0. */
  readonly bend: ((node: N, params: Params) => number | tf.Tensor) | null;

  /** How its channels go, the entries along the last axis: what `compact` cuts by. */
  readonly channels: {
    /** Visits the channels that stay or go together: one of an input, by its position, with one of the value. */
    readonly ties: (node: N, shapes: NodeShapes, visit: VisitTie) => void;
    /**
     * Whether its parameters take up positive factors of the channels that it reads and of those of its value, each by
     * itself; elsewhere its value takes the factor of the channels it is tied with.
     */
    readonly absorbs: boolean;
    /** The one value that a channel has at every place of every sample, from that of what it is tied with; undefined where there is none. */
    readonly constant: (node: N, value: Constant, channel: number, context: ConstantContext) => Constant;
    /** Whether a gradient goes through it where what it reads is constant. */
    readonly opens: (node: N, value: number, channel: number, context: ConstantContext) => boolean;
    /** Parameters that a gradient of its value moves where what it reads is constant. */
    readonly moved: (node: N, value: number) => readonly string[];
    /** The node with fewer channels. */
    readonly narrow: (node: N, kept: KeptChannels, shapes: NodeShapes) => N;
  };

  readonly pytorch: {
    /** The builder's options that follow from the shapes of its parameters there, and PyTorch's own defaults. */
    readonly options: (shapes: PytorchShapes) => object;
    /** How its parameters go over to PyTorch's layout. */
    readonly layouts: (
      shapes: Readonly<Record<string, Shape>>,
      node: N,
      map?: Shape,
    ) => Record<string, TensorLayout>;
    /** The map `[height, width, channels]` whose flattened entries are its value, if they are: PyTorch orders them otherwise. */
    readonly flattened: (
      node: N,
      inputs: readonly Shape[],
      maps: readonly (Shape | undefined)[],
    ) => Shape | undefined;
  };
  readonly layersModel: {
    /** Its value as layers of tfjs, one of them by the name of its id where it has weights. */
    readonly write: (node: N, inputs: readonly tf.SymbolicTensor[], shapes: NodeShapes) => tf.SymbolicTensor;
    /** The weights of that layer, new or the parameters themselves. */
    readonly weights: ((node: N, params: Params, shapes: NodeShapes) => tf.Tensor[]) | null;
    /** How layers of tfjs become this op, by their class. */
    readonly readers: Readonly<Record<string, LayerReader>>;
  };
}

export interface ForwardContext {
  readonly params: Params;
  /** `[batch, ...network.input]` */
  readonly x: tf.Tensor;
  readonly mode: 'inference' | 'training';
  readonly onStatistics?: (node: BatchNormNode, mean: tf.Tensor1D, variance: tf.Tensor1D) => void;
  readonly seed?: tf.Tensor1D;
}

export interface LinearContext {
  /** Parameters lifted to |θ|^power; running statistics. */
  readonly s: Params;
  readonly x: tf.Tensor;
  readonly policy: Required<LinearPolicy>;
  /** What a node adds, where the policy counts it. */
  readonly shift: (name?: string) => tf.Tensor | undefined;
  /** What a fixed factor is raised to. */
  readonly exponent: Power | 0;
}

/** A derivative; absent where it is 0. */
export type Tangent = tf.Tensor | undefined;

export interface TangentPoint {
  readonly inputs: readonly tf.Tensor[];
  readonly tangents: readonly Tangent[];
  readonly output: tf.Tensor;
}

/** Several cotangents for each example, of the value of an op. */
export interface CotangentPoint {
  /** Each `[examples, ...shape]`. */
  readonly inputs: readonly tf.Tensor[];
  /** `[examples, cotangents, ...shape]` */
  readonly cotangents: tf.Tensor;
}

/**
 * The gradients of one parameter for each example and cotangent: written out, or as the sum over places of the products of
 * every number read with every number of the cotangent, which is a matrix of the kernel's entries in order.
 */
export type ExampleGradients =
  /** `[examples, cotangents, ...shape]` */
  | { readonly rows: tf.Tensor }
  /** `[examples, places, in]` and `[examples, cotangents, places, out]` */
  | { readonly read: tf.Tensor; readonly cotangents: tf.Tensor };

export interface TangentContext extends ForwardContext {
  /** Derivatives of the parameters, by name; of others 0. */
  readonly directions: TensorRecord;
  readonly inputDirection?: Tangent;
}

export interface NodeShapes {
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

/** One step of a path: from a unit of a node's input to a unit of its value, over a weight or none (−1). */
export type VisitEdge = (from: number, to: number, weight: number) => void;

export interface EdgeOptions {
  /** Which of its inputs the edges come from, by position; the first by default. */
  readonly place?: number;
  /** Entries of the weight at 0 are left out; all are visited by default. */
  readonly kept?: ArrayLike<number>;
  /** Only the first so many channels of a layer's value; all by default. */
  readonly channels?: number;
}

/** Parameters as numbers, by name. */
export type Values = Readonly<Record<string, ArrayLike<number>>>;

export type EdgeFactor = (to: number, weight: number) => number;

/** A channel of an input, by position, and the channel of the value that stays and goes with it. */
export type VisitTie = (place: number, from: number, to: number) => void;

/** What a channel is at every place of every sample; undefined where it varies. */
export type Constant = number | undefined;

export interface ConstantContext {
  /** Batch norm and dropout are as the mode has them. */
  readonly mode: 'inference' | 'training';
  readonly values: Values;
}

/** Channels that are left, in ascending order: of each input, and of the value. */
export interface KeptChannels {
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
}

/** By unit of a value: the unit whose value it passes on, or −1. */
export interface Gates {
  readonly from: Int32Array;
  /** What it is multiplied with; 1 where absent. */
  readonly slope?: Float64Array;
}

/** Shapes of a layer's parameters in PyTorch's layout, by their names there. */
export interface PytorchShapes {
  readonly weight?: Shape;
  readonly bias?: Shape;
}

/** How one tensor goes over: reshape to `split`, transpose by `order`, reshape to `shape`. */
export interface TensorLayout {
  readonly split: Shape;
  readonly order: readonly number[];
  readonly shape: Shape;
}

/** The extents of one sample, without the batch: `[features]`, or `[height, width, channels]`. */
export type Shape = readonly number[];

/** Zeros added around a map: the same on every side, or per side. PyTorch's convolutions pad symmetrically. */
export type Padding = number | readonly [top: number, bottom: number, left: number, right: number];

export interface NodeOf<Op extends string> {
  /** Unique within the network and, by default, the prefix of its parameters' names: `stage2/block1/conv1`. */
  readonly id: string;
  readonly op: Op;
  /** Ids of the nodes whose values this one reads. */
  readonly inputs: readonly string[];
}

/** The one entry of the network. */
export interface InputNode extends NodeOf<'input'> {
  readonly shape: Shape;
}

/** y = x W + b, with W `[in, units]`. */
export interface DenseNode extends NodeOf<'dense'> {
  readonly units: number;
  /** Name of the kernel parameter. */
  readonly kernel: string;
  /** Name of the bias parameter; no bias where absent. */
  readonly bias?: string;
}

/** Cross-correlation with a kernel `[height, width, in, filters]`. */
export interface Conv2dNode extends NodeOf<'conv2d'> {
  readonly filters: number;
  readonly size: readonly [height: number, width: number];
  readonly stride: number;
  readonly padding: Padding;
  readonly kernel: string;
  readonly bias?: string;
}

/** γ (x − μ) / √(σ² + ε) + β for each channel; μ, σ² are the batch's in training, running averages otherwise. */
export interface BatchNormNode extends NodeOf<'batchNorm'> {
  readonly epsilon: number;
  readonly gamma: string;
  readonly beta: string;
  readonly mean: string;
  readonly variance: string;
}

export type ReluNode = NodeOf<'relu'>;

/** The largest (`maxPool`) or the mean (`avgPool`) of each window; without padding. */
export interface PoolNode<Op extends 'maxPool' | 'avgPool'> extends NodeOf<Op> {
  readonly size: number;
  readonly stride: number;
}

/** The mean over height and width: `[height, width, channels]` → `[channels]`. */
export type GlobalAvgPoolNode = NodeOf<'globalAvgPool'>;

/** `[height, width, channels]` → `[height · width · channels]`, channels fastest. */
export type FlattenNode = NodeOf<'flatten'>;

/** The sum of two or more values of one shape. */
export type AddNode = NodeOf<'add'>;

/** x times one weight a channel: the identity shortcut of the paper's published ResNets, whose weights stay at 1. */
export interface ChannelScaleNode extends NodeOf<'channelScale'> {
  readonly scale: string;
}

export type Node =
  | InputNode
  | DenseNode
  | Conv2dNode
  | BatchNormNode
  | ReluNode
  | PoolNode<'maxPool'>
  | PoolNode<'avgPool'>
  | GlobalAvgPoolNode
  | FlattenNode
  | AddNode
  | ChannelScaleNode;

export type Op = Node['op'];
export type NodeWith<O extends Op> = Extract<Node, { op: O }>;

/** What a parameter is to its layer; pruning concerns kernels alone, training all but mean, variance and scale. */
export type Role = 'kernel' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance' | 'scale';

/** How parameters are drawn at the start; `initialise` says what each name means. */
export type Initialiser =
  | 'kaimingNormal'
  | 'kaimingUniform'
  | 'orthogonal'
  | 'pytorch'
  | 'torchvisionVgg'
  | 'torchvisionResnet';

/** The description of one parameter tensor. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly role: Role;
  /** Id of the node it belongs to. */
  readonly layer: string;
  /** Inputs summed into one output unit: `in` of a dense layer, `height · width · in` of a convolution; kernels only. */
  readonly fanIn?: number;
}

/** A feed-forward network as data: nodes in topological order, the last one the output `[classes]`. Never mutated. */
export interface Network {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly input: Shape;
  readonly classes: number;
  /** Shape of each node's value, by id. */
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Every parameter and running statistic, in order of the nodes. */
  readonly parameters: readonly ParameterSpec[];
  /** What its kernels are drawn with unless told otherwise; `kaimingNormal` where absent. */
  readonly initialiser?: Initialiser;
}

import type { Node } from './ops';

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
  /** `false` where pruning is not to touch its kernel. */
  readonly prunable?: boolean;
  /** `false` where training is not to change its parameters. */
  readonly trainable?: boolean;
}

/** What a parameter is to its layer; pruning concerns kernels alone, training all but mean, variance and scale. */
export type Role = 'kernel' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance' | 'scale' | 'slope';

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
  /** Inputs summed into one output unit: `in` of a dense layer, `height · width · in / groups` of a convolution; kernels only. */
  readonly fanIn?: number;
  /** Parts that its inputs and outputs are divided into, each connected in itself; 1 where absent. */
  readonly groups?: number;
  /** `false` where pruning is not to touch it; absent otherwise. */
  readonly prunable?: boolean;
  /** `false` where training is not to change it; absent otherwise. */
  readonly trainable?: boolean;
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

import type { Initialiser } from '../../network';
import type { Gate, MethodName, PruneOptions, Schedule as PruningSchedule, Scope } from '../../prune';
import type {
  AdamOptimiser,
  LossName,
  Penalty,
  RecordOptions,
  Schedule,
  SgdOptimiser,
  SparseSettings,
  SparseTrainingName,
} from '../../train';
import type { PluginName } from '../plugins/plugin';

/** One run of an experiment, complete: plain JSON with every option that has a default filled in. */
export interface Config {
  /** Whose entries it may name; none where absent. */
  plugins?: PluginName[];
  data: DataConfig;
  model: ModelConfig;
  /** How kernels are drawn; what the model asks for where absent. */
  initialiser?: Initialiser;
  /** Of the initial weights, of pruning and of the order of the images; 1 by default. */
  seed: number;
  /** The network stays dense where absent. */
  prune?: PruneConfig;
  /** Only measured as it starts where absent. */
  train?: TrainConfig;
  /** What epochs record; `quantities` in the order of their names, absent for none. */
  record: Required<Omit<RecordOptions, 'quantities'>> & Pick<RecordOptions, 'quantities'>;
}

export interface DataConfig {
  /** A key of `datasets`. */
  name: string;
  /** Images of each split, as many of each class as possible; all there are (a synthetic set's own number) where absent. */
  train?: number;
  test?: number;
  /** Synthetic sets only: which images are made; 0 where absent. */
  seed?: number;
  /** Where a downloaded set's files are, from the project's folder on; their usual place where absent. */
  folder?: string;
}

export interface ModelConfig {
  /** A key of `architectures`, or `fc` with a width and a depth of its own. */
  name: string;
  /** `fc` only: units of each hidden layer; 100 by default. */
  width?: number;
  /** `fc` only: dense layers, the classifier included; 6 by default. */
  depth?: number;
  /** `fc` only: whether hidden layers add what they read, as `fc` says; absent for false. */
  skip?: boolean | 'around';
  /** Residual networks only; false by default. */
  identityWeights?: boolean;
  /** What a plug-in's model is given beside the shape of images and the number of classes; nothing by default. */
  options?: Record<string, unknown>;
}

export interface PruneConfig {
  method: MethodName;
  /** Of the method, from 2 on; absent for 1, and for a plug-in's. Filled in: a run of another version is another run. */
  version?: number;
  /** Fraction of the weights to keep, to 12 digits, so that compression 3 and exponent log10 3 are the same run. */
  density: number;
  /** How often the masked network is scored; the method's own number by default, which a plug-in's keeps to itself. */
  iterations?: PruneOptions['iterations'];
  /** Layers to prune, or not to prune, sorted: ids in which `*` stands for any text; all are pruned where both are absent. */
  only?: string[];
  except?: string[];
  /** Batch norm's statistics in scoring with images; as the method has it where absent, which is a run of another name. */
  batchNorm?: PruneOptions['batchNorm'];
  schedule: PruningSchedule;
  scope: Scope;
  /**
   * `exact` (default) keeps the highest scores; `as-published` cuts at a threshold, ties and all; `sampled` draws weights by their
   * scores.
   */
  rule: 'exact' | 'as-published' | 'sampled';
  /** With the rule `sampled`, as of `prune`: 1 and false by default, absent with the other rules. */
  temperature?: number;
  replacement?: boolean;
  /** What is taken from the method, as of `prune`, to see whether it matters; nothing where absent. */
  gate?: Gate;
  /** `freeze`: what the mask cuts keeps its first value and is not trained, as of `training.frozenBy`; it is 0 where absent. */
  apply?: 'freeze';
  /** Images of each class for methods that score with images; 10 by default. */
  perClass: number;
  /** Which they are: `balanced` by default; `as-published` are just as many of whatever classes, pixels in [0, 1]. */
  images: 'balanced' | 'as-published';
}

/** A name of `training.sparseTrainings` with all its options. */
export type SparseConfig = { method: SparseTrainingName } & Partial<SparseSettings>;

/** Training, with the optimiser's numbers beside the others. */
export type TrainConfig = {
  epochs: number;
  /** Images a step; 64 by default, or all images where there are fewer. */
  batch: number;
  schedule?: Required<Schedule>;
  /** False by default. */
  augment: boolean;
  /** Whether a smaller network is trained in place of the masked one, as of `train`; where that pays where absent. */
  compact?: boolean;
  /** What is made small, as of `train`; cross-entropy where absent. */
  loss?: LossName;
  /** Whether the network linearised at its first weights is trained in its place, masked where it is; false where absent. */
  linearised?: boolean;
  /** How the mask changes on the way; it stays where absent. */
  sparse?: SparseConfig;
  /** The part of the training images that is held out; as of `train` where absent. */
  validation?: number;
  /** What is made small beside the loss, as of `train`; nothing where absent. */
  penalty?: Required<Penalty>;
} & (OptimiserConfig<AdamOptimiser> | OptimiserConfig<SgdOptimiser>);

export type OptimiserConfig<O extends { kind: string }> = { optimiser: O['kind'] } & {
  -readonly [K in keyof Omit<O, 'kind'>]: O[K];
};

/**
 * A configuration as one writes it: defaults may be left out, `data` and `model` may be a name alone, and how much to prune
 * is one of `density`, `compression` (1 / density) and `exponent` (its decimal logarithm).
 */
export interface ConfigInput {
  /** Files, from the project's folder on or by whole paths, or packages, whose methods, models, data sets and quantities it may name. */
  plugins?: readonly (string | PluginName)[];
  data: string | DataConfig;
  model: string | ModelConfig;
  initialiser?: Initialiser;
  seed?: number;
  prune?: { method: MethodName; density?: number; compression?: number; exponent?: number } & {
    apply?: 'zero' | 'freeze';
    only?: string | readonly string[];
    except?: string | readonly string[];
  } & Partial<Omit<PruneConfig, 'method' | 'density' | 'version' | 'only' | 'except' | 'apply'>>;
  train?: {
    epochs: number;
    batch?: number;
    schedule?: Schedule;
    augment?: boolean;
    compact?: boolean;
    loss?: LossName;
    linearised?: boolean;
    sparse?: SparseConfig;
    validation?: number;
    penalty?: Penalty;
    optimiser?: 'adam' | 'sgd';
  } & Partial<Omit<AdamOptimiser, 'kind'> & Omit<SgdOptimiser, 'kind'>>;
  record?: RecordOptions;
}

import type { About, ScoreArray, Survivors } from '../../prune';
import type { Random } from '../../tensor';

/** What a policy is to plan for. */
export interface Plan {
  /** Training steps in all. */
  steps: number;
  /** Steps in an epoch. */
  epoch: number;
  /** Weights of each kernel, in order of the layers. */
  sizes: readonly number[];
  /** How many of each are kept at the start. */
  kept: readonly number[];
}

/** What an update of the mask looks at: by kernel in order of the layers, flat; all numbers of float32 or all of float64. */
export interface Moment {
  /** The training step, counted from 1, that it comes with. */
  step: number;
  /** After that step, or in its place; pruned ones are 0. */
  weights: readonly ScoreArray[];
  kept: Survivors;
  /** Of the mean loss on that step's images at the weights before it: of pruned weights too, without weight decay. */
  gradients: readonly ScoreArray[];
  /** For this update alone. */
  random: Random;
}

/** When and how the mask changes during a training. */
export interface SparsePolicy {
  /** Whether the mask changes with a training step, counted from 1. */
  due(step: number): boolean;
  /** Which weights are kept from then on. What is kept before and after keeps value and averages, whatever else comes back starts at 0. */
  update(moment: Moment): Survivors;
  /** Whether an update takes the place of the optimiser's step; it follows the step where absent. */
  replacesStep?: boolean;
  /** The fraction of the weights that an update prunes to; undefined where it leaves their number alone. */
  density?(step: number): number | undefined;
  /** The fraction of each layer's kept weights that an update drops, as many of which grow; undefined where none do. */
  rate?(step: number): number | undefined;
}

/** Options of sparse trainings; each takes some of them, with defaults of its own. */
export interface SparseSettings {
  /** Steps between two updates, or `epoch`. */
  every: number | 'epoch';
  /** The part of the training after which updates begin. */
  begin: number;
  /** The part of the training after which they end. */
  end: number;
  /** The fraction of the weights that is left in the end; where only the start's mask says so, there is no such option. */
  density: number;
  /** The fraction of each layer's kept weights that an update replaces, at first. */
  fraction: number;
  /** How that fraction goes on: to 0 along half a cosine, or as it is. */
  decay: 'cosine' | 'constant';
  /** Whether an update takes the place of the optimiser's step. */
  replacesStep: boolean;
  /** `global` compares all weights, `layer` keeps the same fraction of each layer. */
  scope: 'global' | 'layer';
}

/** By which images the best epoch is chosen to be reported; `last` chooses none. */
export type Selection = 'validation' | 'test' | 'last';

/** A way to change the mask during training, as the library's own are; `sparse.method` takes one of your own as well. */
export interface SparseTraining {
  /** One line: what is dropped and grown, and where it is from. */
  description: string;
  /** Where it stands among the others; the library's own all have it. */
  about?: About;
  /** The options it takes; one without a default, undefined here, has to be given. */
  options: Partial<{ [Name in keyof SparseSettings]: SparseSettings[Name] | undefined }>;
  /** Which epoch is reported, by default: the best on held-out training images where absent, on the test images, or the last. */
  selection?: Selection;
  /** @param settings of its options, all */
  policy(settings: SparseSettings, plan: Plan): SparsePolicy;
}

/** One of the library's own. */
export type DescribedTraining = SparseTraining & { about: About };

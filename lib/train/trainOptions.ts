import type { Dataset } from '../data';
import type { Mask } from '../network';
import type { TraceOptions } from '../path';
import type { Freeze } from './freeze';
import type { Objective } from './objective';
import type { Optimiser } from './optimiser';
import type { Penalty } from './penalty';
import type { Schedule } from './schedule';
import type { SparseOptions } from './sparse';
import type { TrainingState } from './trainingState';

/** What and how a trainer trains. */
export interface TrainerOptions extends Objective {
  data: Dataset;
  /** Which weights are kept; the others are exactly 0 throughout, or to begin with where `sparse` is given. All are kept by default. */
  mask?: Mask;
  /** How the mask changes on the way; it stays by default. */
  sparse?: SparseOptions;
  /** Epochs in all, which the schedule of `sparse` is made for; `train` gives its own. */
  epochs?: number;
  /**
   * The part of the training images that is held out, not trained on but measured after each epoch, as `datasets.holdOut` has it. By default
   * 0.1 where `sparse` is given and is not as published, otherwise 0, none.
   */
  validation?: number;
  /** What keeps its value beside what is pruned; everything else is trained by default. */
  freeze?: Freeze;
  /** What is made small beside the loss, of which the losses of rows have no part; nothing by default. */
  penalty?: Penalty;
  /** Images a step; 64 by default, as in the paper's experiments, or all images where there are fewer. */
  batch?: number;
  /** `adam()` by default. */
  optimiser?: Optimiser;
  /** Epochs after which the learning rate drops; it stays by default. */
  schedule?: Schedule;
  /** Gives the order of the images and their augmentation; 1 by default. */
  seed?: number;
  /** Moves and flips training images at random; false by default. */
  augment?: boolean;
  /**
   * How many steps of the training the given parameters have behind them, as where weights are rewound: epochs, the order of the images
   * and the learning rate go on from there, running averages start anew; 0 by default.
   */
  fromStep?: number;
  /** What is measured after each epoch. */
  record?: RecordOptions;
  /**
   * Whether the smaller network is trained that a masked one comes down to, as `nets.compact` makes it: the same outputs and
   * gradients but for rounding, which training amplifies over time. By default where it saves a tenth of the multiplications
   * and a million a sample; `true` wherever it saves any, `false` never, as where the network is linearised. Rows, parameters and states are those of the whole
   * network all the same, but for the running statistics of channels that no output depends on, which stay as they are.
   */
  compact?: boolean;
  /**
   * Continues, to the bit, where an earlier training with the same options stood; a fresh start by default. A state's own mask
   * goes on; one given beside it has to be the same.
   */
  resume?: TrainingState;
}

export interface RecordOptions {
  /** Which Path-Kernel trace, or none; `weights` by default. */
  trace?: NonNullable<TraceOptions['convention']> | false;
  /** Whether loss and accuracy on the test images; true by default. */
  test?: boolean;
  /** Names of further quantities, such as those of `training.registerQuantity`; none by default. */
  quantities?: readonly string[];
}

import { checkFunctions, checkNames, invalid, lookUp } from '../../base';
import {
  checkMask,
  checkParams,
  type Initialiser,
  initialisers,
  type Mask,
  type Network,
  type ParameterSpec,
  type Params,
} from '../../network';
import { checkDensity, type LayerChoice, layersOf } from '../../prune';
import { checkData, checkTrainingNames, defaultBatch, optionNames } from '../checkOptions';
import type { EpochRow } from '../epochRow';
import type { TrainOptions } from '../train';
import { type Branch, branches } from './branch';
import { type LevelRule, levelRules } from './pruneSmallest';

/** What a level's choice knows of it. */
export interface LevelContext {
  /** From 1, the first that cuts. */
  level: number;
  /** What the level before has trained its weights to; pruned ones are 0. */
  trained: Params;
  /** Which weights it kept. */
  mask: Mask;
}

export interface IterativeMagnitudeOptions
  extends Omit<TrainOptions, 'mask' | 'sparse' | 'validation' | 'fromStep' | 'resume' | 'onEpoch'>,
    LayerChoice {
  /** How often weights are pruned, 1 or more: one more training than that. */
  levels: number;
  /** Of the weights left, the share that a level prunes; 0.2 by default. */
  fraction?: number;
  /** The step that weights are rewound to after a level; 0, the initial weights, by default. */
  rewind?: number;
  /** How many weights a level prunes; `exact` by default. */
  rule?: LevelRule;
  /** What the last mask is trained from; `retrain` by default, and false for no last training. */
  branch?: Branch | false;
  /** Of the weights of the branch `reinitialise`; what the network asks for by default. */
  initialiser?: Initialiser;
  /**
   * Weights that no level prunes, 1 for each: the same always, or those that a function names for each level, as the spanning forest
   * of what is left of the trained weights. The caller keeps a mask that is given, a function's is disposed of.
   */
  keep?: Mask | ((at: LevelContext) => Mask | Promise<Mask>);
  /** Called after each level with its row; `state` hands out what is needed to resume after it, whose tensors are the caller's. */
  onLevel?: (row: LevelRow, state: () => LevelState) => void | Promise<void>;
  /** Goes on after the level that a state was handed out at, with the same options; from the start by default. */
  resume?: LevelState;
}

/** A level's mask, and the last epoch of its training. */
export interface LevelRow extends EpochRow {
  /** 0 for the training of all weights. */
  level: number;
  /** Weights kept, of those that are pruned at all, and their share. */
  kept: number;
  density: number;
}

/** Where iterative pruning stands between two levels. */
export interface LevelState {
  rows: LevelRow[];
  /** What is rewound to. */
  rewound: Params;
  /** Of the next level. */
  mask: Mask;
}

/** What iterative pruning leaves behind; the caller disposes of the tensors. */
export interface Ticket {
  /** A row for each level that was trained, from 0. */
  rows: LevelRow[];
  /** Which weights are kept after the last level; all where it was stopped before the first. */
  mask: Mask;
  /** The weights that were rewound to, pruned ones included. */
  rewound: Params;
  /** As they are after the last training. */
  params: Params;
  /** Whether a signal, or Stop in a notebook, ended it early. */
  interrupted: boolean;
}

/** Options with their defaults, those of each training apart. */
export interface Settled {
  training: Omit<TrainOptions, 'mask' | 'fromStep' | 'resume' | 'onEpoch' | 'signal' | 'onProgress'>;
  levels: number;
  fraction: number;
  rewind: number;
  rule: LevelRule;
  branch: Branch | false;
  keep?: IterativeMagnitudeOptions['keep'];
  kernels: readonly ParameterSpec[];
  /** How many there will be, and their steps. */
  trainings: number;
  length: number;
}

/** @throws `invalid …` for what is out of range or does not fit the network; what trainings alone take they check themselves */
export function settle(network: Network, params: Params, options: IterativeMagnitudeOptions): Settled {
  const { mask: _, fromStep: _f, sparse: _s, validation: _v, ...others } = optionNames;
  checkTrainingNames('iterativeMagnitude', options, {
    ...others,
    ...{ epochs: 1, levels: 1, fraction: 1, rewind: 1, rule: 1, branch: 1, initialiser: 1, keep: 1 },
    ...{ only: 1, except: 1, onLevel: 1, onProgress: 1, signal: 1 },
  });
  const { levels, fraction = 0.2, rewind = 0, rule = 'exact', branch = 'retrain', ...rest } = options;
  const { initialiser, keep, only, except, onLevel, onProgress, signal: ___, resume, ...training } = rest;
  const { data, epochs } = training;
  checkFunctions({ onLevel, onProgress });
  checkParams(network, params);
  checkData(network, data, training.loss);
  if (!(Number.isInteger(levels) && levels >= 1))
    throw invalid('levels', 'not a whole number of 1 or more', levels);
  if (!(0 < fraction && fraction < 1)) throw invalid('fraction', 'not in (0, 1)', fraction);
  if (!(Number.isInteger(epochs) && epochs >= 1))
    throw invalid('epochs', 'not a whole number of 1 or more', epochs);
  if (!(Number.isInteger(rewind) && rewind >= 0))
    throw invalid('rewind', 'not a whole number of 0 or more', rewind);
  lookUp('rule', levelRules, rule);
  if (branch !== false) lookUp('branch', branches, branch);
  if (initialiser !== undefined) lookUp('initialiser', initialisers, initialiser);
  const kernels = layersOf(network, { only, except });
  checkDensity(network, { density: (1 - fraction) ** levels }, kernels);
  if (keep && typeof keep !== 'function') checkMask(network, keep, 'keep');
  const steps = epochs * Math.ceil(data.train.count / (training.batch ?? defaultBatch(data)));
  if (!(rewind < steps)) throw invalid('rewind', `not before the last of ${steps} steps`, rewind);
  if (resume) checkResume(network, resume, levels);
  const trainings = branch === false ? levels : levels + 1;
  const length = steps - rewind;
  return { training, levels, fraction, rewind, rule, branch, keep, kernels, trainings, length };
}

function checkResume(network: Network, state: LevelState, levels: number): void {
  checkNames('resume', state, { rows: 1, rewound: 1, mask: 1 });
  checkParams(network, state.rewound);
  checkMask(network, state.mask);
  if (
    !(
      Array.isArray(state.rows) &&
      state.rows.length <= levels + 1 &&
      state.rows.every(({ level }, i) => level === i)
    )
  )
    throw invalid('resume', `has not the rows of up to ${levels + 1} levels, from 0 on`, state.rows?.length);
}

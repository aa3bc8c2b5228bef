import { breathe, checkNames, invalid, type Progress } from '../base';
import { kernelsOf, type Network, type ParameterSpec, type Params } from '../network';
import { inPhase } from '../tensor';
import type { ScoreArray, ScoreContext, ScoringMethod } from './method';
import type { Schedule } from './schedule';
import { type Scored, startScoring } from './scoring';
import { allSurvive, countOf, narrow, type Scope, type Select, type Survivors } from './select';
import { targets } from './targets';

/** Where pruning stands after one step; lists are in order of the kernels. */
export interface PruneStep {
  /** 1 for the first. */
  iteration: number;
  /** How many there will be, which is a guess until the last where the number is adaptive. */
  iterations: number;
  density: number;
  /** What the step chose by: one list for each kernel, good until the next step. */
  scores: readonly ScoreArray[];
  /** What was kept before the step, and what is after it. */
  before: Survivors;
  kept: Survivors;
}

export interface StepOptions {
  /** Fraction of the weights of `kernels` to keep. */
  density: number;
  /** See `PruneOptions`. */
  iterations: number | 'adaptive';
  schedule?: Schedule;
  scope: Scope;
  select: Select;
  /** The kernels that are pruned; all by default, and the others keep what they have. */
  kernels?: readonly ParameterSpec[];
  /** What is kept at the start; all by default. */
  start?: Survivors;
  /** See `PruneOptions`. */
  compact?: boolean;
}

/**
 * Prunes step by step: the masked network is scored, and of the weights left those to keep at the step's density are chosen.
 *
 * Weights cut stay at 0, so that only a method that `readmits` gives one back its value. After a step that cuts nothing the scores are those it had,
 * unless they were drawn.
 */
export async function* pruneSteps(
  network: Network,
  params: Params,
  method: ScoringMethod,
  options: StepOptions,
  context: ScoreContext,
): AsyncGenerator<PruneStep> {
  checkNames('pruneSteps', options, optionNames);
  const all = kernelsOf(network);
  const sizes = all.map(({ name }) => params[name].size);
  const { start = allSurvive(sizes), select, kernels = all } = options;
  const places = kernels.map(({ name }) => all.findIndex((kernel) => kernel.name === name));
  const pruned = <T>(list: readonly T[]) => places.map((k) => list[k]);
  const pool = method.readmits ? allSurvive(sizes) : start;
  const nextTarget = targets(options, pruned(sizes), pruned(start));
  const scoring = startScoring(network, params, method, options.compact);
  let kept = start;
  let same: Scored | undefined;
  try {
    if (options.start) scoring.keep(allSurvive(sizes), kept);
    for (let step = 0; ; step++) {
      context.signal?.throwIfAborted();
      const stepContext = { ...context, random: context.random.fork(step) };
      const masked = step > 0 || options.start ? kept : undefined;
      const scored = same ?? (await inPhase('scoring', () => scoring.scores(stepContext, masked)));
      const { scores } = scored;
      const before = kept;
      const choice = {
        scores: pruned(scores),
        candidates: pruned(method.readmits || select.readmits ? pool : before),
        kernels,
        random: context.random.fork('select').fork(step),
      };
      const choose = (density: number) => {
        try {
          return narrow(select, options.scope, { ...choice, density });
        } catch (error) {
          throw nanIn(kernels, choice.scores) ?? error;
        }
      };
      const { density, planned, isLast, chosen } = inPhase('choosing', () => {
        const target = nextTarget(pruned(before), choice.scores, choose);
        const isAll = same !== undefined && target.density === 1;
        return { ...target, chosen: isAll ? pruned(before) : choose(target.density) };
      });
      kept = before.map((indices, k) => (places.includes(k) ? chosen[places.indexOf(k)] : indices));
      const iteration = step + 1;
      yield { iteration, iterations: Math.max(planned, iteration), density, scores, before, kept };
      if (isLast) return;
      const isCut = method.readmits || select.readmits || countOf(kept) < countOf(before);
      same = isCut || scored.areDrawn ? undefined : scored;
      if (isCut) inPhase('masking', () => scoring.keep(before, kept));
      await breathe();
    }
  } finally {
    scoring.dispose();
  }
}

/** The error for the first score that is NaN, by its layer; undefined where none is. */
function nanIn(kernels: readonly ParameterSpec[], scores: readonly ScoreArray[]): Error | undefined {
  const k = scores.findIndex((values) => values.some(Number.isNaN));
  return k < 0 ? undefined : invalid('scores', `${kernels[k].name} has among its scores`, Number.NaN);
}

const optionNames: Record<keyof StepOptions, 1> = {
  ...{ density: 1, iterations: 1, schedule: 1 },
  ...{ scope: 1, select: 1, kernels: 1, start: 1, compact: 1 },
};

/** How far a step is on the way. */
export function progressOf({ iteration, iterations, density }: PruneStep): Progress {
  return { done: iteration, total: iterations, message: `density ${density.toPrecision(3)}` };
}

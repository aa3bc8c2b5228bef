import { breathe, checkNames, invalid, type Progress, product } from '../base';
import { kernelsOf, type Mask, type Network, type ParameterSpec, type Params } from '../network';
import { inPhase, mapRecord, tf } from '../tensor';
import { maskedWeights } from './maskedWeights';
import type { ScoreArray, ScoreContext, ScoreRecord, ScoringMethod } from './method';
import type { Schedule } from './schedule';
import { allSurvive, countOf, narrow, type Scope, type Select, type Survivors, survivorMask } from './select';
import { targets } from './targets';

/** Where pruning stands after one step; lists are in order of the kernels. */
export interface PruneStep {
  /** 1 for the first. */
  iteration: number;
  /** How many there will be, which is a guess until the last where the number is adaptive. */
  iterations: number;
  density: number;
  /** What the step chose by: one list for each kernel. */
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
  const weights = method.readmits ? undefined : maskedWeights(network, params);
  let kept = start;
  let same: Scored | undefined;
  try {
    if (options.start) weights?.keep(allSurvive(sizes), kept);
    for (let step = 0; ; step++) {
      context.signal?.throwIfAborted();
      const stepContext = { ...context, random: context.random.fork(step) };
      const masked = step > 0 || options.start ? kept : undefined;
      const scored =
        same ??
        (await inPhase('scoring', () =>
          scoresOf(network, weights?.params() ?? params, method, stepContext, masked),
        ));
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
      if (isCut) inPhase('masking', () => weights?.keep(before, kept));
      await breathe();
    }
  } finally {
    weights?.dispose();
  }
}

/** The error for the first score that is NaN, by its layer; undefined where none is. */
function nanIn(kernels: readonly ParameterSpec[], scores: readonly ScoreArray[]): Error | undefined {
  const k = scores.findIndex((values) => values.some(Number.isNaN));
  return k < 0 ? undefined : invalid('scores', `${kernels[k].name} has among its scores`, Number.NaN);
}

interface Scored {
  scores: ScoreArray[];
  /** Whether the method has used random numbers. */
  areDrawn: boolean;
}

/** The scores of one step; the mask is made where the method looks at it. */
async function scoresOf(
  network: Network,
  params: Params,
  method: ScoringMethod,
  context: ScoreContext,
  kept: Survivors | undefined,
): Promise<Scored> {
  let mask: Mask | undefined;
  let areDrawn = false;
  try {
    const scored = await method.score(network, params, {
      ...context,
      get random() {
        areDrawn = true;
        return context.random;
      },
      get mask() {
        if (kept) mask ??= mapRecord(maskOf(network, kept), (bits) => tf.keep(bits)); // may be asked for in a tidy
        return mask;
      },
    });
    return { scores: scoreArrays(network, scored), areDrawn };
  } finally {
    tf.dispose(mask ?? {});
  }
}

const optionNames: Record<keyof StepOptions, 1> = {
  ...{ density: 1, iterations: 1, schedule: 1 },
  ...{ scope: 1, select: 1, kernels: 1, start: 1 },
};

/** How far a step is on the way. */
export function progressOf({ iteration, iterations, density }: PruneStep): Progress {
  return { done: iteration, total: iterations, message: `density ${density.toPrecision(3)}` };
}

/** 1 for each weight kept, by kernel name; the caller disposes of them. */
export function maskOf(network: Network, kept: Survivors): Mask {
  const kernels = kernelsOf(network);
  const bits = survivorMask(
    kept,
    kernels.map(({ shape }) => product(shape)),
  );
  return Object.fromEntries(kernels.map(({ name, shape }, k) => [name, tf.tensor(bits[k], [...shape])]));
}

/**
 * Numbers of scores in order of the kernels, all of one precision; tensors are disposed of.
 *
 * @throws `invalid scores; …` where a kernel has none or as many as do not fit
 */
function scoreArrays(network: Network, scored: ScoreRecord): ScoreArray[] {
  if (typeof scored !== 'object' || scored === null)
    throw invalid('scores', 'not an object of scores by kernel name', scored);
  try {
    const arrays = kernelsOf(network).map(({ name, shape }) => {
      const found = Object.hasOwn(scored, name) ? scored[name] : undefined;
      if (found === undefined) throw invalid('scores', 'the method gave none of', name);
      const values = found instanceof tf.Tensor ? (found.dataSync() as ScoreArray) : found;
      const size = product(shape);
      if (values.length !== size) throw invalid('scores', `not the ${size} of ${name}`, values.length);
      return values;
    });
    const areSingle = arrays.every((values) => values instanceof Float32Array);
    return areSingle
      ? arrays
      : arrays.map((values) => (values instanceof Float64Array ? values : Float64Array.from(values)));
  } finally {
    for (const score of Object.values(scored)) if (score instanceof tf.Tensor) score.dispose();
  }
}

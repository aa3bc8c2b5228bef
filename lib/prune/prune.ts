import { checkNames, invalid, type LongWork, lookUp, product } from '../base';
import { interruptible } from '../base/interrupt';
import type { Dataset, PruningBatchOptions } from '../data';
import {
  checkMask,
  checkParams,
  type Initialiser,
  kernelsOf,
  type Mask,
  type Network,
  type ParameterSpec,
  type Params,
} from '../network';
import { inPhase, tf } from '../tensor';
import { checkDensity, checkLayerDensities, type HowMuch } from './checkDensity';
import { type Gate, reinitialise } from './gates';
import { checkGate } from './gates/gate';
import { inverted } from './gates/inverted';
import { shuffled } from './gates/shuffleMask';
import { gatherContext } from './gatherContext';
import { type LayerChoice, layersOf } from './layersOf';
import { maskOf } from './maskOf';
import {
  type BuildingMethod,
  isBuilding,
  type Method,
  type ScoreBatch,
  type ScoreContext,
  type ScoringMethod,
} from './method';
import { methodOf } from './methodOf';
import type { MethodName } from './methods';
import { type Counts, type PruneReport, pruneReport } from './pruneReport';
import { progressOf, pruneSteps, type StepOptions } from './pruneSteps';
import { reentered } from './reentered';
import { densities, type Schedule } from './schedule';
import {
  allSurvive,
  checkSampling,
  countOf,
  isSampled,
  type Sampling,
  type Scope,
  type Select,
  type SelectionName,
  type Survivors,
  selectionOf,
  selections,
  survivorsOf,
  survivorsUnder,
} from './select';
import { tallyTies } from './tallyTies';
import { taxonomyLine, taxonomyOf } from './taxonomy';

export interface PruneOptions extends HowMuch, LayerChoice, LongWork {
  /** A method by name, as {@link methods} lists them, or one of your own. */
  method: MethodName | Method;
  /** Where to start: weights at 0 stay cut, unless the method `readmits`. All are kept by default. The caller keeps it. */
  mask?: Mask;
  /** `global` (default) compares all weights; `layer` keeps the same density in every layer. */
  scope?: Scope;
  /** How the weights to keep follow from the scores: a name of {@link selections} or a function; `top` by default. */
  select?: SelectionName | Select;
  /** With `select: 'sampled'`: see {@link Sampling}. */
  temperature?: Sampling['temperature'];
  replacement?: Sampling['replacement'];
  /** What is taken from the method, to see whether it matters: see {@link Gate}; nothing by default. */
  gate?: Gate;
  /** With `gate: 'reinitialise'`: how the other weights are drawn; as the network asks for by default. */
  initialiser?: Initialiser;
  /**
   * How often the masked network is scored anew; by default 100 for the SynFlow family, 1 for the others. `adaptive`: 100, and
   * as many more, 1000 at most, as it takes for no step to cut as much as the smallest layer's sum; for scores of one sign.
   */
  iterations?: number | 'adaptive';
  /** How the density falls over the iterations; `exponential` by default. */
  schedule?: Schedule;
  /** Seed of random scores and choices and, with `data`, of the choice of images; 1 by default. */
  seed?: number;
  /** Where methods take their images from, if they need any: `perClass` training images of each class. */
  data?: Dataset;
  /** Images of each class taken from `data`; 10 by default. */
  perClass?: number;
  /** Which they are, as `pruningBatch` says: `balanced` by default. */
  images?: PruningBatchOptions['images'];
  /**
   * In place of `data`: images `[batch, ...network.input]` and labels `[batch]`, int32, as `pruningBatch` gives them. A loss is
   * scored with them as they are. The mean image, whose signs would cancel along paths if it were normalised, is that of
   * pixels in [0, 1]: what `pruningBatch` normalised is taken back, other images are taken as they are.
   */
  batch?: ScoreBatch;
  /**
   * Whether in iterations the smaller network is scored that the masked one comes down to, as `nets.compact` makes it: the same
   * scores but for rounding. By default for networks of 100,000 weights and more, where a twelfth of them is left, and of those
   * of the smaller one again; `true` before every iteration, `false` never.
   */
  compact?: boolean;
  /** Batch norm's statistics in scoring with images: see {@link ScoreContext}; by default as the method has it. */
  batchNorm?: ScoreContext['batchNorm'];
}

export interface Pruned {
  /** 1 for each weight kept, 0 for the others, by kernel name; the caller disposes of it. */
  mask: Mask;
  report: PruneReport;
}

/**
 * Chooses the weights to keep before training.
 *
 * @param params the network's initial parameters; they are not changed
 * @returns the mask, and what it does to the network
 * @throws `invalid …` for an unknown method or option, densities out of range, a starting mask that keeps less, layers that do not
 *   exist or would be emptied by `scope: 'layer'`, data that is missing or does not fit, and iterations that are not a
 *   positive whole number, and `batchNorm` for a method that looks at no images; the signal's reason where it is aborted
 */
export async function prune(network: Network, params: Params, options: PruneOptions): Promise<Pruned> {
  checkNames('prune', options, optionNames);
  const { method, label } = methodOf(options.method);
  const { schedule = 'exponential', seed = 1, scope = 'global', select = 'top' } = options;
  const { density: fraction, compression, only, except } = options;
  const { iterations = method.iterations ?? 1 } = options;
  const kernels = layersOf(network, { only, except });
  const density = checkDensity(network, { density: fraction, compression }, kernels);
  if (!Number.isFinite(seed)) throw invalid('seed', 'not a finite number', seed);
  if (iterations !== 'adaptive') densities(density, iterations, schedule);
  checkParams(network, params);
  lookUp('scope', { global: 1, layer: 1 }, scope);
  lookUp('batchNorm', { training: 1, inference: 1 }, options.batchNorm ?? 'training');
  const { gate, initialiser, temperature, replacement } = options;
  checkGate(gate, { method, select, initialiser });
  const chosen = selectionOf(select, { temperature, replacement });
  const steps: StepOptions = {
    density,
    iterations,
    schedule,
    scope,
    select: gate === 'invert' ? inverted(chosen) : chosen,
    kernels,
    compact: options.compact,
    start: options.mask === undefined ? undefined : startOf(network, options.mask),
  };
  if (!method.readmits) checkStart(network, steps);
  // Other choices keep other numbers; the report warns.
  if (scope === 'layer' && typeof select === 'string' && select !== 'threshold')
    checkLayerDensities(kernels, density);
  const sampling = isSampled(select) ? checkSampling({ temperature, replacement }) : undefined;
  const name = typeof select === 'string' ? select : 'own';
  const settings = {
    ...({ method: label, schedule, scope, select: name, seed, requested: density } as const),
    ...(gate && { gate }),
    ...(sampling && { sampling }),
  };
  return interruptible(async (signal) => {
    const { context, release } = gatherContext(method, label, options, seed, signal);
    let others: Params | undefined;
    try {
      if (gate === 'reinitialise') others = reinitialise(network, { seed, initialiser });
      const found = isBuilding(method)
        ? await built(network, others ?? params, method, steps, context)
        : await narrowed(network, others ?? params, method, steps, context, options.onProgress);
      const { done, counts } = found;
      const kept = gate === 'shuffle' ? shuffledIn(network, found.kept, steps, method, context) : found.kept;
      const mask = maskOf(network, kept);
      const taxonomy = taxonomyLine(taxonomyOf(method, done));
      const remarks = [...found.remarks, ...countRemarks(network, kept, steps, sampling)];
      const report = pruneReport(
        network,
        params,
        mask,
        { ...settings, iterations: done, taxonomy },
        remarks,
        counts,
      );
      return { mask, report };
    } finally {
      release();
      tf.dispose(others ?? {});
    }
  }, options.signal);
}

const optionNames: Record<keyof PruneOptions, true> = {
  method: true,
  density: true,
  compression: true,
  only: true,
  except: true,
  mask: true,
  scope: true,
  select: true,
  temperature: true,
  replacement: true,
  gate: true,
  initialiser: true,
  iterations: true,
  schedule: true,
  seed: true,
  data: true,
  perClass: true,
  images: true,
  batch: true,
  batchNorm: true,
  compact: true,
  signal: true,
  onProgress: true,
};

function startOf(network: Network, mask: Mask): Survivors {
  checkMask(network, mask);
  return survivorsUnder(mask, kernelsOf(network));
}

/** @throws `invalid density; …` where the starting mask keeps less already */
function checkStart(network: Network, { start, kernels, density }: StepOptions): void {
  if (!start || !kernels) return;
  const { left, size } = countIn(network, kernels, start);
  if (!(Math.round(density * size) <= left))
    throw invalid('density', `the starting mask keeps only ${left / size}`, density);
}

/** How many of the weights of some kernels are left, and how many there are. */
function countIn(
  network: Network,
  kernels: readonly ParameterSpec[],
  survivors: Survivors,
): { left: number; size: number } {
  const names = new Set(kernels.map(({ name }) => name));
  return {
    left: countOf(survivors.filter((_, k) => names.has(kernelsOf(network)[k].name))),
    size: kernels.reduce((sum, { shape }) => sum + product(shape), 0),
  };
}

interface Found {
  kept: Survivors;
  /** Iterations. */
  done: number;
  /** What the report has to say of the way there. */
  remarks: string[];
  counts?: Counts;
}

/** Scores the masked network and narrows what is kept, step by step. */
async function narrowed(
  network: Network,
  params: Params,
  method: ScoringMethod,
  steps: StepOptions,
  context: ScoreContext,
  onProgress: LongWork['onProgress'],
): Promise<Found> {
  let kept: Survivors = [];
  let [done, returned] = [0, 0];
  const emptied: string[] = [];
  const tally = tallyTies();
  for await (const step of pruneSteps(network, params, method, steps, context)) {
    kept = step.kept;
    done = step.iteration;
    kernelsOf(network).forEach(({ layer }, k) => {
      if (step.before[k].length > 0 && kept[k].length === 0) emptied.push(`${layer} at iteration ${done}`);
    });
    tally.add(step);
    returned += countOf(reentered(step.before, kept));
    onProgress?.(progressOf(step));
  }
  const remarks = readmissions(kept, steps.start);
  // Of a conserved score a step that empties a layer has cut as much as that layer's sum, which smaller steps need not.
  if (method.isConserved && emptied.length > 0)
    remarks.push(
      `cut too much at once: ${emptied.join(', ')} of ${done}; more iterations, or 'adaptive', keep every layer`,
    );
  return { kept, done, remarks, counts: { ties: tally.counts(), reentered: returned } };
}

/** A mask from a method that builds it; layers that are not pruned keep what they have. */
async function built(
  network: Network,
  params: Params,
  method: BuildingMethod,
  steps: StepOptions,
  context: ScoreContext,
): Promise<Found> {
  const { density, kernels = kernelsOf(network), start } = steps;
  const mask = start && maskOf(network, start);
  try {
    const built = await inPhase('building', async () =>
      method.build(network, params, { ...context, mask, density, kernels }),
    );
    try {
      checkMask(network, built);
      const kept = kernelsOf(network).map(({ name }, k) => {
        const before = start?.[k] ?? allSurvive([built[name].size])[0];
        if (!kernels.some((kernel) => kernel.name === name)) return before;
        const bits = built[name].dataSync();
        return method.readmits ? survivorsOf([bits])[0] : before.filter((i) => bits[i] !== 0);
      });
      const { left, size } = countIn(network, kernels, kept);
      const short = Math.round(density * size) - left;
      const remarks = short > 0 ? [`keeps ${short} weights fewer than asked for`] : [];
      return { kept, done: 1, remarks: [...remarks, ...unreadBy(steps), ...readmissions(kept, start)] };
    } finally {
      tf.dispose(built);
    }
  } finally {
    tf.dispose(mask ?? {});
  }
}

/** What is asked of a choice by scores where there is none. */
function unreadBy({ iterations, scope, select }: StepOptions): string[] {
  const unread = Object.entries({
    iterations: iterations !== 1,
    scope: scope !== 'global',
    select: select !== selections.top,
  }).flatMap(([name, isAsked]) => (isAsked ? [name] : []));
  return unread.length > 0
    ? [`the method makes its mask at one go and has not looked at ${unread.join(', ')}`]
    : [];
}

/** What a starting mask had cut and is kept now. */
function readmissions(kept: Survivors, start: Survivors | undefined): string[] {
  if (!start) return [];
  const count = countOf(reentered(start, kept));
  return count > 0 ? [`${count} weights outside the starting mask are back, as the method lets them`] : [];
}

/** As many weights of each layer that is pruned, drawn anew. */
function shuffledIn(
  network: Network,
  kept: Survivors,
  { kernels, start }: StepOptions,
  { readmits }: Method,
  { random }: ScoreContext,
): Survivors {
  const all = kernelsOf(network);
  const pool = start && !readmits ? start : survivorsUnder(undefined, all);
  const names = all.map(({ name }) => name);
  const anew = shuffled(kept, pool, names, random.fork('shuffle'));
  const isPruned = (name: string) => kernels?.some((kernel) => kernel.name === name);
  return kept.map((indices, k) => (isPruned(names[k]) ? anew[k] : indices));
}

/** Why fewer weights are kept than asked for. */
function countRemarks(
  network: Network,
  kept: Survivors,
  { density, kernels = kernelsOf(network), select }: StepOptions,
  sampling: Sampling | undefined,
): string[] {
  const { left, size } = countIn(network, kernels, kept);
  const wanted = Math.round(density * size);
  if (sampling?.replacement)
    return [`sampled with replacement: ${wanted} draws have taken ${left} different weights`];
  const isMuch = wanted - left > Math.max(kernels.length, 0.001 * size * density);
  if (select === selections.threshold && isMuch)
    return [
      `ties: ${wanted - left} more weights were cut than asked for, as they had the score of the threshold`,
    ];
  return [];
}

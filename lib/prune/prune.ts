import { breathe, invalid, type LongWork, lookUp } from '../base';
import { interruptible } from '../base/interrupt';
import { type Dataset, pruningBatch } from '../data';
import { checkParams, kernelsOf, type Mask, type Network, type Params } from '../network';
import { createRandom, tf } from '../tensor';
import { checkDensity, type HowMuch } from './checkDensity';
import { narrowSurvivors, type Rule, type Scope } from './narrow';
import { type PruneReport, pruneReport } from './pruneReport';
import { densities, type Schedule } from './schedule';
import { type MethodName, type ScoreContext, type ScoreMethod, scores } from './scores';
import { allSurvive, type Survivors, survivorMask } from './survivors';

export interface PruneOptions extends HowMuch, LongWork {
  /** Name of the score, as {@link scores} lists them. */
  method: MethodName;
  /** `global` (default) compares all weights; `layer` keeps the same density in every layer. */
  scope?: Scope;
  /** How often the masked network is scored anew; by default 100 for the SynFlow family, 1 for the others. */
  iterations?: number;
  /** How the density falls over the iterations; `exponential` by default. */
  schedule?: Schedule;
  /** How many weights go at a threshold; `exact` by default. */
  rule?: Rule;
  /** Seed of random scores and, with `data`, of the choice of images; 1 by default. */
  seed?: number;
  /** Where SNIP and GraSP take their images from, and the Dist scores their mean image: `perClass` training images of each class. */
  data?: Dataset;
  /** Images of each class taken from `data`; 10 by default. */
  perClass?: number;
  /** In place of `data`: images `[batch, ...network.input]` and labels `[batch]`, int32. */
  batch?: ScoreContext['batch'];
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
 * @throws `invalid …` for an unknown method, densities out of range, data that is missing or does not fit, and iterations
 *   that are not a positive whole number; the signal's reason where it is aborted
 */
export async function prune(network: Network, params: Params, options: PruneOptions): Promise<Pruned> {
  const method: ScoreMethod = lookUp('method', scores, options.method);
  const requested = checkDensity(network, options);
  const { iterations = method.iterations, schedule = 'exponential', seed = 1 } = options;
  const { scope = 'global', rule = 'exact' } = options;
  if (!Number.isFinite(seed)) throw invalid('seed', 'not a finite number', seed);
  const steps = densities(requested, iterations, schedule);
  checkParams(network, params);
  checkChoice('scope', scope, ['global', 'layer']);
  checkChoice('rule', rule, ['exact', 'as-published']);
  const settings = { method: options.method, iterations, schedule, scope, rule, seed, requested };
  return interruptible(async (signal) => {
    const { context, release } = gatherContext(method, options, seed, signal);
    try {
      const kept = await narrowStepwise(network, params, method, steps, { ...options, scope, rule }, context);
      const mask = maskOf(network, kept);
      return { mask, report: pruneReport(network, params, mask, settings) };
    } finally {
      release();
    }
  }, options.signal);
}

/** Scores the masked network and narrows the survivors, once for each density. */
async function narrowStepwise(
  network: Network,
  params: Params,
  method: ScoreMethod,
  steps: readonly number[],
  { scope, rule, onProgress, method: name }: PruneOptions,
  context: ScoreContext,
): Promise<Survivors> {
  const names = kernelsOf(network).map(({ name: kernel }) => kernel);
  const survivors = allSurvive(names.map((kernel) => params[kernel].size));
  const weights = names.map((kernel) => params[kernel].dataSync().slice() as Float32Array);
  let masked: Params = {};
  let mask: Mask | undefined;
  try {
    for (const [step, density] of steps.entries()) {
      context.signal?.throwIfAborted();
      const random = context.random.fork(step);
      const scored = await method.score(network, { ...params, ...masked }, { ...context, random, mask });
      const arrays = names.map((kernel) => scored.scores[kernel].dataSync() as Float32Array);
      tf.dispose([scored.scores, masked, mask ?? []]);
      masked = {};
      mask = undefined;
      narrowSurvivors(arrays, survivors, density, { scope, rule, weights });
      onProgress?.({
        done: step + 1,
        total: steps.length,
        message: `${name}: density ${density.toPrecision(3)}`,
      });
      if (step + 1 === steps.length) break;
      masked = kernelTensors(network, weights);
      // Others have no use for it: what they differentiate is multiplied with the masked weights.
      if (method.needs === 'batch') mask = maskOf(network, survivors);
      await breathe();
    }
  } finally {
    tf.dispose([masked, mask ?? []]);
  }
  return survivors;
}

/** Tensors of the kernels' shapes. */
function kernelTensors(network: Network, values: readonly Float32Array[]): Params {
  return Object.fromEntries(
    kernelsOf(network).map(({ name, shape }, k) => [name, tf.tensor(values[k], [...shape])]),
  );
}

function maskOf(network: Network, survivors: Survivors): Mask {
  const sizes = kernelsOf(network).map(({ shape }) => shape.reduce((product, extent) => product * extent, 1));
  return kernelTensors(network, survivorMask(survivors, sizes));
}

/** The images a method asks for, and the release of those made here. */
function gatherContext(
  { needs }: ScoreMethod,
  { method, data, batch, perClass }: PruneOptions,
  seed: number,
  signal: AbortSignal,
): { context: ScoreContext; release: () => void } {
  const base: ScoreContext = { random: createRandom(seed).fork('prune'), signal };
  if (needs === 'nothing') return { context: base, release() {} };
  if (data === undefined && batch === undefined)
    throw invalid('data', `${method} scores with images; give data or a batch`, data);
  if (data !== undefined && batch !== undefined)
    throw invalid('data', 'give data or a batch, not both', 'both');
  // Signs of a normalised mean image would cancel along paths: as published, pixels stay in [0, 1] for it.
  const drawn = data && pruningBatch(data, { perClass, seed, normalise: needs === 'batch' });
  const images = batch ?? drawn!;
  const meanImage = needs === 'meanImage' ? images.images.mean(0, true) : undefined;
  return {
    context: { ...base, batch: images, meanImage },
    release: () => {
      tf.dispose([meanImage ?? [], drawn ? [drawn.images, drawn.labels] : []]);
    },
  };
}

function checkChoice(subject: string, value: string, known: readonly string[]): void {
  lookUp(subject, Object.fromEntries(known.map((name) => [name, name])), value);
}

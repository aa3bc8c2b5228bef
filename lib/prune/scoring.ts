import { invalid, product } from '../base';
import { compact, kernelsOf, type Mask, type Network, type Params } from '../network';
import { mapRecord, tf } from '../tensor';
import { type MaskedWeights, maskedWeights } from './maskedWeights';
import { maskOf } from './maskOf';
import type { ScoreArray, ScoreContext, ScoreRecord, ScoringMethod } from './method';
import { allSurvive, countOf, type Survivors } from './select';

/** Scores a network step by step, as its weights are cut. */
export interface Scoring {
  /**
   * The scores of all weights as they are, in order of the kernels, all of one precision.
   *
   * @param kept for a method that looks at the mask; all weights where absent
   * @returns good until something is cut
   */
  scores(context: ScoreContext, kept: Survivors | undefined): Promise<Scored>;
  /** Cuts what was left and is not kept, for good. */
  keep(left: Survivors, kept: Survivors): void;
  dispose(): void;
}

export interface Scored {
  scores: readonly ScoreArray[];
  /** Whether the method has used random numbers. */
  areDrawn: boolean;
}

/**
 * A smaller network is made where no more than this share of the weights of the one scored is left: at a twelfth about half of
 * VGG-16's go with the channels that are lost, at a third none do.
 */
const SHRUNK = 1 / 12;

/** Weights from which on a smaller network is worth its making. */
const LEAST_WEIGHTS = 100_000;

/** The network that is scored in place of the whole one. */
interface View {
  readonly network: Network;
  readonly weights: MaskedWeights;
  /** By kernel, where in the whole network's each of its weights is; absent of the whole network, and of kernels of which nothing was cut. */
  readonly origin?: readonly (Uint32Array | undefined)[];
  /** How many weights its kernels have. */
  readonly size: number;
  /** What is kept, by place in its own kernels. */
  kept: Survivors;
  /** Parameters that go with it. */
  readonly own?: Params;
}

/**
 * Begins to score. Methods that give what does nothing 0 score the smaller network that the masked one comes down to, made anew
 * as its weights become few.
 *
 * @param isCompact `false`: the whole network always; `true`: a smaller one before each step; where absent, by a rule on the
 *   sizes
 */
export function startScoring(
  network: Network,
  params: Params,
  method: ScoringMethod,
  isCompact?: boolean,
): Scoring {
  const sizes = sizesOf(network);
  if (method.readmits)
    return {
      scores: (context, kept) => scoresOf(network, params, method, context, kept),
      keep() {},
      dispose() {},
    };
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const mode = (isCompact ?? total >= LEAST_WEIGHTS) ? method.compacts : undefined;
  let view: View = {
    network,
    weights: maskedWeights(network, params),
    size: total,
    kept: allSurvive(sizes),
  };
  /** Kept from step to step: 0 for what is cut, and what a smaller network lacks. */
  let whole: ScoreArray[] | undefined;
  return {
    async scores(context, kept) {
      const scored = await scoresOf(
        view.network,
        view.weights.params(),
        method,
        { ...context, whole: network },
        kept && view.kept,
      );
      const { origin } = view;
      if (!origin) return scored;
      const { scores } = scored;
      const Numbers = scores.some((values) => values instanceof Float64Array) ? Float64Array : Float32Array;
      if (!(whole?.[0] instanceof Numbers)) whole = undefined;
      whole ??= sizes.map((size) => new Numbers(size));
      const found = whole;
      scores.forEach((values, k) => {
        spread(values, view.kept[k], origin[k], found[k]);
      });
      return { ...scored, scores: found };
    },
    keep(left, kept) {
      const count = countOf(kept);
      const now = kept.map((indices, k) => within(indices, view.origin?.[k]));
      view.weights.keep(view.kept, now);
      view.kept = now;
      whole?.forEach((values, k) => {
        for (const index of left[k]) values[index] = 0;
      });
      if (!mode || (isCompact !== true && count > SHRUNK * view.size)) return;
      const next = smaller(view, mode);
      end(view);
      view = next;
    },
    dispose: () => end(view),
  };
}

/** The smaller network that what is kept of one comes down to. */
function smaller(view: View, mode: NonNullable<ScoringMethod['compacts']>): View {
  const params = view.weights.params();
  const mask = maskOf(view.network, view.kept);
  const compacted = compact(view.network, params, mask, { mode });
  tf.dispose([mask, compacted.mask]);
  const kernels = kernelsOf(view.network);
  const origin = kernels.map(({ name }, k) => through(compacted.origin[name], view.origin?.[k]));
  const kept = kernels.map(({ name }, k) => within(view.kept[k], compacted.origin[name]));
  const { network, params: own } = compacted;
  const size = sizesOf(network).reduce((sum, count) => sum + count, 0);
  return { network, weights: maskedWeights(network, own), origin, size, kept, own };
}

function end({ weights, own }: View): void {
  weights.dispose();
  tf.dispose(own ?? {});
}

/** Where the entries of a cut of a cut are in the first whole; undefined where nothing is cut. */
function through(inner: Uint32Array | undefined, outer: Uint32Array | undefined): Uint32Array | undefined {
  return inner && outer ? inner.map((place) => outer[place]) : (inner ?? outer);
}

/** Of weights, those that a cut has, by their place in it; both lists ascend. */
function within(indices: Uint32Array, places: Uint32Array | undefined): Uint32Array {
  if (!places) return indices;
  const found = new Uint32Array(Math.min(indices.length, places.length));
  let count = 0;
  let place = 0;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    while (places[place] < index) place++;
    if (places[place] === index) found[count++] = place;
  }
  return found.slice(0, count);
}

/** Writes the numbers of what is kept to their places in the whole. */
function spread(
  values: ScoreArray,
  kept: Uint32Array,
  places: Uint32Array | undefined,
  whole: ScoreArray,
): void {
  for (const index of kept) whole[places ? places[index] : index] = values[index];
}

function sizesOf(network: Network): number[] {
  return kernelsOf(network).map(({ shape }) => product(shape));
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

/**
 * Numbers of scores in order of the kernels, all of one precision; tensors are disposed of.
 *
 * @throws `invalid scores; …` where a kernel has none or as many as do not fit
 */
export function scoreArrays(network: Network, scored: ScoreRecord): ScoreArray[] {
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

import { invalid } from '../base';
import type { ScoreArray } from './method';
import type { StepOptions } from './pruneSteps';
import { densities } from './schedule';
import { countOf, type Survivors } from './select';

/** Iterations of the schedule that an adaptive number follows while it can, and how many it comes to at most. */
export const ADAPTIVE = { planned: 100, most: 1000 };

export interface Target {
  density: number;
  /** How many steps there will be, as far as it is known. */
  planned: number;
  isLast: boolean;
}

/** What a step aims at, given what is left before it, its scores and what would be kept at a density. */
export type NextTarget = (
  before: Survivors,
  scores: readonly ScoreArray[],
  choose: (density: number) => Survivors,
) => Target;

/** The densities of the steps to come: those of the schedule, or as large a step as empties no layer. */
export function targets(
  { density, iterations, schedule, scope, select }: StepOptions,
  sizes: readonly number[],
  start: Survivors,
): NextTarget {
  const size = sizes.reduce((sum, n) => sum + n, 0);
  const planned = (count: number) => densities(density, count, schedule, countOf(start) / size);
  let step = 0;
  if (iterations !== 'adaptive') {
    const steps = planned(iterations);
    return () => ({ density: steps[step], planned: iterations, isLast: ++step === iterations });
  }
  if (scope !== 'global' || select.readmits)
    throw invalid(
      'iterations',
      'an adaptive number is for the global scope and a choice that takes none back',
      iterations,
    );
  const steps = planned(ADAPTIVE.planned);
  const counted = (target: number) => Math.round(target * size);
  return (before, scores, choose) => {
    const left = countOf(before);
    const next = steps.find((target) => counted(target) < left) ?? density;
    const reached = ++step === ADAPTIVE.most ? density : (safeTarget(next) ?? next);
    const isLast = counted(reached) <= counted(density);
    return { density: reached, planned: isLast ? step : Math.max(ADAPTIVE.planned, step + 1), isLast };

    /** The lowest density down to the one aimed at whose cut is smaller than every layer. */
    function safeTarget(aim: number): number | undefined {
      if (before.some((indices, k) => indices.some((i) => scores[k][i] < 0)))
        throw invalid('iterations', 'an adaptive number is for scores that are not negative', iterations);
      const sums = layerSums(scores, before);
      const smallest = Math.min(...sums);
      if (!(smallest > 0)) return undefined; // a layer is lost already
      const isSafe = (target: number) => cutBetween(sums, layerSums(scores, choose(target))) < smallest;
      if (isSafe(aim)) return aim;
      let [cut, safe] = [counted(aim), left];
      while (safe - cut > 1) {
        const middle = Math.floor((cut + safe) / 2);
        if (isSafe(middle / size)) safe = middle;
        else cut = middle;
      }
      return safe < left ? safe / size : undefined;
    }
  };
}

/** The sum of each layer's scores over the weights left. */
export function layerSums(scores: readonly ScoreArray[], left: Survivors): number[] {
  return left.map((indices, k) => sumAt(scores[k], indices));
}

/** What was taken out of all layers: layer by layer, so that no rounding makes it less than a layer that is gone. */
export function cutBetween(before: readonly number[], after: readonly number[]): number {
  return before.reduce((total, sum, k) => total + (sum - after[k]), 0);
}

function sumAt(values: ScoreArray, indices: Uint32Array): number {
  let sum = 0;
  for (let j = 0; j < indices.length; j++) sum += values[indices[j]];
  return sum;
}

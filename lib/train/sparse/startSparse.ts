import { invalid, product } from '../../base';
import { kernelsOf, type Mask, type Network, type Params } from '../../network';
import {
  checkDensity,
  checkLayerDensities,
  type ScoreArray,
  survivorMask,
  survivorsUnder,
} from '../../prune';
import { createRandom, type TensorRecord, tf } from '../../tensor';
import { checkKept, exactCount } from './counts';
import type { SparseSettings } from './policy';
import { total } from './schedules';
import { readSparseOptions, type SparseOptions } from './sparseTrainings';

/** What an update of the mask did. */
export interface SparseUpdate {
  /** The training step, counted from 1, that it came with. */
  step: number;
  /** Weights kept after it, and their fraction of all. */
  kept: number;
  density: number;
  /** Weights kept before it and not after. */
  pruned: number;
  /** Weights kept after it and not before. */
  grown: number;
  /** The same by layer with a kernel. */
  layers: { layer: string; kept: number; pruned: number; grown: number }[];
}

/** A policy at work. */
export interface SparseRun {
  due(step: number): boolean;
  replacesStep: boolean;
  /**
   * The mask from a step on, and what it changes.
   *
   * @param now parameters and mask as they are, and gradients; they stay the caller's
   * @returns the mask is the caller's
   */
  update(
    step: number,
    now: { params: Params; mask: Mask | undefined; gradients: TensorRecord },
  ): { mask: Mask; report: SparseUpdate };
}

/**
 * Plans a sparse training.
 *
 * @param start the mask that it starts with; all weights where undefined
 * @throws `invalid sparse…` for options of no such method, `invalid mask; …` where one is needed to start from, `invalid sparse.density; …`
 *   for one above the start's, `invalid sparse.every; …` where no update comes
 */
export function startSparse(
  network: Network,
  options: SparseOptions,
  { start, seed, ...times }: { start: Mask | undefined; seed: number; steps: number; epoch: number },
): SparseRun {
  const { training, settings } = readSparseOptions(options);
  const kernels = kernelsOf(network);
  const sizes = kernels.map(({ shape }) => product(shape));
  const kept = survivorsUnder(start, kernels).map(({ length }) => length);
  const all = total(sizes);
  checkStart(network, settings, total(kept));
  const policy = training.policy(settings as SparseSettings, { ...times, sizes, kept });
  if (!Array.from({ length: times.steps }, (_, i) => i + 1).some(policy.due))
    throw invalid(
      'sparse.every',
      `no update falls into the ${times.steps} steps of the training`,
      settings.every,
    );
  const random = createRandom(seed).fork('sparse training');
  return {
    due: policy.due,
    replacesStep: policy.replacesStep ?? false,
    update(step, { params, mask, gradients }) {
      const before = survivorsUnder(mask, kernels);
      const read = (record: TensorRecord) => kernels.map(({ name }) => record[name].dataSync() as ScoreArray);
      const moment = { step, weights: read(params), gradients: read(gradients), random: random.fork(step) };
      const after = policy.update({ ...moment, kept: before });
      checkKept(after, sizes);
      const bits = survivorMask(after, sizes);
      const layers = kernels.map(({ layer }, k) => {
        const stayed = before[k].reduce((count, index) => count + bits[k][index], 0);
        const [was, is] = [before[k].length, after[k].length];
        return { layer, kept: is, pruned: was - stayed, grown: is - stayed };
      });
      const sum = (part: 'kept' | 'pruned' | 'grown') => total(layers.map((layer) => layer[part]));
      const counts = { kept: sum('kept'), pruned: sum('pruned'), grown: sum('grown') };
      return {
        mask: Object.fromEntries(kernels.map(({ name, shape }, k) => [name, tf.tensor(bits[k], [...shape])])),
        report: { step, density: counts.kept / all, ...counts, layers },
      };
    },
  };
}

/** Without a density of its own a method keeps the start's, so that from all weights it would change nothing. */
function checkStart(network: Network, { density, scope }: Partial<SparseSettings>, kept: number): void {
  const kernels = kernelsOf(network);
  const all = total(kernels.map(({ shape }) => product(shape)));
  if (density === undefined) {
    if (kept < all) return;
    const rule = 'a training that keeps their number needs one to start from, such as that of `prune`';
    throw invalid('mask', rule, 'all weights');
  }
  checkDensity(network, { density });
  if (scope === 'layer') checkLayerDensities(kernels, density);
  if (exactCount(density, all) > kept)
    throw invalid('sparse.density', `above that of the mask it starts from, ${kept / all}`, density);
}

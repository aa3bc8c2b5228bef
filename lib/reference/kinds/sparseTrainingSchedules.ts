import { createRandom } from '../../tensor';
import { type Plan, type SparseSettings, sparseTrainings } from '../../train';
import { exactCount, granetCount, riglCount } from '../../train/sparse/counts';
import { pruneAsPublished, prunings } from '../../train/sparse/granet';
import { type Comparison, relativeErrorOf } from '../comparison';
import { type Fields, fieldsOf } from '../jsonFields';
import type { Kind } from './kind';
import { entries } from './px/findings';

/** Weights of the network that schedules are made for: many, so that the start's density is met. */
const SIZE = 100_000;

/** Kind `sparse-training-schedules`: when each method updates, to which density, and how much it replaces. */
export const sparseTrainingSchedules: Kind = async function* compare({ fields }) {
  const { objects } = fieldsOf('file', fields);
  for (const [i, own] of objects('granet').entries()) yield* compareGranet(`granet.${i}.`, own);
  for (const [i, own] of objects('gmp').entries()) yield* compareGmp(`gmp.${i}.`, own);
  for (const [i, own] of objects('rigl').entries()) yield* compareRigl(`rigl.${i}.`, own);
  for (const [i, own] of objects('drop_counts').entries()) yield* compareCounts(`drop_counts.${i}.`, own);
};

function* compareGranet(prefix: string, own: Fields): Generator<Comparison> {
  const { number } = fieldsOf('setting', fieldsOf(prefix, own).object('setting'));
  const [epoch, epochs, every] = [number('steps_per_epoch'), number('epochs'), number('every')];
  const init = fieldsOf(prefix, own).object('setting').init_epoch ?? 0;
  const plan = planOf(epoch * epochs, number('d_i'), epoch);
  const settings = {
    every,
    begin: Number(init) / epochs,
    end: number('final_epoch') / epochs,
    density: number('d_f'),
    fraction: 0.5,
  } as SparseSettings;
  const { due, density, rate } = sparseTrainings['granet/as-published'].policy(settings, plan);
  const { count } = prunings(settings, plan);
  yield entries(`${prefix}prunings_n`, own.prunings_n, count);
  yield entries(`${prefix}total_steps_T`, own.total_steps_T, plan.steps);
  const steps = Array.from({ length: plan.steps }, (_, i) => i + 1).filter(due);
  const targets = steps.map((step) => density?.(step)).filter((target) => target !== undefined);
  yield value(`${prefix}last_sparsity`, own.last_sparsity, 1 - (targets.at(-1) as number));
  const rows = fieldsOf(prefix, own).objects('rows');
  yield entries(`${prefix}rows`, 0, rows.filter(({ step }) => !steps.includes(Number(step))).length);
  for (const [j, row] of rows.entries()) {
    const [at, step] = [`${prefix}rows.${j}.`, Number(row.step)];
    const target = density?.(step);
    yield entries(`${at}c`, row.c, Math.trunc(step / every));
    if (row.sparsity === null) yield entries(`${at}sparsity`, 0, target === undefined ? 0 : 1);
    else yield value(`${at}sparsity`, row.sparsity, 1 - (target as number));
    yield value(`${at}regeneration_rate`, row.regeneration_rate, rate?.(step) as number);
    if (row.kept_of_100000_distinct_weights_public_code !== undefined)
      yield entries(`${at}kept`, row.kept_of_100000_distinct_weights_public_code, keptOf(100_000, target));
  }
}

/** How many of so many different weights the published code keeps. */
function keptOf(count: number, density: number | undefined): number {
  if (density === undefined) return count;
  const weights = [Float64Array.from({ length: count }, (_, i) => i + 1)];
  const kept = [Uint32Array.from({ length: count }, (_, i) => i)];
  const moment = { step: 1, weights, kept, gradients: weights, random: createRandom(0) };
  return pruneAsPublished(moment, density)[0].length;
}

function* compareGmp(prefix: string, own: Fields): Generator<Comparison> {
  const { number, numbers } = fieldsOf('setting', fieldsOf(prefix, own).object('setting'));
  const steps = Math.max(number('t1'), ...numbers('steps'));
  const settings = {
    every: 1,
    begin: number('t0') / steps,
    end: number('t1') / steps,
    density: 1 - number('s_f'),
    scope: 'global',
  } as SparseSettings;
  const { density } = sparseTrainings.gmp.policy(settings, planOf(steps, 1 - number('s_i')));
  for (const [j, { step, sparsity }] of fieldsOf(prefix, own).objects('rows').entries())
    yield value(`${prefix}rows.${j}.sparsity`, sparsity, 1 - (density?.(Number(step)) as number));
}

function* compareRigl(prefix: string, own: Fields): Generator<Comparison> {
  const { number, numbers } = fieldsOf('setting', fieldsOf(prefix, own).object('setting'));
  const [every, end] = [number('every'), number('end')];
  const settings = { every, begin: 0, end: 1, fraction: number('alpha'), decay: 'cosine' } as SparseSettings;
  const { due, rate } = sparseTrainings['rigl/as-published'].policy(settings, planOf(end));
  const last = Math.max(end, ...numbers('steps')) + 2 * every;
  const updates = Array.from({ length: last }, (_, t) => t).filter((t) => due(t + 1)).length;
  yield entries(`${prefix}updates`, own.updates, updates);
  for (const [j, row] of fieldsOf(prefix, own).objects('rows').entries())
    yield value(
      `${prefix}rows.${j}.drop_fraction`,
      row.drop_fraction,
      rate?.(Number(row.step) + 1) as number,
    );
}

function* compareCounts(prefix: string, own: Fields): Generator<Comparison> {
  const { number } = fieldsOf('drop_counts', own);
  const [rate, kept] = [number('rate'), number('nonzero')];
  const found = {
    granet_code_ceil: granetCount(rate, kept),
    rigl_code_float32_trunc: riglCount(rate, kept),
    float64_trunc: Math.trunc(kept * rate),
    exact_half_up: exactCount(rate, kept),
  };
  for (const [name, count] of Object.entries(found)) yield entries(prefix + name, own[name], count);
}

function planOf(steps: number, density = 1, epoch = 1): Plan {
  return { steps, epoch, sizes: [SIZE], kept: [density * SIZE] };
}

function value(quantity: string, expected: unknown, found: number): Comparison {
  return { quantity, error: relativeErrorOf(found, expected, 1e-3), tolerance: 1e-12, measure: 'relative' };
}

import { createHash } from 'node:crypto';
import type { Dataset } from '../../data';
import { kernelsOf } from '../../network';
import { nativeBackend } from '../../tensor';
import type { EpochRow } from '../../train';
import { type Config, runHash } from '../config';
import type { Start } from './trainOn';

/** The rows of a training that a run of this process has done. */
interface Done {
  hash: string;
  rows: readonly EpochRow[];
}

/** Trainings kept on one data set: the oldest goes first. */
const KEPT = 64;

/** By the data set, which they go with, and what else they follow from. */
const trainings = new WeakMap<Dataset, Map<string, Done>>();

/**
 * The rows of a training that another run of this process has done from the same weights, mask and images with the same settings, as runs
 * have that differ in the method but keep all weights: this one would give the same, to the bit, but for its time.
 *
 * @returns undefined where there is none, for plug-ins, whose code may do anything, and on a GPU, where nothing is the same to the bit
 */
export function sameTraining(start: Start, config: Config): readonly EpochRow[] | undefined {
  const done = trainings.get(start.data)?.get(keyOf(start, config));
  return done && done.hash !== runHash(config) && mayShare(config) ? done.rows : undefined;
}

/** Keeps the rows of a whole training for {@link sameTraining}. */
export function keepTraining(start: Start, config: Config, rows: readonly EpochRow[]): void {
  const own = trainings.get(start.data) ?? new Map<string, Done>();
  trainings.set(start.data, own);
  own.set(keyOf(start, config), { hash: runHash(config), rows });
  if (own.size > KEPT) own.delete([...own.keys()][0]);
}

function mayShare({ plugins }: Config): boolean {
  return plugins === undefined && !nativeBackend().binding.isUsingGpuDevice();
}

function keyOf({ network, mask }: Start, { model, initialiser, seed, prune, train, record }: Config): string {
  const bits = createHash('sha256');
  if (mask) for (const { name } of kernelsOf(network)) bits.update(Uint8Array.from(mask[name].dataSync()));
  return JSON.stringify([model, initialiser, seed, train, record, prune?.apply, mask && bits.digest('hex')]);
}

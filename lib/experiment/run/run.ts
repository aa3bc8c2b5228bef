import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkNames, guarded, invalid, type LongWork, product } from '../../base';
import { explainDisk } from '../../base/disk';
import { withLock } from '../../base/lock';
import { initialise, kernelsOf, type Network } from '../../network';
import { tf } from '../../tensor';
import { bestEpoch, type EpochRow } from '../../train';
import { selectionOf } from '../../train/selection';
import { noteCode } from '../code/noteCode';
import { otherCode } from '../code/otherCode';
import { tellOtherCode } from '../code/tellOtherCode';
import { type Config, type ConfigInput, readConfig, runHash } from '../config';
import { checkEntries } from '../plugins/checkEntries';
import { hashPlugins } from '../plugins/hashPlugins';
import type { PluginFile } from '../plugins/plugin';
import { filesFor, withPlugins } from '../plugins/withPlugins';
import { buildModel } from './buildModel';
import { fitChecker } from './checkFit';
import { type Environment, environment } from './environment';
import { writeJson } from './files';
import { loadData } from './loadData';
import { pruneOnce } from './pruneOnce';
import { type RunError, type RunRecord, type RunResult, readRun, runFiles } from './runRecord';
import { runsFolder } from './runsFolder';
import { setAside } from './setAside';
import { findTraining, trainedIn, trainOn } from './trainOn';

export interface RunOptions extends LongWork {
  /** The folder with a folder for each run; `$PATHKERNEL_RUNS`, else `data/runs`. */
  folder?: string;
  /**
   * Does a run anew that is there: `changed` one of other code than the one here, as far as its numbers depend on it, true any; false
   * by default. What was there is kept in `.replaced` of the folder, until the next time.
   */
  fresh?: Fresh;
  /** Told where a finished run is of other code, which is read all the same; the console's warnings by default. */
  onMessage?: (message: string) => void;
  /** Called after each epoch, once its row is on the disk; epoch 0 is the state before training. */
  onEpoch?: (row: EpochRow) => void | Promise<void>;
}

/** Which runs are done anew that are there. */
export type Fresh = boolean | 'changed';

/**
 * Runs a configuration: initialises, prunes, trains, and leaves what was measured in a folder named by the configuration.
 *
 *     const record = await run({ data: 'fashion-mnist', model: 'fc-100', prune: { method: 'snip', compression: 10 }, train: { epochs: 3 } });
 *
 * A finished run is not run again, its record is read; where the code has changed since, it is told. One that was stopped or killed, at whatever moment, goes on from its
 * last epoch and ends with the numbers it would have had (to the bit, on one machine with one number of threads).
 *
 * @returns the record; without `result` where the signal, or Stop in a notebook, ended the run early
 * @throws `invalid config…` for a wrong configuration; `Held` where another process is at this run; what goes wrong on the
 *   way, which is also left in `error.json`; what a callback throws, which only stops the run
 */
export async function run(config: ConfigInput | Config, options: RunOptions = {}): Promise<RunRecord> {
  const files = new Map<string, PluginFile>();
  const full = readConfig(hashPlugins(config, files));
  return runWith(full, [...files.values()], options);
}

/** {@link run} of a configuration that is read, with the files of the plug-ins that it may load. */
export async function runWith(
  full: Config,
  plugins: readonly PluginFile[],
  options: RunOptions = {},
): Promise<RunRecord> {
  const names = { folder: 1, fresh: 1, onMessage: 1, onEpoch: 1, signal: 1, onProgress: 1 };
  checkNames('run', options, names);
  checkFresh(options.fresh);
  const folder = join(runsFolder(options.folder), runHash(full));
  const known = await readRun(folder);
  const other = known && otherCode(known);
  const isFresh = known !== undefined && (options.fresh === true || (options.fresh === 'changed' && other));
  if (known?.result && !isFresh) {
    await clear(folder); // in case it was killed just after its result
    if (other) tellOtherCode([other], 1, options.onMessage);
    return known;
  }
  const files = filesFor(full, plugins);
  if (!full.plugins) fitChecker()(full);
  if (isFresh) await setAside(folder);
  await fs.mkdir(folder, { recursive: true }).catch((error) => {
    throw explainDisk(error, folder);
  });
  return guarded((signal, guard) => {
    const callbacks = { onProgress: guard(options.onProgress), onEpoch: guard(options.onEpoch) };
    return withLock(
      join(folder, runFiles.lock),
      () => attempt(full, files, folder, { ...callbacks, signal }),
      { wait: false, staleMs: 60_000, signal },
    );
  }, options.signal);
}

/** @throws `invalid fresh; …` */
export function checkFresh(fresh: Fresh | undefined): void {
  if (fresh !== undefined && typeof fresh !== 'boolean' && fresh !== 'changed')
    throw invalid('fresh', 'not true, false or changed', fresh);
}

/** Does the work; a failure is noted in the folder. */
async function attempt(
  config: Config,
  files: readonly PluginFile[],
  folder: string,
  options: RunOptions,
): Promise<RunRecord> {
  try {
    if (!(await readRun(folder))) await writeJson(join(folder, runFiles.config), config); // first: without it no failure is a run's
    await withPlugins(files, () => {
      checkEntries(config);
      fitChecker()(config);
      return perform(config, folder, options);
    });
  } catch (error) {
    if (options.signal?.aborted && error === options.signal.reason) return present(folder);
    await noteFailure(folder, error);
    throw error;
  }
  return present(folder);
}

/** Leaves the reason of a failure in a run's folder, where the disk allows it. */
export async function noteFailure(folder: string, error: unknown): Promise<void> {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const note: RunError = { message, stack, at: new Date().toISOString() };
  await writeJson(join(folder, runFiles.error), note).catch(() => undefined);
}

async function present(folder: string): Promise<RunRecord> {
  const record = await readRun(folder);
  if (!record) throw new Error(`${folder} was removed while its run was under way`);
  return record;
}

async function perform(config: Config, folder: string, options: RunOptions): Promise<void> {
  const { signal, onProgress, onEpoch } = options;
  await fs.rm(join(folder, runFiles.error), { force: true });
  const before = await readRun(folder);
  if (before?.result) return; // another process was faster
  const epochs = config.train?.epochs ?? 0;
  const report = (part: 0 | 1, progress: { done: number; total: number; message?: string }) =>
    onProgress?.({
      done: part === 0 ? progress.done / progress.total : 1 + (epochs * progress.done) / progress.total,
      total: 1 + epochs,
      message: progress.message,
    });
  const data = await loadData(config.data);
  signal?.throwIfAborted();
  const network = buildModel(config.model, data);
  const { seed, initialiser } = config;
  const params = initialise(network, { seed, initialiser });
  const held: tf.TensorContainer[] = [params];
  try {
    const resume = await findTraining(folder);
    if (resume) held.push(resume.tensors);
    const note = (trained?: Network) => {
      const now = environment(config, network, trained);
      return noteEnvironment(folder, now, config, before, resume ? resume.epoch + 1 : 0);
    };
    if (!resume) await note();
    const mask = await pruneOnce({ network, params, data }, config, folder, before?.pruning !== undefined, {
      signal,
      onProgress: (progress) => report(0, progress),
    });
    if (mask) held.push(mask);
    const start = { network, params, data, mask };
    const trained = trainedIn(start, config, resume);
    if (resume || trained !== network) await note(trained);
    const isDone = await trainOn(start, config, folder, resume, {
      signal,
      onProgress: (progress) => report(1, progress),
      onEpoch,
    });
    if (!isDone) return;
  } finally {
    tf.dispose(held);
  }
  await finish(network, folder);
  onProgress?.({ done: 1 + epochs, total: 1 + epochs, message: 'finished' });
}

async function noteEnvironment(
  folder: string,
  now: Environment,
  config: Config,
  before: RunRecord | undefined,
  fromEpoch: number,
) {
  await noteCode(dirname(folder), config);
  const earlier = (before?.environments ?? []).filter((one) => one.fromEpoch < fromEpoch);
  const { fromEpoch: _, ...last } = earlier.at(-1) ?? { fromEpoch };
  if (JSON.stringify(last) === JSON.stringify(now)) return;
  await writeJson(join(folder, runFiles.environment), [...earlier, { fromEpoch, ...now }]);
}

/** Writes the result, then clears away what only an unfinished run needs. */
async function finish(network: Network, folder: string): Promise<void> {
  const { epochs, pruning, config } = await present(folder);
  const size = kernelsOf(network).reduce((sum, { shape }) => sum + product(shape), 0);
  const final = epochs[epochs.length - 1];
  const best = bestEpoch(epochs, selectionOf(config.train ?? {}))?.epoch;
  const counted = (fraction: number | undefined) =>
    fraction === undefined ? undefined : Math.round(fraction * size);
  const result: RunResult = {
    epochs: epochs.length - 1,
    size,
    kept: counted(final.maskDensity) ?? pruning?.kept ?? size,
    effective: counted(final.effectiveDensity) ?? pruning?.effective ?? size,
    final,
    ...(best !== undefined && { best }),
    seconds: epochs.reduce((sum, row) => sum + row.seconds, 0),
    finished: new Date().toISOString(),
  };
  await writeJson(join(folder, runFiles.result), result);
  await clear(folder);
}

async function clear(folder: string): Promise<void> {
  const names = [runFiles.checkpoint, runFiles.mask];
  const files = (await fs.readdir(folder)).filter(
    (name) => names.some((one) => name.startsWith(one)) || name.endsWith('.part'),
  );
  await Promise.all(files.map((name) => fs.rm(join(folder, name), { force: true })));
}

import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { checkNames, guarded, invalid, type LongWork, type Progress, timeText } from '../../base';
import { explainDisk } from '../../base/disk';
import { thisMachine } from '../../base/machine';
import { isCodeNewer } from '../code/isCodeNewer';
import { checkEntries } from '../plugins/checkEntries';
import { filesFor, withPlugins } from '../plugins/withPlugins';
import { fitChecker } from '../run/checkFit';
import { checkFresh, type Fresh, noteFailure } from '../run/run';
import { runsFolder } from '../run/runsFolder';
import type { Scale } from '../scale';
import { beforehand, missingText, secondsOfAll } from './beforehand';
import { claim } from './claims';
import { type Estimate, estimate } from './estimate';
import { lostRuns } from './lostRuns';
import type { Outcome } from './messages';
import { missingData } from './missingData';
import { poolBeside, shareOf } from './poolBeside';
import { runLabel } from './runLabel';
import { planSweep, type SweepSpec } from './spec';
import { startWorker, type Worker } from './startWorker';
import { foreignFiles, isToDo, type SweepRun, survey, tellCodeOf } from './survey';
import { createTally, type SweepStatus } from './tally';
import { holdable } from './workerCount';

export interface SweepOptions extends LongWork {
  /** The folder with a folder for each run; `$PATHKERNEL_RUNS`, else `data/runs`. */
  folder?: string;
  /** Which of the sweep's scales; that of PATHKERNEL_SCALE by default. */
  scale?: Scale;
  /**
   * Processes at a time, fewer where there are fewer cores or the memory would not do; by default as many as there are cores that no other
   * sweep on this machine has, and memory for.
   */
  workers?: number;
  /**
   * Does runs anew that are there: `changed` those of other code than the one here, as far as their numbers depend on it, true all; false by
   * default. What was there is kept in `.replaced` of the folder, until the next time.
   */
  fresh?: Fresh;
  /**
   * Returns what is done also where runs failed or are damaged, or none is done because other processes are at all of them. By default that
   * is an error, once everything else is done, or at once where none has its data: a figure would lack those runs and not say so.
   */
  partial?: boolean;
  /** Told before long work of its runs, time and memory, and of data that are missing, with the command that fetches them; in one message, of finished runs that are of other code, and of runs that have to wait for cores or memory; the console's warnings by default. */
  onMessage?: (message: string) => void;
  /** Called whenever something has changed, with everything a live table shows. */
  onStatus?: (status: SweepStatus) => void;
  /** Called with each run that ends here, however it ends. */
  onRun?: (run: SweepRun) => void;
}

/** What a sweep came to. */
export interface SweepResult {
  name: string;
  scale: Scale;
  /** The folder with the runs. */
  folder: string;
  /** Every run and where it stands now. */
  runs: SweepRun[];
  /** Of the runs that are done, as the ready-made selections take them. */
  hashes: string[];
  /** Names in the folder that are no runs, left alone. */
  foreign: string[];
  /** Whether a signal, or Stop in a notebook, ended it early; the same call goes on. */
  interrupted: boolean;
}

/**
 * Does the runs of a sweep that are not done yet, those that failed included, in worker processes on this machine.
 *
 *     const { runs } = await runSweep({ name: 'seeds', base: { data: 'fashion-mnist', model: 'fc-100' }, grid: { seed: [1, 2, 3] } });
 *
 * A run that fails is noted and stops no other; one that another process is at, or whose folder is damaged, is left alone.
 *
 * @throws `invalid sweep NAME; 2 of 12 runs failed …; first LABEL: MESSAGE`, with the first one's message, unless `partial`
 * @throws `invalid sweep…; RULE: VALUE` for a sweep that is not well formed, before anything is run; what a callback throws,
 *   once every worker has stopped: the same call goes on
 */
export async function runSweep(spec: SweepSpec, options: SweepOptions = {}): Promise<SweepResult> {
  checkNames('runSweep', options, {
    folder: 1,
    scale: 1,
    workers: 1,
    fresh: 1,
    partial: 1,
    onMessage: 1,
    onStatus: 1,
    onRun: 1,
    signal: 1,
    onProgress: 1,
  });
  const plan = planSweep(spec, options.scale);
  const folder = runsFolder(options.folder);
  const { workers: wanted, fresh } = options;
  checkFresh(fresh);
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1))
    throw invalid('workers', 'not a whole number of 1 or more', wanted);
  await fs.mkdir(folder, { recursive: true }).catch((error) => {
    throw explainDisk(error, folder);
  });
  const runs = await survey(plan, folder);
  const anew = new Set(runs.flatMap((run) => (isToDo(run, fresh) === 'anew' ? run.hash : [])));
  tellCodeOf(
    runs.filter(({ hash }) => !anew.has(hash)),
    options.onMessage,
  );
  for (const run of runs) if (anew.has(run.hash)) Object.assign(run, { state: 'missing', epochs: 0 });
  // Those that another process is at come last: by then it may have ended.
  const pending = [
    ...runs.filter((run) => isToDo(run) !== false),
    ...runs.filter(({ state }) => state === 'running'),
  ];
  const machine = {
    ...thisMachine(),
    processors: thisMachine({ ...process.env, PATHKERNEL_THREADS: '' }).cores,
  };
  const share = shareOf(machine, pending.length);
  const estimates = new Map<string, Estimate>();
  const checkFit = fitChecker();
  for (const { hash, config } of pending)
    estimates.set(
      hash,
      await withPlugins(filesFor(config, plan.plugins), () => {
        checkEntries(config);
        checkFit(config);
        return estimate(config, share);
      }),
    );
  const needs = [...estimates.values()];
  const sizes = needs.map(({ bytes }) => bytes);
  const missing = missingData(pending.map(({ config }) => config));
  const hopeless = missing.reduce((sum, one) => sum + one.runs, 0);
  if (!options.partial && pending.length > 0 && hopeless === pending.length)
    throw invalid(
      `sweep ${plan.name}`,
      'none of the runs to do has its data',
      missingText(missing).join('; '),
    );
  const { chosen, release } = await claim((others) => poolBeside(sizes, machine, others, wanted));
  const { threads } = chosen;
  const workers = Math.min(chosen.workers, pending.length);
  const tally = createTally(plan.name, runs, (hash) => estimates.get(hash)?.work ?? 0);
  // Until the first run has come somewhere.
  const guess = secondsOfAll(needs) / Math.max(1, workers);
  const interrupted = await guarded(async (signal, guard) => {
    const callbacks = {
      onStatus: guard(options.onStatus),
      onProgress: guard(options.onProgress),
      onRun: guard(options.onRun),
    };
    if (pending.length > 0)
      for (const text of [
        ...beforehand(`${plan.name}: ${pending.length} of ${runs.length} runs`, needs, workers, missing),
        ...chosen.remarks,
      ])
        guard(options.onMessage ?? console.warn)(text);
    const tell = () => {
      const status = { secondsLeft: guess, ...tally.status() };
      callbacks.onStatus(status);
      callbacks.onProgress(progressOf(status));
    };
    tell();
    const queue = [...pending];
    const most = holdable(sizes);
    // One that holds too much, or has other code than the files that its records would name, makes room for another.
    const isWorn = (worker: Worker, { config }: SweepRun) =>
      !worker.isAlive() || hasGrown(worker, most) || isCodeNewer(config, worker.started);
    const one = async (run: SweepRun, worker: Worker) => {
      tally.begin(run);
      tell();
      if (signal.aborted) return;
      const stop = () => worker.stop();
      signal.addEventListener('abort', stop, { once: true });
      const isFresh = anew.has(run.hash);
      const work = { config: run.config, plugins: plan.plugins, folder, fresh: isFresh };
      const outcome = await worker.run(work, (progress) => {
        tally.advance(run, progress);
        tell();
      });
      signal.removeEventListener('abort', stop);
      if (!worker.isAlive() && outcome.state === 'failed')
        await noteFailure(join(folder, run.hash), new Error(outcome.error));
      settle(run, outcome);
      tally.end(run);
      tell();
      callbacks.onRun(run);
    };
    await Promise.all(
      Array.from({ length: workers }, async () => {
        let worker: Worker | undefined;
        try {
          for (let run = queue.shift(); run && !signal.aborted; run = queue.shift()) {
            if (worker && isWorn(worker, run)) {
              await worker.close();
              worker = undefined;
            }
            worker ??= startWorker(threads, share);
            await one(run, worker);
          }
        } finally {
          worker?.close();
        }
      }),
    );
    return signal.aborted;
  }, options.signal).finally(release);
  const { name, scale } = plan;
  const now = await survey(plan, folder);
  const lost = interrupted || options.partial ? undefined : lostRuns(name, now);
  if (lost) throw lost;
  const hashes = now.filter(({ state }) => state === 'done').map(({ hash }) => hash);
  return { name, scale, folder, runs: now, hashes, foreign: await foreignFiles(folder), interrupted };
}

/** Whether a process holds more than so many bytes, and than a run needs that asks for more than was estimated. */
function hasGrown(worker: Worker, most: number): boolean {
  const { first, last } = worker.held();
  return last > Math.max(most, 1.25 * first);
}

/** Enters how a run ended. */
function settle(run: SweepRun, outcome: Outcome): void {
  delete run.message;
  if (outcome.state === 'held') {
    run.state = 'running';
    run.message = outcome.by;
  } else {
    run.state = outcome.state;
    if (outcome.state === 'done') run.epochs = run.config.train?.epochs ?? 0;
    if (outcome.state === 'failed') run.message = outcome.error;
  }
}

function progressOf({ total, done, failed, share, active, secondsLeft = 0 }: SweepStatus): Progress {
  const [first] = active;
  const at = first ? `, ${runLabel(first.config)}` : '';
  const lost = failed > 0 ? `, ${failed} failed` : '';
  const left = share < 1 && secondsLeft > 0 ? `, about ${timeText(secondsLeft)} left` : '';
  // The share is whole only when the last run has ended, not while it is at its last step.
  const part = active.length > 0 ? Math.min(share, 0.999) : share;
  return { done: part, total: 1, message: `${done} of ${total} runs${lost}${left}${at}` };
}

import { basename, join } from 'node:path';
import { invalid } from '../../base';
import { isRecord } from '../../base/isRecord';
import type { PruneReport } from '../../prune';
import type { EpochRow } from '../../train';
import { type Config, runHash } from '../config';
import { readStoredConfig } from '../config/readConfig';
import type { Environment } from './environment';
import { readEpochs } from './epochLog';
import { readIfThere } from './files';

/** The files of a run's folder. */
export const runFiles = {
  config: 'config.json',
  environment: 'environment.json',
  pruning: 'pruning.json',
  epochs: 'epochs.jsonl',
  result: 'result.json',
  error: 'error.json',
  lock: 'lock',
  /** While the run is unfinished: which weights are kept, and where training stands. */
  mask: 'mask.safetensors',
  checkpoint: 'checkpoint.safetensors',
} as const;

/** An environment and the first epoch it computed; 0 is pruning and the state before training. */
export interface EnvironmentFrom extends Environment {
  fromEpoch: number;
}

/** How a run ended. */
export interface RunResult {
  epochs: number;
  /** Prunable weights, those kept at the end, and those of them on a complete path from input to output. */
  size: number;
  kept: number;
  effective: number;
  /** The last row. */
  final: EpochRow;
  /** The epoch to report, where images held out or, as published, test images choose one. */
  best?: number;
  /** Time of all training steps. */
  seconds: number;
  /** When it ended, as ISO 8601. */
  finished: string;
}

/** Why a run failed. */
export interface RunError {
  message: string;
  stack?: string;
  /** When, as ISO 8601. */
  at: string;
}

/** What is known of a run, all of it plain JSON. */
export interface RunRecord {
  hash: string;
  /** Its folder. */
  folder: string;
  config: Config;
  /** What it was computed with, one entry for each time this changed. */
  environments: EnvironmentFrom[];
  /** What pruning did; absent where nothing was pruned, or not yet. */
  pruning?: PruneReport;
  /** A row for each epoch so far, from epoch 0, the state before training. */
  epochs: EpochRow[];
  /** Only where the run is finished. */
  result?: RunResult;
  /** Only where it failed. */
  error?: RunError;
}

/**
 * Reads the folder of a run.
 *
 * @returns undefined where there is nothing of a run in it yet
 * @throws `invalid run record; RULE, remove the folder to run it again: FOLDER` where a file is damaged or of another run
 */
export async function readRun(folder: string): Promise<RunRecord | undefined> {
  const head = await readHead(folder);
  if (head === undefined) return undefined;
  const epochs = await readEpochs(join(folder, runFiles.epochs));
  const expected = head.config.train?.epochs ?? 0;
  if (head.result !== undefined && epochs.length !== expected + 1)
    throw corrupt(folder, `${runFiles.epochs} has ${epochs.length} whole rows of ${expected + 1}`);
  return { ...head, epochs };
}

/** {@link readRun} without the rows of the epochs, which are most of a run. */
export async function readHead(folder: string): Promise<Omit<RunRecord, 'epochs'> | undefined> {
  const texts = await Promise.all(headFiles.map((file) => readIfThere(join(folder, file))));
  return headOf(folder, (file) => texts[headFiles.indexOf(file)]);
}

type HeadFile = (typeof headFiles)[number];

const headFiles = [
  runFiles.config,
  runFiles.environment,
  runFiles.pruning,
  runFiles.result,
  runFiles.error,
] as const;

/** {@link readHead} where `read` hands out what its files hold; undefined for one that is missing. */
export function headOf(
  folder: string,
  read: (file: HeadFile) => string | undefined,
): Omit<RunRecord, 'epochs'> | undefined {
  const parse = (file: HeadFile) => parsed(folder, file, read(file));
  const document = parse(runFiles.config);
  if (document === undefined) return undefined;
  const config = checked(folder, () => readStoredConfig(document, runFiles.config));
  const hash = runHash(config);
  if (hash !== basename(folder)) throw corrupt(folder, `${runFiles.config} is that of run ${hash}`);
  const environments = parse(runFiles.environment) ?? [];
  const report = parse(runFiles.pruning) as PruneReport | undefined;
  const pruning = checked(folder, () => reviveLogs(report));
  const result = parse(runFiles.result);
  const error = parse(runFiles.error);
  return {
    hash,
    folder,
    config,
    environments: environments as EnvironmentFrom[],
    ...(pruning !== undefined && { pruning: pruning as PruneReport }),
    ...(result !== undefined && { result: result as RunResult }),
    ...(error !== undefined && { error: error as RunError }),
  };
}

function parsed(folder: string, file: HeadFile, text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const value = checked(folder, () => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw invalid(file, 'not JSON', text.slice(0, 40));
    }
  });
  if (!isRecord(value) && !Array.isArray(value)) throw corrupt(folder, `${file} is not an object`);
  return value;
}

/** JSON has no −Infinity, the logarithm of a sum over no paths: it is stored as null. */
function reviveLogs(report: PruneReport | undefined): PruneReport | undefined {
  return report && { ...report, before: revived(report.before), after: revived(report.after) };
}

function revived<T extends object>(logs: T): T {
  const entries = Object.entries(logs).map(([key, log]) => [key, log ?? Number.NEGATIVE_INFINITY]);
  return Object.fromEntries(entries) as T;
}

function checked<T>(folder: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw corrupt(folder, error instanceof Error ? error.message : String(error));
  }
}

function corrupt(folder: string, rule: string): Error {
  return invalid('run record', `${rule}; remove the folder to run it again`, folder);
}

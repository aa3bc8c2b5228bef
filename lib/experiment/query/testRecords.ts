import * as fs from 'node:fs';
import * as path from 'node:path';
import { codeNow } from '../code/codeNow';
import { type ConfigInput, readConfig, runHash } from '../config';
import { readStoredConfig } from '../config/readConfig';
import { runFiles } from '../run/runRecord';

/** What a made-up record holds, for tests. */
export interface MadeUp {
  /** One a whole line of epochs. */
  epochs?: readonly object[];
  /** As it lies in the file: null stands for −Infinity. */
  logTrace?: number | null;
  /** Weights kept in each of two layers of 100. */
  kept?: readonly [number, number];
  isDone?: boolean;
  error?: string;
  /** Of the first version of its method, as records without a version are. */
  isFirst?: boolean;
}

/** Writes the record of a run as `run` would leave it, without computing anything; hands out its hash. */
export function writeRecord(
  folder: string,
  input: ConfigInput,
  { epochs = [], logTrace = 1, kept = [10, 10], isDone = true, error, isFirst = false }: MadeUp = {},
): string {
  const config = isFirst ? readStoredConfig(input) : readConfig(input);
  const hash = runHash(config);
  const own = path.join(folder, hash);
  fs.mkdirSync(own, { recursive: true });
  const write = (name: string, value: unknown) =>
    fs.writeFileSync(path.join(own, name), JSON.stringify(value));
  const counts = { size: 200, kept: kept[0] + kept[1], effective: kept[0] };
  write(runFiles.config, config);
  const environment = { fromEpoch: 0, device: 'CPU', threads: 2, commit: 'abc', code: codeNow(config).hash };
  write(runFiles.environment, [environment]);
  if (config.prune) {
    const rows = kept.map((count, i) => ({
      layer: `dense${i}`,
      name: `dense${i}/kernel`,
      size: 100,
      kept: count,
      density: count / 100,
      effective: count,
      units: 10,
      effectiveUnits: 5,
    }));
    const before = { logL1: 5, logL2: 6, logTrace: 7 };
    write(runFiles.pruning, { ...counts, before, after: { logL1: 2, logL2: 3, logTrace }, rows });
  }
  fs.writeFileSync(path.join(own, runFiles.epochs), epochs.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const result = { ...counts, epochs: epochs.length - 1, final: epochs.at(-1), seconds: 3, finished: '2026' };
  if (isDone) write(runFiles.result, result);
  if (error !== undefined) write(runFiles.error, { message: error, at: '2026' });
  return hash;
}

/** Made-up epochs: a row for each accuracy. */
export function madeUpEpochs(accuracies: readonly number[], trace = 10): object[] {
  return accuracies.map((testTop1, epoch) => ({
    epoch,
    learningRate: epoch === 0 ? null : 0.001,
    trainLoss: epoch === 0 ? null : 2 / epoch,
    trainTop1: epoch === 0 ? null : testTop1,
    trainTop5: epoch === 0 ? null : 1,
    testLoss: 2 - testTop1,
    testTop1,
    testTop5: 1,
    pathKernelTrace: trace + epoch / 2,
    weightMovement: epoch,
    weightMovementFromFirst: epoch === 0 ? null : epoch - 1,
    weightNorm: 3,
    outputMean: epoch / 8,
    outputNorm: epoch + 1,
    firstBatchMean: epoch === 0 ? null : 0.5,
    firstBatchNorm: epoch === 0 ? null : 4,
    seconds: 1,
  }));
}

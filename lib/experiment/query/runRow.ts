import type { EpochRow } from '../../train';
import type { RunRecord } from '../run';
import { modelLabel } from '../run/buildModel';
import type { RunRow } from './columns';

/** A run as a row of the table `runs`; `opening` is its epoch 0, if it has come so far. */
export function runRow(
  { hash, config, pruning, result, error, environments }: Omit<RunRecord, 'epochs' | 'folder'>,
  opening?: EpochRow,
): RunRow {
  const { data, model, prune, train, seed, initialiser, record } = config;
  const density = prune?.density ?? 1;
  const compression = Number((1 / density).toPrecision(12));
  const { final } = result ?? {};
  const environment = environments.at(-1);
  return {
    hash: hash,
    status: result ? 'done' : error ? 'failed' : 'unfinished',
    error: result ? null : (error?.message ?? null),
    data: data.name,
    model: modelLabel(model),
    method: prune?.method ?? 'dense',
    methodVersion: prune && !config.plugins ? (prune.version ?? 1) : (prune?.version ?? null),
    density,
    compression,
    exponent: Number(Math.log10(compression).toFixed(9)),
    iterations: (prune?.iterations === 'adaptive' ? pruning?.iterations : prune?.iterations) ?? null,
    schedule: prune?.schedule ?? null,
    scope: prune?.scope ?? null,
    rule: prune?.rule ?? null,
    batchNorm: prune?.batchNorm ?? null,
    onlyLayers: prune?.only?.join(', ') ?? null,
    exceptLayers: prune?.except?.join(', ') ?? null,
    seed,
    initialiser: initialiser ?? null,
    epochs: train?.epochs ?? 0,
    batch: train?.batch ?? null,
    optimiser: train?.optimiser ?? null,
    initialLearningRate: train?.learningRate ?? null,
    traceConvention: record.trace === false ? null : record.trace,
    size: result?.size ?? pruning?.size ?? null,
    kept: result?.kept ?? pruning?.kept ?? null,
    effective: result?.effective ?? pruning?.effective ?? null,
    collapsed: pruning ? pruning.rows.some(({ kept }) => kept === 0) : prune ? null : false,
    logTrace: pruning?.after.logTrace ?? denseTrace(record.trace, opening),
    logL1: pruning?.after.logL1 ?? null,
    logL2: pruning?.after.logL2 ?? null,
    logTraceDense: pruning?.before.logTrace ?? denseTrace(record.trace, opening),
    finalTrainLoss: final?.trainLoss ?? null,
    finalTestLoss: final?.testLoss ?? null,
    finalTestTop1: final?.testTop1 ?? null,
    finalTestTop5: final?.testTop5 ?? null,
    finalTrace: final?.pathKernelTrace ?? null,
    trainingSeconds: result?.seconds ?? null,
    finished: result?.finished ?? null,
    device: environment?.device ?? null,
    threads: environment?.threads ?? null,
    computation: environment?.computation ?? null,
    commit: environment?.commit ?? null,
  };
}

/** A network that was not pruned has no report: its trace is the one measured before training, by the same convention. */
function denseTrace(
  convention: RunRecord['config']['record']['trace'],
  opening: EpochRow | undefined,
): number | null {
  return convention === 'weights' ? (opening?.pathKernelTrace ?? null) : null;
}

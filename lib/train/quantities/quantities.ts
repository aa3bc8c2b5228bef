import { checkNames, invalid, register } from '../../base';
import { effectiveDensity, logPathCount, maskDensity, maskUpdates, weightsGrown } from './mask';
import { firstBatchMean, firstBatchNorm, outputMean, outputNorm } from './outputs';
import { averagePathLength, averagePathLengthByEnergy, averagePathLengthNormalised } from './pathLength';
import type { Quantity } from './quantity';
import { effectiveRank, participationRatio, spectralNorm, stableRank } from './spectrum';
import { learningRate, seconds, trainLoss, trainTop1, trainTop5 } from './steps';
import { testLoss, testTop1, testTop5, validationLoss, validationTop1 } from './testImages';
import { pathKernelTrace, pathKernelTraceAsPublished, pathKernelTraceInTrainingMode } from './trace';
import { weightMovement, weightMovementFromFirst, weightNorm } from './weights';

/** What is recorded of every run and epoch, in the order of the records; a new one is one more line. */
const own = {
  learningRate,
  trainLoss,
  trainTop1,
  trainTop5,
  testLoss,
  testTop1,
  testTop5,
  validationLoss,
  validationTop1,
  maskDensity,
  effectiveDensity,
  maskUpdates,
  weightsGrown,
  logPathCount,
  pathKernelTrace,
  pathKernelTraceAsPublished,
  pathKernelTraceInTrainingMode,
  spectralNorm,
  effectiveRank,
  participationRatio,
  stableRank,
  averagePathLength,
  averagePathLengthNormalised,
  averagePathLengthByEnergy,
  weightMovement,
  weightMovementFromFirst,
  weightNorm,
  outputMean,
  outputNorm,
  firstBatchMean,
  firstBatchNorm,
  seconds,
} as const satisfies Readonly<Record<string, Quantity>>;

type Own = typeof own;
type OnRequest = { [Name in keyof Own]: Own[Name] extends { onRequest: true } ? Name : never }[keyof Own];
type Values<Name extends keyof Own> = { [One in Name]: Awaited<ReturnType<Own[One]['measure']>> };

/** The library's quantities by name, with the type of their values; absent are those that were not asked for. */
export type OwnQuantities = Values<Exclude<keyof Own, OnRequest>> & Partial<Values<OnRequest>>;

/** Every quantity by name, those that were registered included. */
export const quantities: Readonly<Record<string, Quantity>> = own;

/** Columns beside those of quantities, in records and in queries. */
const TAKEN = ['epoch', 'hash'];

/**
 * Adds a quantity for this process: `train` measures it where `record.quantities` names it. Runs and sweeps know it where a
 * plug-in registers it.
 *
 *     registerQuantity('largestWeight', { meaning: 'largest |θ|', title: 'Largest weight', label: 'max |θ|', measure });
 *
 * @returns takes it out again
 * @throws `invalid quantity; …` for the name of another, in capitals or small letters, or a part that is missing
 */
export function registerQuantity(name: string, quantity: Quantity): () => void {
  const taken = [...TAKEN, ...Object.keys(own)].find(
    (one) => one !== name && one.toLowerCase() === String(name).toLowerCase(),
  );
  if (taken !== undefined || TAKEN.includes(name) || !/^\w+$/.test(name))
    throw invalid('quantity', 'not a name for a column of its own', name);
  const names = { meaning: 1, unit: 1, sql: 1, title: 1, label: 1, axis: 1, onRequest: 1, measure: 1 };
  checkNames(`quantity ${name}`, quantity, names);
  for (const part of ['meaning', 'title', 'label'] as const)
    if (typeof quantity[part] !== 'string')
      throw invalid(`quantity ${name}.${part}`, 'not a text', quantity[part]);
  if (typeof quantity.measure !== 'function')
    throw invalid(`quantity ${name}.measure`, 'not a function', quantity.measure);
  return register('quantity', own as Record<string, Quantity>, name, { ...quantity, onRequest: true });
}

import { checkNames, invalid } from '../base';
import {
  checkMask,
  checkTensors,
  kernelsOf,
  type Mask,
  type Network,
  type ParameterSpec,
  parameterShapes,
  type Shape,
} from '../network';
import { isTrained } from '../network/isTrained';
import type { TensorRecord } from '../tensor';
import type { Optimiser } from './optimiser';
import { slotNames } from './startOptimiser';

/** Where a training stands between two epochs: enough to go on from there to the bit. */
export interface TrainingState {
  /** Epochs finished. */
  epoch: number;
  /** Optimiser steps taken. */
  step: number;
  /**
   * `params/NAME`, `first/NAME` (kernels after the first epoch) and the optimiser's averages, `mean/NAME` and `square/NAME`
   * or `velocity/NAME`; `mask/NAME` of each kernel where weights are pruned.
   */
  tensors: TensorRecord;
}

/**
 * @param begun the epoch that the training began in; 0 by default
 * @throws `invalid state; …` where a state is not one of this network and optimiser
 */
export function checkState(network: Network, optimiser: Optimiser, state: TrainingState, begun = 0): void {
  checkNames('resume', state, { epoch: 1, step: 1, tensors: 1 });
  const { epoch, step, tensors } = state;
  for (const count of [epoch, step])
    if (!(Number.isInteger(count) && count >= 0))
      throw invalid('state', 'epoch and step not whole numbers of 0 or more', count);
  const found = SLOTS.filter((slot) => Object.keys(partOf(state, slot)).length > 0);
  const wanted = slotNames(optimiser);
  const trained = network.parameters.filter(isTrained);
  if (trained.length > 0 && found.join() !== wanted.join())
    throw invalid(
      'state',
      `is of ${ownerOf(found)}, which another optimiser cannot go on from`,
      ownerOf(wanted),
    );
  const expected = {
    ...prefixed('params', parameterShapes(network)),
    ...(epoch > begun && prefixed('first', shapesOf(kernelsOf(network)))),
    ...Object.assign({}, ...wanted.map((slot) => prefixed(slot, shapesOf(trained)))),
  };
  const mask = maskOf(state);
  checkTensors(
    'state',
    { ...expected, ...(mask && prefixed('mask', shapesOf(kernelsOf(network)))) },
    tensors,
  );
  if (mask) checkMask(network, mask);
}

/** Averages of any optimiser. */
const SLOTS = ['mean', 'square', 'velocity'];

function ownerOf(slots: readonly string[]): string {
  if (slots.length === 0) return 'sgd without momentum';
  return slots.includes('velocity') ? 'sgd with momentum' : 'adam';
}

/** The mask a state holds; undefined where it holds none: all weights are kept, or it is older than masks in states. */
export function maskOf(state: Pick<TrainingState, 'tensors'>): Mask | undefined {
  const mask = partOf(state, 'mask');
  return Object.keys(mask).length > 0 ? mask : undefined;
}

/** The tensors of a state whose names begin with `part/`. */
export function partOf({ tensors }: Pick<TrainingState, 'tensors'>, part: string): TensorRecord {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(`${part}/`))
      .map(([name, tensor]) => [name.slice(part.length + 1), tensor]),
  );
}

/** A record with `part/` before each name. */
export function prefixed<T>(part: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${part}/${name}`, value]));
}

/** Shapes by name. */
export function shapesOf(parameters: readonly ParameterSpec[]): Record<string, Shape> {
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
}

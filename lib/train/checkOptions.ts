import { invalid, lookUp } from '../base';
import { batches, type Dataset } from '../data';
import { checkMask, checkParams, type Network, type Params } from '../network';
import { adam, checkOptimiser } from './optimiser';
import { quantities } from './quantities';
import { checkSchedule } from './schedule';
import { checkState } from './trainingState';
import type { TrainerOptions } from './trainOptions';

/** @throws `invalid data; …` where images or classes are not those the network is made for */
export function checkData(network: Network, { name, shape, classes }: Dataset): void {
  const { input } = network;
  if (input.join() !== shape.join())
    throw invalid('data', `${network.name} reads [${input.join(', ')}], images of ${name} are`, shape);
  if (classes !== network.classes)
    throw invalid('data', `${network.name} tells ${network.classes} classes apart, ${name} has`, classes);
}

/** @throws `invalid …` for the first option that is out of range or does not fit the network */
export function checkOptions(network: Network, params: Params, options: TrainerOptions): void {
  const { data, mask, batch = 1, seed = 1, augment, optimiser = adam(), schedule, resume } = options;
  checkData(network, data);
  checkParams(network, params);
  if (mask) checkMask(network, mask);
  checkOptimiser(optimiser);
  if (schedule) checkSchedule(schedule);
  batches(data, 'train', { batch, seed, augment }); // checks its own options
  for (const name of options.record?.quantities ?? []) lookUp('record.quantities', quantities, name);
  if (resume) checkState(network, optimiser, resume);
}

import { checkNames, invalid, lookUp } from '../base';
import { batches, type Dataset } from '../data';
import { checkMask, checkNetwork, checkParams, type Mask, type Network, type Params } from '../network';
import { isTrained } from '../network/isTrained';
import { tf } from '../tensor';
import { checkFreeze } from './freeze';
import { checkLoss, classesOf, type LossName } from './losses';
import { adam, checkOptimiser } from './optimiser';
import { checkPenalty } from './penalty';
import { quantities } from './quantities';
import { checkSchedule } from './schedule';
import { checkState, maskOf } from './trainingState';
import type { TrainerOptions } from './trainOptions';

/** @throws `invalid data; …` where images or classes are not those the network is made for */
export function checkData(network: Network, data: Dataset, loss?: LossName): void {
  checkNetwork(network);
  if (!(Array.isArray(data?.shape) && data.train && data.test)) {
    const what =
      data instanceof Promise ? 'a promise, await it' : 'not a data set as `mnist` and the like load it';
    throw invalid('data', data === undefined ? 'is missing' : what, data);
  }
  const { name, shape, classes } = data;
  const { input } = network;
  if (input.join() !== shape.join())
    throw invalid('data', `${network.name} reads [${input.join(', ')}], images of ${name} are`, shape);
  checkLoss(network, loss);
  const apart = classesOf(network, loss);
  if (classes !== apart)
    throw invalid('data', `${network.name} tells ${apart} classes apart, ${name} has`, classes);
}

/** @throws `invalid …` for the first option that is out of range or does not fit the network */
export function checkOptions(network: Network, params: Params, options: TrainerOptions): void {
  checkTrainingNames('createTrainer', options, optionNames);
  if (options.record !== undefined)
    checkNames('record', options.record, { trace: 1, test: 1, quantities: 1 });
  const { data, mask, freeze, seed = 1, augment, optimiser = adam(), schedule, resume } = options;
  const { loss, linearisedAt, compact, penalty, sparse, fromStep = 0 } = options;
  checkData(network, data, loss);
  const { batch = defaultBatch(data) } = options;
  checkParams(network, params);
  if (linearisedAt !== undefined) checkParams(network, linearisedAt, 'linearisedAt');
  if (linearisedAt && compact)
    throw invalid('compact', 'no smaller network takes the place of a linearised one', compact);
  if (!network.parameters.some(isTrained)) throw invalid('network', 'has nothing to train', network.name);
  if (mask !== undefined) checkMask(network, mask);
  if (freeze !== undefined) checkFreeze(network, freeze);
  if (penalty !== undefined) checkPenalty(network, penalty);
  checkOptimiser(optimiser);
  if (!(Number.isSafeInteger(fromStep) && fromStep >= 0))
    throw invalid('fromStep', 'not a whole number of 0 or more', fromStep);
  if (schedule) checkSchedule(schedule);
  batches(data, 'train', { batch, seed, augment }); // checks its own options
  for (const name of options.record?.quantities ?? []) lookUp('record.quantities', quantities, name);
  if (!linearisedAt) checkStatistics(network, data.train.count % batch || batch);
  if (resume !== undefined)
    checkState(network, optimiser, resume, Math.floor(fromStep / Math.ceil(data.train.count / batch)));
  if (resume && mask && !sparse) checkSameMask(mask, maskOf(resume) ?? mask);
  if (sparse) checkSparse(options);
}

/** @throws `invalid epochs; …`, `invalid freeze; …` for what a changing mask needs and cannot have beside it */
function checkSparse({ epochs, freeze }: TrainerOptions): void {
  if (!(Number.isInteger(epochs) && (epochs as number) >= 0))
    throw invalid('epochs', 'not a whole number of 0 or more, which the schedule of sparse needs', epochs);
  if (freeze !== undefined)
    throw invalid('freeze', 'a frozen weight that comes back would stay 0: give sparse or freeze', freeze);
}

/** {@link checkNames}, which says of an optimiser's options where they belong. */
export function checkTrainingNames<T extends object>(
  subject: string,
  options: T,
  names: Readonly<Record<keyof T, unknown>>,
): void {
  const stray = optimiserNames.find((name) => options && Object.hasOwn(options, name));
  if (stray)
    throw invalid(
      `options of ${subject}`,
      `belongs to the optimiser, such as optimiser: adam({ learningRate: 0.01 }) or sgd({ … })`,
      stray,
    );
  checkNames(subject, options, names);
}

const optimiserNames = ['learningRate', 'momentum', 'nesterov', 'weightDecay', 'beta1', 'beta2', 'epsilon'];

export const optionNames: Record<keyof TrainerOptions, true> = {
  data: true,
  mask: true,
  freeze: true,
  batch: true,
  optimiser: true,
  schedule: true,
  seed: true,
  augment: true,
  fromStep: true,
  record: true,
  resume: true,
  sparse: true,
  epochs: true,
  validation: true,
  compact: true,
  loss: true,
  linearisedAt: true,
  penalty: true,
};

/** Images a step unless told otherwise. */
export function defaultBatch({ train }: Dataset): number {
  return Math.min(64, train.count);
}

/**
 * Batch norm in training takes more than one value a channel, as their variance is otherwise 0; PyTorch refuses it as well.
 *
 * @param images in the smallest batch
 * @throws `invalid batch; …` where that is one image, of which a batch norm sees one value a channel
 */
export function checkStatistics({ nodes, shapes }: Network, images: number): void {
  if (images > 1) return;
  const lonely = nodes.find(
    ({ id, op }) => op === 'batchNorm' && shapes[id].slice(0, -1).every((extent) => extent === 1),
  );
  if (lonely)
    throw invalid(
      'batch',
      `a (last) batch of one image gives batch norm ${lonely.id} one value a channel, whose variance is 0: take another size`,
      images,
    );
}

function checkSameMask(mask: Mask, own: Mask): void {
  for (const [name, kept] of Object.entries(mask))
    if (!tf.tidy(() => kept.equal(own[name]).all().dataSync()[0]))
      throw invalid(
        'mask',
        'not the one of the state: resume without a mask to go on with its own, and change it with setMask',
        name,
      );
}

import { invalid } from '../../base';
import { isRecord } from '../../base/isRecord';
import { adam, type Penalty, sgd } from '../../train';
import { type LossName, lossKinds } from '../../train/losses';
import { checkPenaltyNumbers } from '../../train/penalty';
import { checkSchedule } from '../../train/schedule';
import type { TrainConfig } from './config';
import {
  boolean,
  list,
  number,
  object,
  oneOf,
  optional,
  type Reader,
  record,
  whole,
  withDefault,
  within,
} from './readers';
import { readSparse } from './readSparse';

/** The numbers of a penalty, its defaults among them. */
const readPenalty: Reader<Required<Penalty>> = (value, path) => {
  const penalty = { towards: 0, power: 1, ...(object(value, path) as unknown as Penalty) };
  within(path.replace(/\.penalty$/, ''), () => checkPenaltyNumbers(penalty));
  const { on, towards, power, strength } = penalty;
  return { on, towards, power, strength };
};

const common = {
  epochs: whole(0),
  batch: withDefault(whole(1), 64),
  schedule: optional(
    record({
      drops: list(whole(1)),
      rate: withDefault(
        number('not in (0, 1]', (r) => 0 < r && r <= 1),
        0.1,
      ),
    }),
  ),
  augment: withDefault(boolean, false),
  compact: optional(boolean),
  loss: optional(oneOf(Object.keys(lossKinds) as LossName[])),
  linearised: optional(boolean),
  penalty: optional(readPenalty),
  sparse: optional(readSparse),
  validation: optional(number('not in [0, 1)', (part) => 0 <= part && part < 1)),
};
// The optimisers check their own ranges.
const finite = number('not a number', Number.isFinite);

const readAdam = record({
  ...common,
  optimiser: withDefault(oneOf(['adam']), 'adam'),
  learningRate: optional(finite),
  beta1: optional(finite),
  beta2: optional(finite),
  epsilon: optional(finite),
  weightDecay: optional(finite),
});

const readSgd = record({
  ...common,
  optimiser: oneOf(['sgd']),
  learningRate: finite,
  momentum: optional(finite),
  nesterov: optional(boolean),
  weightDecay: optional(finite),
});

const own = { adam: ['beta1', 'beta2', 'epsilon'], sgd: ['momentum', 'nesterov'] };

/** Reads the part `train` of a configuration; undefined for no epochs, which is no training. */
export const readTrain: Reader<TrainConfig | undefined> = (value, path) => {
  const kind = isRecord(value) ? value.optimiser : undefined;
  if (kind !== undefined) oneOf(['adam', 'sgd'])(kind, `${path}.optimiser`);
  const other = kind === 'sgd' ? 'adam' : 'sgd';
  const foreign = isRecord(value) && own[other].find((key) => key in value);
  if (foreign) throw invalid(`${path}.${foreign}`, `only for the optimiser ${other}`, value[foreign]);
  const read = kind === 'sgd' ? readWith(readSgd, sgd) : readWith(readAdam, adam);
  return read(value, path);
};

function readWith(
  reader: typeof readAdam | typeof readSgd,
  make: typeof adam | typeof sgd,
): Reader<TrainConfig | undefined> {
  return (value, path) => {
    const { loss, linearised, penalty, optimiser, ...others } = reader(value, path);
    const { epochs, batch, schedule, augment, compact, sparse, validation, ...numbers } = others;
    const { kind: _, ...rest } = within(path, () => (make as (options: object) => object)(numbers)) as {
      kind: string;
    };
    if (schedule) within(path, () => checkSchedule(schedule));
    if (epochs === 0) return undefined;
    if (linearised && compact)
      throw invalid(`${path}.compact`, 'no smaller network takes the place of a linearised one', compact);
    const read: object = {
      ...{ epochs, batch, ...(schedule && { schedule }), augment },
      ...(compact !== undefined && { compact }),
      ...(loss !== undefined && loss !== 'cross-entropy' && { loss }),
      ...(linearised && { linearised }),
      ...(penalty !== undefined && { penalty }),
      ...(sparse !== undefined && { sparse }),
      ...(validation !== undefined && { validation }),
      ...{ optimiser, ...rest },
    };
    return read as TrainConfig;
  };
}

import type { Dataset } from '../../data';
import type { Mask, Network, Params } from '../../network';
import type { TensorRecord } from '../../tensor';
import type { Metrics } from '../metrics';
import type { Objective } from '../objective';
import type { SparseUpdate } from '../sparse';
import type { RecordOptions } from '../trainOptions';

/** A number that is recorded of each run and epoch: all there is to say of it, in one place. */
export interface Quantity<Value extends number | null = number | null> {
  /** What it is, in a line, and what null stands for. */
  meaning: string;
  /** `nats`, `fraction`, `s`; none where absent. */
  unit?: string;
  /** Its column's type; `DOUBLE` by default. */
  sql?: 'DOUBLE' | 'INTEGER' | 'BIGINT';
  /** Of a figure over epochs. */
  title: string;
  /** Of its axis. */
  label: string;
  /** Of its axis; `linear` by default, `exponent` for natural logarithms, which figures show as powers of ten. */
  axis?: 'linear' | 'log' | 'exponent';
  /** Whether it is measured only where `record.quantities` names it, being slow; false by default. */
  onRequest?: boolean;
  /** Null where there is nothing to measure; what is not finite is stored as null. Leaves no tensors behind. */
  measure(state: EpochState): Value | Promise<Value>;
}

/** A training between two epochs, as quantities see it; `linearisedAt` is masked already, too. */
export interface EpochState extends Objective {
  /** Epochs finished; 0 before training. */
  epoch: number;
  network: Network;
  data: Dataset;
  mask?: Mask;
  /** Masked already; whoever calls disposes of them, as of the other tensors. */
  params: Params;
  /** The network that is trained in its place, where there is one: smaller, with the same outputs. */
  small?: { network: Network; params: Params };
  /** Kernels before training, masked. */
  initial: TensorRecord;
  /** Kernels after the first epoch, once there are. */
  first?: TensorRecord;
  /** The data set with the images held out as its test images, where there are any. */
  validation?: Dataset;
  /** What the epoch's steps came to; absent before training. */
  steps?: EpochSteps;
  record: RecordOptions;
  /** Stops by throwing its reason. */
  signal?: AbortSignal;
}

/** What the steps of an epoch came to. */
export interface EpochSteps {
  learningRate: number;
  metrics: Metrics;
  /** Of the outputs that the first step saw. */
  opening?: { outputMean: number; outputNorm: number };
  seconds: number;
  /** Of the mask. */
  updates: readonly SparseUpdate[];
}

/** A quantity whose type keeps whether it can be null. */
export function quantity<Value extends number | null>(parts: Quantity<Value>): Quantity<Value> {
  return parts;
}

/** A quantity that is slow to measure, and so only where it is asked for. */
export function quantityOnRequest<Value extends number | null>(
  parts: Quantity<Value>,
): Quantity<Value> & { onRequest: true } {
  return { ...parts, onRequest: true };
}

/** What several quantities are read from, computed once a state. */
export function shared<T>(compute: (state: EpochState) => T): (state: EpochState) => T {
  const known = new WeakMap<EpochState, T>();
  return (state) => {
    if (!known.has(state)) known.set(state, compute(state));
    return known.get(state) as T;
  };
}

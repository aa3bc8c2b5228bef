import { batches, type Dataset } from '../data';
import { evaluate, kernelsOf, type Mask, type Network, type Params } from '../network';
import { pathKernelTrace } from '../path';
import { norm, type TensorRecord, tf } from '../tensor';
import type { StateRow } from './epochRow';
import { spread } from './metrics';
import { testMetrics } from './testMetrics';
import type { RecordOptions } from './trainOptions';

/** What the state is measured against. */
export interface Measured {
  network: Network;
  data: Dataset;
  mask?: Mask;
  record?: RecordOptions;
  /** Kernels before training, masked. */
  initial: TensorRecord;
  /** Kernels after the first epoch, once there are. */
  first?: TensorRecord;
}

/** How many test images the outputs are recorded for. */
const OUTPUT_IMAGES = 64;

/** Measures parameters that are masked already; a raised signal is thrown. */
export async function measure(
  { network, data, mask, record: { trace = 'weights', test = true } = {}, initial, first }: Measured,
  params: Params,
  signal?: AbortSignal,
): Promise<StateRow> {
  const metrics = test ? await testMetrics(network, params, data, { signal }) : undefined;
  const log = trace ? pathKernelTrace(network, params, { mask, convention: trace }).log : undefined;
  return {
    testLoss: metrics?.loss ?? null,
    testTop1: metrics?.top1 ?? null,
    testTop5: metrics?.top5 ?? null,
    pathKernelTrace: log === undefined || log === Number.NEGATIVE_INFINITY ? null : log,
    weightMovement: distance(network, params, initial),
    weightMovementFromFirst: first ? distance(network, params, first) : null,
    weightNorm: norm(Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name]]))),
    ...outputs(network, data, params),
  };
}

/** The Euclidean distance of two sets of kernels. */
function distance(network: Network, a: TensorRecord, b: TensorRecord): number {
  return tf.tidy(() =>
    norm(Object.fromEntries(kernelsOf(network).map(({ name }) => [name, a[name].sub(b[name])]))),
  );
}

function outputs(
  network: Network,
  data: Dataset,
  params: Params,
): { outputMean: number; outputNorm: number } {
  const batch = Math.min(OUTPUT_IMAGES, data.test.count);
  const [{ images, labels }] = firstOf(batches(data, 'test', { batch }));
  const result = tf.tidy(() => spread(evaluate(network, params, images)));
  tf.dispose([images, labels]);
  return result;
}

function firstOf<T>(values: Iterable<T>): [T] {
  for (const value of values) return [value];
  throw new Error('nothing to take');
}

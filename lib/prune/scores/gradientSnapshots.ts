import { breathe, checkNames, invalid } from '../../base';
import { checkBatch, forward, kernelsOf, type Network, type Params } from '../../network';
import { isTrained } from '../../network/isTrained';
import {
  cloneRecord,
  compiled,
  compiledFor,
  doubles,
  mapRecord,
  type Precision,
  readDoubles,
  softmaxCrossEntropy,
  type TensorRecord,
  tf,
  valueAndGradients,
} from '../../tensor';
import type { ScoreBatch, ScoreContext, ScoringMethod } from '../method';

export interface SnapshotOptions extends Pick<ScoreContext, 'mask' | 'signal'> {
  /** Gradients, and so steps of descent; 20 by default. */
  steps?: number;
  /** Images of a step, of which a batch is a part: one after the other, from the first again after the last; 20 by default, or all there are. */
  size?: number;
  /** Of plain gradient descent; 0.05 by default. */
  learningRate?: number;
  /** `single` (default) or `double`. */
  precision?: Precision;
}

/** What a method that takes snapshots can be told of them. */
export type SnapshotSettings = Pick<SnapshotOptions, 'steps' | 'size' | 'learningRate'>;

/** Gradients over the first steps of a training. */
export interface GradientSnapshots {
  /** By kernel, the gradient before each step, in the order of the kernel. */
  gradients: Record<string, Float64Array[]>;
  /** Mean cross-entropy of each step's images, before it. */
  losses: number[];
}

/**
 * The gradients of the cross-entropy over a few steps of plain gradient descent from given parameters, each on some images of one
 * batch: step t takes the images size · t, size · t + 1, …, counted on from the first after the last. Batch norm is in training
 * mode; pruned weights stay at 0. The parameters stay as they are.
 *
 * @throws `invalid steps; …` and the like for what is not positive; `invalid learningRate; …` where the loss leaves the numbers
 */
export async function gradientSnapshots(
  network: Network,
  params: Params,
  batch: ScoreBatch,
  options: SnapshotOptions = {},
): Promise<GradientSnapshots> {
  checkNames('gradientSnapshots', options, {
    ...{ steps: 1, size: 1, learningRate: 1, precision: 1, mask: 1, signal: 1 },
  });
  checkBatch(network, batch);
  const { images, labels } = batch;
  const [total] = images.shape;
  const { steps = 20, size = Math.min(20, total), learningRate = 0.05, precision = 'single' } = options;
  const { mask, signal } = options;
  checkSnapshotOptions({ steps, size, learningRate });
  if (size > total) throw invalid('size', `more than the ${total} images`, size);
  const names = kernelsOf(network).map(({ name }) => name);
  const read = (tensor: tf.Tensor) =>
    Float64Array.from(precision === 'double' ? readDoubles(tensor) : tensor.dataSync());
  const run = descent(network, precision);
  const gradients: Record<string, Float64Array[]> = Object.fromEntries(names.map((name) => [name, []]));
  const losses: number[] = [];
  const rate = precision === 'double' ? doubles(Float64Array.of(learningRate), []) : tf.scalar(learningRate);
  let at = cloneRecord(params);
  try {
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      const chosen = Array.from({ length: size }, (_, q) => (size * step + q) % total);
      const part = tf.tidy(() => {
        const places = tf.tensor1d(chosen, 'int32');
        const targets = tf.oneHot(labels.gather(places), network.classes).toFloat() as tf.Tensor2D;
        return run({ params: at, x: images.gather(places), targets, rate, mask });
      });
      const [loss] = read(part.loss);
      for (const name of names) gradients[name].push(read(part.gradients[name]));
      tf.dispose([at, part.loss, part.gradients]);
      at = part.next;
      if (!Number.isFinite(loss))
        throw invalid(
          'learningRate',
          `the loss is ${loss} after ${step} steps, take a lower one`,
          learningRate,
        );
      losses.push(loss);
      await breathe();
    }
  } finally {
    tf.dispose([at, rate]);
  }
  return { gradients, losses };
}

/** @throws `invalid steps; …`, `invalid size; …`, `invalid learningRate; …` for what is not positive */
export function checkSnapshotOptions({ steps, size, learningRate }: SnapshotSettings): void {
  for (const [name, value] of Object.entries({ steps, size }))
    if (value !== undefined && !(Number.isInteger(value) && value > 0))
      throw invalid(name, 'not a positive whole number', value);
  if (learningRate !== undefined && !(0 < learningRate && learningRate < Number.POSITIVE_INFINITY))
    throw invalid('learningRate', 'not a positive number', learningRate);
}

type DescentInputs = {
  params: Params;
  x: tf.Tensor;
  targets: tf.Tensor2D;
  rate: tf.Tensor;
  mask?: TensorRecord;
};

type DescentStep = { loss: tf.Tensor; gradients: TensorRecord; next: TensorRecord };

/** The loss on some images, its gradient by kernel, and the parameters a step further. */
function descent(network: Network, precision: Precision) {
  const trained = new Set(network.parameters.filter(isTrained).map(({ name }) => name));
  const names = kernelsOf(network).map(({ name }) => name);
  return compiledFor(network, ['snapshots', precision], () =>
    compiled(
      ({ params, x, targets, rate, mask }: DescentInputs): DescentStep => {
        const moved = Object.fromEntries(Object.entries(params).filter(([name]) => trained.has(name)));
        const { value, gradients } = valueAndGradients(
          (at) =>
            softmaxCrossEntropy(
              forward(network, { ...params, ...at }, x, { mode: 'training' }),
              targets,
            ).mean() as tf.Scalar,
          moved,
        );
        const next = mapRecord(params, (tensor, name) => {
          if (!trained.has(name)) return tensor.clone();
          const step = gradients[name].mul(rate);
          return tensor.sub(mask?.[name] ? step.mul(mask[name]) : step);
        });
        return {
          loss: value,
          gradients: Object.fromEntries(
            names.map((name) => [name, gradients[name] ?? tf.zerosLike(params[name])]),
          ),
          next,
        };
      },
      { precision },
    ),
  );
}

/** Scores each kernel by its gradients over the first steps on the pruning batch, a column a step. */
export function scoredBySnapshots(
  settings: SnapshotSettings,
  of: (columns: readonly Float64Array[]) => Float64Array,
): NonNullable<ScoringMethod['score']> {
  return async (network, params, { batch, mask, signal }) => {
    const options = { ...settings, mask, signal };
    const { gradients } = await gradientSnapshots(network, params, batch as ScoreBatch, options);
    return mapRecord(gradients, of);
  };
}

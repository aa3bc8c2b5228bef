import { breathe, checkNames, invalid } from '../../base';
import { forward, initialise, kernelsOf, type Mask, type Network, type Params } from '../../network';
import {
  compiled,
  compiledFor,
  constant,
  mapRecord,
  normal,
  type Precision,
  type Random,
  type TensorRecord,
  tf,
  valueAndGradients,
  zipRecords,
} from '../../tensor';
import { described, type ScoringMethod } from '../method';
import { inReach, precisely } from './inReach';

/** What the code (YiteWang/NTK-SAP, e23682b) takes for ResNet-20 on CIFAR-10. */
export const ntkSapDefaults = { epsilon: 0.01, rounds: 5, perClass: 10, batchSize: 256 } as const;

/** The settings of NTK-SAP; {@link ntkSapDefaults} by default. */
export interface NtkSapOptions {
  /** ε, the deviation of Δθ; 0.01 by default. */
  epsilon?: number;
  /** R: how often as many weights and inputs are drawn as the samples fill; 5 by default, 1 in the code for larger data sets. */
  rounds?: number;
  /** Gaussian inputs of a round for each class; 10 by default. */
  perClass?: number;
  /** Inputs at most that share one draw of the weights; 256 by default. */
  batchSize?: number;
}

/**
 * NTK-SAP with settings of one's own, see {@link ntkSap}.
 *
 * @throws `invalid epsilon; …` and the like for what is not positive, or not a whole number
 */
export function ntkSapWith(options: NtkSapOptions = {}): ScoringMethod {
  checkNames('ntkSapWith', options, { epsilon: 1, rounds: 1, perClass: 1, batchSize: 1 });
  const { epsilon, rounds, perClass, batchSize } = { ...ntkSapDefaults, ...options };
  if (!(0 < epsilon && epsilon < Number.POSITIVE_INFINITY))
    throw invalid('epsilon', 'not a positive number', epsilon);
  for (const [name, value] of Object.entries({ rounds, perClass, batchSize }))
    if (!(Number.isInteger(value) && value > 0)) throw invalid(name, 'not a positive whole number', value);
  return {
    description: '|∂/∂m Σ ‖f(z; θ ⊙ m) − f(z; (θ + Δθ) ⊙ m)‖²| of random inputs z and new random weights θ',
    needs: 'nothing',
    iterations: 20,
    score: (network, params, { random, mask, signal }) =>
      inReach(network, params, async (precision) => {
        const add = precisely(precision, sumOfTwo);
        let sum: TensorRecord | undefined;
        for (let round = 0; round < rounds; round++)
          for (const [index, count] of batches(network.classes * perClass, batchSize).entries()) {
            signal?.throwIfAborted();
            const drawn = draw(network, random.fork(round).fork(index), count);
            const { slopes: next, ...rest } = ntkSapParts(network, { ...drawn, mask, epsilon, precision });
            tf.dispose([drawn, rest]);
            const before = sum;
            sum = before ? add({ a: next, b: before }) : next;
            if (before) tf.dispose([next, before]);
            await breathe();
          }
        const scores = precisely(precision, sizes)({ slopes: sum as TensorRecord, mask });
        tf.dispose(sum as TensorRecord);
        return scores;
      }),
  };
}

/**
 * NTK-SAP (Wang et al. 2023, arXiv 2304.02840): |∂/∂m| of Σ ‖f(z; θ ⊙ m) − f(z; (θ + Δθ) ⊙ m)‖², Δθ normal with deviation ε: by finite
 * differences ε² times the trace of the tangent kernel, so the weights stay on which it depends.
 *
 * Of the network's own weights it sees nothing but the mask: each batch of Gaussian inputs is of new weights, drawn by Kaiming's
 * rule. Batch norm has the statistics of those inputs. Here and in the code for ResNet-20 on CIFAR-10 ε = 0.01, R = 5 and twenty
 * iterations; {@link ntkSapWith} takes others (for CIFAR-100 and Tiny-ImageNet R = 1 and a hundred iterations).
 */
export const ntkSap = described(ntkSapWith(), {
  paper: 'Wang, Li and Sun 2023, arXiv 2304.02840',
  criterion: 'tangent kernel',
  cost: 'two passes and a gradient of 100 random inputs, five times each iteration',
  references: ['scores'],
});

/** One batch of NTK-SAP: weights, their change in units of ε, and inputs. */
export interface NtkSapBatch {
  /** Every parameter. */
  theta: Params;
  /** z of each kernel, of its shape; Δθ = ε z. */
  delta: TensorRecord;
  /** `[batch, ...network.input]` */
  inputs: tf.Tensor;
  /** All weights by default. */
  mask?: Mask;
  epsilon: number;
  /** Whether batch norm takes the statistics of the inputs, as the unchanged weights give them, or those of `theta`; `batch` by default. */
  statistics?: 'batch' | 'running';
  /** `single` (default), or `double` inside and in the result. */
  precision?: Precision;
}

type NtkSapInputs = Pick<NtkSapBatch, 'theta' | 'delta' | 'inputs' | 'mask'> &
  Readonly<Record<string, tf.Tensor | TensorRecord | undefined>>;

/** What NTK-SAP takes of one batch; the caller disposes of it. */
export type NtkSapParts = {
  /** Σ_n ‖f(x_n; θ ⊙ m) − f(x_n; (θ + ε z) ⊙ m)‖² */
  distance: tf.Tensor;
  /** ∂/∂m of it, by kernel. */
  slopes: TensorRecord;
  /** Batch norm's means and variances of the batch, by name; none of `running`. */
  statistics: TensorRecord;
}; // a type, which unlike an interface may leave tf.tidy

/** The distance between the outputs of a batch's weights and of those changed by ε z, with its slope by the mask. */
export function ntkSapParts(network: Network, batch: NtkSapBatch): NtkSapParts {
  checkNames('ntkSapParts', batch, {
    ...{ theta: 1, delta: 1, inputs: 1, mask: 1 },
    ...{ epsilon: 1, statistics: 1, precision: 1 },
  });
  const { theta, delta, inputs, mask, epsilon, statistics = 'batch', precision = 'single' } = batch;
  const names = kernelsOf(network).map(({ name }) => name);
  const run = compiledFor(network, ['ntk-sap', epsilon, statistics, precision], () =>
    compiled(
      ({ theta, delta, inputs, mask }: NtkSapInputs) => {
        const all = Object.fromEntries(names.map((name) => [name, mask?.[name] ?? tf.onesLike(theta[name])]));
        const moved = mapRecord(delta, (z, name) => theta[name].add(z.mul(constant(epsilon))));
        const masked = (weights: TensorRecord, m: TensorRecord) =>
          mapRecord(m, (bits, name) => weights[name].mul(bits));
        const start = { ...theta, ...masked(theta, all) };
        const own = statistics === 'batch' ? statisticsOf(network, start, inputs) : {};
        const outputs = (weights: TensorRecord, m: TensorRecord) =>
          forward(network, { ...theta, ...own, ...masked(weights, m) }, inputs);
        const distance = (m: TensorRecord) =>
          outputs(theta, m).sub(outputs(moved, m)).square().sum() as tf.Scalar;
        const { value, gradients } = valueAndGradients(distance, all);
        return { distance: value, slopes: gradients, statistics: own };
      },
      { precision },
    ),
  );
  return run({ theta, delta, inputs, mask });
}

/** The statistics that batch norm has on some inputs, by name: what running ones of momentum 1 come to. */
function statisticsOf(network: Network, params: Params, inputs: tf.Tensor): TensorRecord {
  const kept: TensorRecord = {}; // out of the pass's own tidy
  forward(network, params, inputs, {
    mode: 'training',
    onStatistics(node, mean, variance) {
      kept[node.mean] = tf.keep(mean.clone());
      kept[node.variance] = tf.keep(variance.clone());
    },
  });
  const found = mapRecord(kept, (tensor) => tensor.clone());
  tf.dispose(kept);
  return found;
}

/** New weights by Kaiming's rule, their change in units of ε, and Gaussian inputs. */
function draw(network: Network, random: Random, count: number) {
  const kernels = kernelsOf(network);
  return {
    theta: initialise(network, { seed: random.fork('weights').uint32(), initialiser: 'kaimingNormal' }),
    delta: Object.fromEntries(
      kernels.map(({ name, shape }) => [name, normal(random.fork('change').fork(name), shape, 1)]),
    ),
    inputs: normal(random.fork('inputs'), [count, ...network.input], 1),
  };
}

/** Sizes of parts of no more than `most`, as a data loader cuts them. */
function batches(total: number, most: number): number[] {
  return Array.from({ length: Math.ceil(total / most) }, (_, i) => Math.min(most, total - i * most));
}

const sumOfTwo = ({ a, b }: { a: TensorRecord; b: TensorRecord }) => zipRecords(a, b, (x, y) => x.add(y));

const sizes = ({ slopes, mask }: { slopes: TensorRecord; mask?: Mask }) =>
  mapRecord(slopes, (slope, name) => (mask ? slope.mul(mask[name]) : slope).abs());

import { breathe, checkNames, invalid, lookUp } from '../../base';
import {
  checkFinite,
  checkInput,
  checkMask,
  checkParams,
  gatedPass,
  isAllFinite,
  kernelsOf,
  linearPass,
  type Mask,
  type Network,
  type Node,
  opOf,
  type ParameterSpec,
  type Params,
  settledPolicy,
  walk,
} from '../../network';
import { alongGates } from '../../network/passes/alongGates';
import {
  compiled,
  compiledFor,
  mapRecord,
  readDoubles,
  type TensorRecord,
  tf,
  valueAndAllGradients,
} from '../../tensor';
import type { ScoreContext, ScoringMethod } from '../method';
import { imagesAtOnce } from './imagesAtOnce';

/** Which networks PX makes of one: of the first come z1, by the gates of images, of the second z2. */
export interface PxForm {
  /** Tells it from the others. */
  readonly name: string;
  /** Parameters that are 1 in the first network and squared in the second; the others stay as they are. */
  readonly isReplaced: (spec: ParameterSpec) => boolean;
  /**
   * `paths`: sums over paths, without biases and shifts, batch norm at its running statistics; `batch`: as code that copies the
   * network in training mode computes it, biases and shifts included, batch norm at the statistics of what comes to it.
   */
  readonly as: 'paths' | 'batch';
}

/** A form of PX as a method. */
export function pathExclusion(description: string, form: PxForm): ScoringMethod {
  return {
    description,
    needs: 'batch',
    iterations: 100,
    compacts: 'training',
    isConserved: form.as === 'paths',
    async score(network, params, context) {
      const { batch, mask, batchNorm, whole, signal } = context;
      if (batch === undefined) throw invalid('batch', 'the method needs images', batch);
      const settings = { images: batch.images, mask, batchNorm, whole, signal };
      const weights = await summedOutputs(network, params, form, settings);
      const run = secondNetwork(network, form);
      const { outputs, gradients } = run({ params, weights });
      const scores = mapRecord(gradients, readDoubles);
      tf.dispose([weights, outputs, gradients]);
      const wrong = kernelsOf(network).find(({ name }) => !scores[name].every(Number.isFinite));
      if (wrong)
        throw invalid('scores', 'leave float64, which reaches from 2.2e-308 to 1.8e308, at', wrong.layer);
      return scores;
    },
  };
}

/** The objective of a form of PX and what it is made of. */
export interface PxParts {
  /** c_k = Σ_n z1[n, k], `[classes]`. */
  classWeights: Float64Array;
  /** z2_k, `[classes]`. */
  outputs: Float64Array;
  /** R = Σ_k c_k z2_k. */
  objective: number;
}

export interface PxOptions {
  /** Which weights are kept; all by default. `params` hold 0 for the others. */
  mask?: Mask;
  /** Batch norm's statistics where gates are set; `inference`, the running ones, by default. */
  batchNorm?: 'training' | 'inference';
}

/**
 * The parts of PX's objective on some images, in double precision.
 *
 * @param form `pruning.pxForm` for that of the paper
 * @param images `[batch, ...network.input]`
 * @throws `invalid params; …`, `invalid input; …`, `invalid mask; …`
 */
export async function pxParts(
  network: Network,
  params: Params,
  form: PxForm,
  images: tf.Tensor,
  options: PxOptions = {},
): Promise<PxParts> {
  checkNames('pxParts', options, { mask: 1, batchNorm: 1 });
  const weights = await summedOutputs(network, params, form, { ...options, images });
  const { outputs, gradients } = secondNetwork(network, form)({ params, weights });
  const [classWeights, z2] = [weights, outputs].map((tensor) => Float64Array.from(readDoubles(tensor)));
  tf.dispose([weights, outputs, gradients]);
  return { classWeights, outputs: z2, objective: classWeights.reduce((sum, c, k) => sum + c * z2[k], 0) };
}

/**
 * c_k: the first network's outputs summed over the images, `[classes]` in double precision; a few images at a time, those of
 * one batch norm together.
 */
async function summedOutputs(
  network: Network,
  params: Params,
  form: PxForm,
  { images, mask, batchNorm = 'inference', whole = network, signal }: SummedOptions,
): Promise<tf.Tensor> {
  lookUp('batchNorm', { training: 1, inference: 1 }, batchNorm);
  checkParams(network, params);
  checkFinite(network, params);
  checkInput(network, images);
  if (!isAllFinite(images)) throw invalid('batch', 'NaN or infinite numbers in', 'images');
  if (mask) checkMask(network, mask);
  const total = images.shape[0];
  const areJoined = form.as === 'batch' || batchNorm === 'training';
  const parts = Math.ceil(total / imagesAtOnce(whole, areJoined, false));
  const most = Math.ceil(total / parts);
  const run = firstNetwork(network, form, batchNorm);
  let sum: tf.Tensor | undefined;
  for (let start = 0; start < total; start += most) {
    signal?.throwIfAborted();
    const x = images.slice(start, Math.min(most, total - start)); // [part, ...input]
    const next = run({ params, mask, x, sum });
    tf.dispose([x, sum ?? []]);
    sum = next;
    await breathe();
  }
  return sum as tf.Tensor;
}

interface SummedOptions extends PxOptions, Pick<ScoreContext, 'whole' | 'signal'> {
  images: tf.Tensor;
}

/** Σ_n z1[n, k] on some images, plus the sum so far. */
function firstNetwork(network: Network, form: PxForm, mode: 'training' | 'inference') {
  return compiledFor(network, ['px', form.name, mode], () =>
    compiled(
      ({ params, mask, x, sum }: { params: Params; mask?: Mask; x: tf.Tensor; sum?: tf.Tensor }) => {
        const s = replaced(network, form, params, (tensor, name) => mask?.[name] ?? tf.onesLike(tensor));
        const y = x.square();
        const z1 =
          form.as === 'paths'
            ? gatedPass(network, params, x, { s, y, power: 2, mode, policy: { maxPool: 'max' } })
            : alongGates(network, params, x, {
                step: (node, along) => copied(node, along, s, y),
                isRecorded: isOpened,
                power: 1,
                mode,
              });
        const own = z1.sum(0); // [classes]
        return sum ? own.add(sum) : own;
      },
      { precision: 'double' },
    ),
  );
}

/** z2 of ones, and θ² |∂(Σ_k c_k z2_k)/∂s| by kernel, s being what stands in the place of θ. */
function secondNetwork(network: Network, form: PxForm) {
  const names = kernelsOf(network).map(({ name }) => name);
  return compiledFor(network, ['px', form.name], () =>
    compiled(
      ({ params, weights }: { params: Params; weights: tf.Tensor }) => {
        const s = replaced(network, form, params, (tensor) => tensor.square());
        const ones = tf.ones([1, ...network.input]);
        const pass = (at: TensorRecord) =>
          form.as === 'paths'
            ? linearPass(network, { ...s, ...at }, ones, 1)
            : walk(network, (node, along: tf.Tensor[]) => copied(node, along, { ...s, ...at }, ones));
        const { gradients } = valueAndAllGradients(
          (at) => pass(at).mul(weights).sum() as tf.Scalar,
          Object.fromEntries(names.map((name) => [name, s[name]])),
        );
        return {
          outputs: pass({}).flatten(), // [classes]
          gradients: mapRecord(gradients, (slope, name) => slope.abs().mul(params[name].square())),
        };
      },
      { precision: 'double' },
    ),
  );
}

function replaced(
  { parameters }: Network,
  { isReplaced }: PxForm,
  params: Params,
  by: (tensor: tf.Tensor, name: string) => tf.Tensor,
): Params {
  const entry = (spec: ParameterSpec): [string, tf.Tensor] => {
    const { name } = spec;
    return [name, isReplaced(spec) ? by(params[name], name) : params[name]];
  };
  return Object.fromEntries(parameters.map(entry));
}

const linear = settledPolicy();

/** Whether a node is a ReLU, which PX takes out of the second network and leaves to its gates in the first. */
function isOpened(node: Node): boolean {
  return opOf(node).gate !== null && !opOf(node).acts(linear);
}

/** A node of a copy in training mode, its ReLUs taken out. */
function copied(node: Node, along: tf.Tensor[], s: Params, x: tf.Tensor): tf.Tensor {
  if (isOpened(node)) return along[0].clone();
  return opOf(node).forward(node, along, { params: s, x, mode: 'training' });
}

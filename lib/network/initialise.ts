import { checkNames, invalid, lookUp, product } from '../base';
import { createRandom, normal, orthogonal, type Random, tf, uniform } from '../tensor';
import { checkNetwork } from './checkNetwork';
import type { Initialiser, Network, ParameterSpec } from './graph';
import type { Params } from './params';

export interface InitialiseOptions {
  /** The same seed gives the same bits on every platform. */
  seed: number;
  /** How kernels are drawn, and biases; what the network asks for, and `kaimingNormal` where it does not. */
  initialiser?: Initialiser;
}

/**
 * Parameters to start from: kernels and biases as {@link initialisers} say, β 0, γ and channel scales 1, slopes 0.25, running mean 0 and
 * variance 1.
 *
 * Each tensor has a random stream of its own, named after it, so that adding a layer leaves the others as they were.
 *
 * @returns a tensor for every entry of `network.parameters`; the caller disposes of them
 * @throws `invalid seed; …` unless it is a finite number, `invalid initialiser; unknown, did you mean …`
 */
export function initialise(network: Network, options: InitialiseOptions): Params {
  checkNetwork(network);
  checkNames('initialise', options, { seed: 1, initialiser: 1 });
  const { seed, initialiser } = options;
  if (!Number.isFinite(seed)) throw invalid('seed', 'not a finite number', seed);
  const chosen = initialiser ?? network.initialiser ?? 'kaimingNormal';
  const { kernel, bias } = lookUp('initialiser', initialisers, chosen);
  const random = createRandom(seed);
  const kernels = new Map(
    network.parameters.flatMap((spec) => (spec.role === 'kernel' ? [[spec.layer, spec]] : [])),
  );
  return Object.fromEntries(
    network.parameters.map((spec) => {
      const of = kernels.get(spec.layer);
      const draw =
        spec.role === 'kernel' ? kernel : spec.role === 'bias' && of !== undefined ? bias : undefined;
      return [spec.name, draw?.(random.fork(spec.name), spec, of as ParameterSpec) ?? constant(spec)];
    }),
  );
}

/** A tensor of the shape of `spec`, for the layer with the kernel `kernel`. */
export type Draw = (random: Random, spec: ParameterSpec, kernel: ParameterSpec) => tf.Tensor;

export interface Scheme {
  readonly kernel: Draw;
  /** 0 where absent. */
  readonly bias?: Draw;
}

const pytorch: Draw = (random, { shape }, kernel) => uniform(random, shape, 1 / Math.sqrt(fanInOf(kernel)));

/** Fan-out in place of fan-in in convolutions, which keeps the variance of gradients; dense layers by another rule. */
const fanOutOr =
  (dense: Draw): Draw =>
  (random, spec, kernel) =>
    spec.shape.length > 2
      ? normal(random, spec.shape, Math.sqrt(2 / fanOutOf(spec)))
      : dense(random, spec, kernel);

/**
 * How kernels and biases are drawn, by name.
 *
 * - `kaimingNormal`: kernels normal with variance 2 / fan-in, for layers followed by ReLU (He et al. 2015, arXiv 1502.01852),
 *   biases 0. The published code does so in its ResNets and VGGs for CIFAR.
 * - `kaimingUniform`: kernels uniform on ±√(6 / fan-in), which has the same variance; biases 0.
 * - `orthogonal`: kernels orthogonal (Saxe et al. 2014, arXiv 1312.6120), biases 0.
 * - `pytorch`: kernels and biases uniform on ±1 / √fan-in, a sixth of Kaiming's variance: what PyTorch's layers do by themselves,
 *   and so the published fully connected and small convolutional networks.
 * - `torchvisionVgg`: convolutions normal with variance 2 / fan-out, dense layers normal with deviation 0.01, biases 0; in the
 *   published code the VGGs for Tiny-ImageNet.
 * - `torchvisionResnet`: convolutions the same, dense layers and biases as `pytorch`; in the published code the ResNets for
 *   Tiny-ImageNet.
 */
export const initialisers: Readonly<Record<Initialiser, Scheme>> = {
  kaimingNormal: { kernel: (random, spec) => normal(random, spec.shape, Math.sqrt(2 / fanInOf(spec))) },
  kaimingUniform: { kernel: (random, spec) => uniform(random, spec.shape, Math.sqrt(6 / fanInOf(spec))) },
  orthogonal: { kernel: (random, { shape }) => orthogonal(random, shape) },
  pytorch: { kernel: pytorch, bias: pytorch },
  torchvisionVgg: { kernel: fanOutOr((random, { shape }) => normal(random, shape, 0.01)) },
  torchvisionResnet: { kernel: fanOutOr(pytorch), bias: pytorch },
};

function constant({ role, shape }: ParameterSpec): tf.Tensor {
  if (role === 'slope') return tf.fill([...shape], 0.25); // He et al. 2015
  return role === 'gamma' || role === 'variance' || role === 'scale'
    ? tf.ones([...shape])
    : tf.zeros([...shape]);
}

function fanInOf({ name, fanIn }: ParameterSpec): number {
  if (fanIn === undefined) throw invalid('network', 'a kernel without its fan-in', name);
  return fanIn;
}

/** Outputs that one input takes part in, positions of a convolution's window included: `height · width · filters`. */
function fanOutOf({ shape }: ParameterSpec): number {
  return product(shape) / shape[shape.length - 2];
}

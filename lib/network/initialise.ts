import { invalid, lookUp } from '../base';
import { createRandom, kaimingNormal, kaimingUniform, orthogonal, type Random, tf } from '../tensor';
import type { Params } from './evaluate';
import type { Initialiser, Network, ParameterSpec } from './graph';

export interface InitialiseOptions {
  /** The same seed gives the same bits on every platform. */
  seed: number;
  /** How kernels are drawn; what the network asks for, and `kaimingNormal` where it does not. */
  initialiser?: Initialiser;
}

/**
 * Parameters to start from: kernels drawn at random, biases and β 0, γ and channel scales 1, running mean 0 and variance 1.
 *
 * Each kernel has a random stream of its own, named after it, so that adding a layer leaves the others as they were.
 *
 * @returns a tensor for every entry of `network.parameters`; the caller disposes of them
 * @throws `invalid seed; …` unless it is a finite number, `invalid initialiser; unknown, did you mean …`
 */
export function initialise(network: Network, { seed, initialiser }: InitialiseOptions): Params {
  if (!Number.isFinite(seed)) throw invalid('seed', 'not a finite number', seed);
  const draw = lookUp('initialiser', initialisers, initialiser ?? network.initialiser ?? 'kaimingNormal');
  const random = createRandom(seed);
  return Object.fromEntries(
    network.parameters.map((spec) => [
      spec.name,
      initialValue(spec, () => draw(random.fork(spec.name), spec)),
    ]),
  );
}

const initialisers: Readonly<Record<Initialiser, (random: Random, spec: ParameterSpec) => tf.Tensor>> = {
  kaimingNormal: (random, spec) => kaimingNormal(random, spec.shape, fanInOf(spec)),
  kaimingUniform: (random, spec) => kaimingUniform(random, spec.shape, fanInOf(spec)),
  orthogonal: (random, { shape }) => orthogonal(random, shape),
};

function initialValue({ role, shape }: ParameterSpec, drawKernel: () => tf.Tensor): tf.Tensor {
  switch (role) {
    case 'kernel':
      return drawKernel();
    case 'bias':
    case 'beta':
    case 'mean':
      return tf.zeros([...shape]);
    case 'gamma':
    case 'variance':
    case 'scale':
      return tf.ones([...shape]);
  }
}

function fanInOf({ name, fanIn }: ParameterSpec): number {
  if (fanIn === undefined) throw invalid('network', 'a kernel without its fan-in', name);
  return fanIn;
}

import { invalid, kindOf } from '../base';
import type { Network, ParameterSpec } from './graph';

/** @throws `invalid network; …` for what is none: its name, a promise, a function that makes one */
export function checkNetwork(network: Network): void {
  const { nodes, parameters } = (network ?? {}) as Partial<Network>;
  if (!Array.isArray(nodes) || !Array.isArray(parameters))
    throw invalid(
      'network',
      'none such as fc(), buildNetwork(name) or a graphBuilder makes',
      kindOf(network),
    );
}

/** @throws `invalid network; …` where none of its kernels is left to work on */
export function checkKernels({ name }: Network, kernels: readonly ParameterSpec[]): void {
  if (kernels.length === 0)
    throw invalid('network', 'has no kernels, the weights of dense and convolutional layers, for it', name);
}

/** @throws `invalid network; …` where it has one output, of which a cross-entropy is 0 whatever it is */
export function checkClasses({ name, classes }: Network): void {
  if (!(classes >= 2))
    throw invalid('network', `${name} needs 2 classes or more for a cross-entropy, has`, classes);
}

import { invalid } from '../base';
import type { TensorRecord, tf } from '../tensor';
import type { Network } from './graph';

/** Parameters and running statistics of a network by name; which ones and of what shapes, `network.parameters` says. */
export type Params = TensorRecord;

/** @throws `invalid input; …` where x is not a non-empty batch of the network's samples */
export function checkInput(network: Network, x: tf.Tensor): void {
  const fits =
    x.rank === network.input.length + 1 && network.input.every((extent, i) => x.shape[i + 1] === extent);
  if (!fits) throw invalid('input', `${network.name} reads [batch, ${network.input.join(', ')}]`, x.shape);
  if (!(x.shape[0] > 0)) throw invalid('input', 'needs at least one sample', x.shape);
}

/** @throws `invalid params; …` where one is missing or of another shape */
export function checkParams(network: Network, params: Params): void {
  for (const { name, shape } of network.parameters) {
    if (!Object.hasOwn(params, name)) throw invalid('params', `${network.name} needs`, name);
    const found = params[name].shape;
    const fits = found.length === shape.length && shape.every((extent, i) => found[i] === extent);
    if (!fits) throw invalid('params', `${name} must have shape [${shape.join(', ')}]`, found);
  }
}

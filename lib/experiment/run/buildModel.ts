import type { Dataset } from '../../data';
import { buildNetwork, fc, type Network } from '../../network';
import type { ModelConfig } from '../config';

/** The network of a configuration, for images of a shape and so many classes. */
export function buildModel(
  { name, width, depth, identityWeights, options }: ModelConfig,
  { shape, classes }: Pick<Dataset, 'shape' | 'classes'>,
): Network {
  if (name === 'fc') return fc({ width, depth, input: shape, classes });
  return buildNetwork(name, { ...options, input: shape, classes, identityWeights });
}

/** What a model is called in tables and figures: its name, `fc-8` for one of width 8, `fc-8-3` where it has not 6 layers;
 * that of a plug-in with its options. */
export function modelLabel({ name, width, depth, identityWeights, options = {} }: ModelConfig): string {
  const further = Object.entries(options).map(([key, value]) => `-${key}-${JSON.stringify(value)}`);
  const sized =
    name === 'fc' ? `fc-${width}${depth === 6 ? '' : `-${depth}`}` : `${name}${further.sort().join('')}`;
  return identityWeights ? `${sized}-identity-weights` : sized;
}

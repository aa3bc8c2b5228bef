import { isRegistered } from '../../base';
import type { Dataset } from '../../data';
import { architectures, buildNetwork, fc, type Network } from '../../network';
import type { ModelConfig } from '../config';

/** Networks kept: the least recently used goes first. */
const KEPT = 8;

const built = new Map<string, Network>();

/**
 * The network of a configuration, for images of a shape and so many classes. Configurations alike get the same one, so that runs in one
 * process share the functions compiled for it; that of a plug-in is built anew, as another may have its name later.
 */
export function buildModel(
  model: ModelConfig,
  { shape, classes }: Pick<Dataset, 'shape' | 'classes'>,
): Network {
  if (isRegistered(architectures, model.name)) return build(model, { shape, classes });
  const key = JSON.stringify([model, shape, classes]);
  const network = built.get(key) ?? build(model, { shape, classes });
  built.delete(key);
  built.set(key, network); // the last used last
  if (built.size > KEPT) built.delete([...built.keys()][0]);
  return network;
}

function build(
  { name, width, depth, skip, identityWeights, options }: ModelConfig,
  { shape, classes }: Pick<Dataset, 'shape' | 'classes'>,
): Network {
  if (name === 'fc') return fc({ width, depth, skip, input: shape, classes });
  return buildNetwork(name, { ...options, input: shape, classes, identityWeights });
}

/**
 * What a model is called in tables and figures: its name, `fc-8` for one of width 8, `fc-8-3` where it has not 6 layers, `-skip` or
 * `-around` with shortcuts; that of a plug-in with its options.
 */
export function modelLabel({ name, width, depth, skip, identityWeights, options = {} }: ModelConfig): string {
  const further = Object.entries(options).map(([key, value]) => `-${key}-${JSON.stringify(value)}`);
  const sized =
    name === 'fc'
      ? `fc-${width}${depth === 6 ? '' : `-${depth}`}${skip ? `-${skip === true ? 'skip' : skip}` : ''}`
      : `${name}${further.sort().join('')}`;
  return identityWeights ? `${sized}-identity-weights` : sized;
}

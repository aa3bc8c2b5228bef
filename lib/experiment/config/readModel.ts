import { invalid } from '../../base';
import { architectures } from '../../network';
import type { ModelConfig } from './config';
import { boolean, oneOf, optional, type Reader, record, whole } from './readers';

const read = record<ModelConfig>({
  name: oneOf([...Object.keys(architectures), 'fc']),
  width: optional(whole(1)),
  depth: optional(whole(1)),
  identityWeights: optional(boolean),
});

/** Reads the part `model` of a configuration: a name, or an object. */
export const readModel: Reader<ModelConfig> = (value, path) => {
  const model = read(typeof value === 'string' ? { name: value } : value, path);
  const { name } = model;
  if (name === 'fc') {
    if (model.identityWeights !== undefined)
      throw invalid(`${path}.identityWeights`, 'only for residual networks', name);
    const { width = 100, depth = 6 } = model;
    const preset = `fc-${width}`;
    return depth === 6 && Object.hasOwn(architectures, preset) ? { name: preset } : { name, width, depth };
  }
  for (const key of ['width', 'depth'] as const)
    if (model[key] !== undefined)
      throw invalid(`${path}.${key}`, `only for the model fc, ${name} has its own`, model[key]);
  if (model.identityWeights !== undefined && !name.includes('resnet'))
    throw invalid(`${path}.identityWeights`, 'only for residual networks', name);
  return model.identityWeights ? { name, identityWeights: true } : { name };
};

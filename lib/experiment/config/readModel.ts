import { invalid, isRegistered } from '../../base';
import { architectures } from '../../network';
import type { ModelConfig } from './config';
import { boolean, entryOf, object, optional, type Reader, record, whole } from './readers';

const reader = (hasPlugins: boolean) =>
  record<ModelConfig>({
    name: entryOf(architectures, hasPlugins, ['fc']),
    width: optional(whole(1)),
    depth: optional(whole(1)),
    skip: optional((value, path) => (value === 'around' ? value : boolean(value, path))),
    identityWeights: optional(boolean),
    options: optional(object),
  });

/** Reads the part `model` of a configuration: a name, or an object. */
export function readModel(hasPlugins: boolean): Reader<ModelConfig> {
  const read = reader(hasPlugins);
  return (value, path) => {
    const { options, ...model } = read(typeof value === 'string' ? { name: value } : value, path);
    const { name } = model;
    if (isOwn(name)) {
      if (options) throw invalid(`${path}.options`, "only for a plug-in's model", name);
      return readOwn(model, path);
    }
    for (const key of ['width', 'depth', 'skip', 'identityWeights'] as const)
      if (model[key] !== undefined)
        throw invalid(`${path}.${key}`, `not for ${name}, it takes options`, model[key]);
    return options && Object.keys(options).length > 0 ? { name, options } : { name };
  };
}

/** Whether a model is the library's. */
function isOwn(name: string): boolean {
  return name === 'fc' || (Object.hasOwn(architectures, name) && !isRegistered(architectures, name));
}

function readOwn(model: ModelConfig, path: string): ModelConfig {
  const { name } = model;
  if (name === 'fc') {
    if (model.identityWeights !== undefined)
      throw invalid(`${path}.identityWeights`, 'only for residual networks', name);
    const { width = 100, depth = 6, skip = false } = model;
    const preset = `fc-${width}`;
    if (depth === 6 && !skip && Object.hasOwn(architectures, preset)) return { name: preset };
    return { name, width, depth, ...(skip && { skip }) };
  }
  for (const key of ['width', 'depth', 'skip'] as const)
    if (model[key] !== undefined)
      throw invalid(`${path}.${key}`, `only for the model fc, ${name} has its own`, model[key]);
  if (model.identityWeights !== undefined && !name.includes('resnet'))
    throw invalid(`${path}.identityWeights`, 'only for residual networks', name);
  return model.identityWeights ? { name, identityWeights: true } : { name };
}

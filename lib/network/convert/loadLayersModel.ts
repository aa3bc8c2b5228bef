import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNames, InvalidError, invalid } from '../../base';
import { atHome } from '../../base/atHome';
import { readWhole } from '../../base/readWhole';
import { type TensorRecord, tf } from '../../tensor';
import type { Network } from '../graph';
import type { Params } from '../params';
import { type FromLayersOptions, fromLayersModel } from './fromLayersModel';
import { type KerasTopology, kerasTopology } from './kerasTopology';
import { layerReaders } from './layerReaders';
import { setWeights } from './setWeights';

/**
 * The network and the parameters of a `model.json` with its files of weights: a model that tfjs has saved, or one of Keras 2 or 3 that
 * `tensorflowjs_converter` has converted.
 *
 *     await nets.loadLayersModel('folder/model.json', { strip: ['Softmax', 'Dropout'] });
 *
 * @param file the `model.json`, or its folder
 * @param options as of `fromLayersModel`, which says what layers are read
 * @returns `params` are copies with a life of their own
 * @throws `invalid model file; RULE: FILE` where a file is missing, damaged or of another kind, with what to do;
 *   `invalid CLASS LAYER; RULE: VALUE` naming a layer or option that has no counterpart here
 */
export async function loadLayersModel(
  file: string,
  options: FromLayersOptions = {},
): Promise<{ network: Network; params: Params }> {
  checkNames('loadLayersModel', options, { strip: 1 });
  const path = pathOf(file);
  const { topology, manifest } = await readModel(path);
  for (const { class_name, config, name = config.name } of topology.config.layers)
    if (class_name !== 'InputLayer' && !Object.hasOwn(layerReaders, class_name))
      throw invalid(`${class_name} ${name}`, 'this layer is not supported', class_name);
  const weights = await readWeights(manifest, path);
  try {
    const model = await build(topology, path);
    try {
      setWeights(model, weights, path);
      return fromLayersModel(model, options);
    } finally {
      model.dispose();
    }
  } finally {
    tf.dispose(weights);
  }
}

function pathOf(file: string): string {
  if (typeof file !== 'string') throw invalid('model file', 'not a path', file);
  if (/^https?:/.test(file))
    throw invalid('model file', 'download it first, with its files of weights', file);
  const path = file.startsWith('file://') ? fileURLToPath(new URL(file, 'file://')) : atHome(file);
  return existsSync(path) && statSync(path).isDirectory() ? join(path, 'model.json') : path;
}

interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: Parameters<typeof tf.io.decodeWeights>[1];
}

async function readModel(
  path: string,
): Promise<{ topology: KerasTopology; manifest: readonly WeightGroup[] }> {
  const bytes = await readWhole('model file', path);
  if (bytes.includes(0)) {
    const convert = '`tensorflowjs_converter --input_format keras FILE.h5 FOLDER` (keras_keras for a .keras)';
    throw invalid(
      'model file',
      `no JSON but binary; ${convert} makes a model.json of Keras's own files`,
      path,
    );
  }
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid('model file', `not JSON (${(error as Error).message})`, path);
  }
  const { format, modelTopology, weightsManifest } = json ?? {};
  if (format === 'graph-model')
    throw invalid(
      'model file',
      'is a graph model, which has no layers any more; convert the original with --output_format tfjs_layers_model',
      path,
    );
  const topology = kerasTopology(modelTopology ?? json, path);
  if (!Array.isArray(weightsManifest) || weightsManifest.length === 0)
    throw invalid('model file', 'describes a model without its weights (no weightsManifest)', path);
  return { topology, manifest: weightsManifest };
}

async function readWeights(manifest: readonly WeightGroup[], path: string): Promise<TensorRecord> {
  const all: TensorRecord = {};
  try {
    for (const { paths, weights } of manifest) {
      const shards = await Promise.all(
        paths.map((shard) => readWhole('model file', join(dirname(path), shard))),
      );
      const { buffer } = Uint8Array.from(Buffer.concat(shards)); // alone in its memory
      Object.assign(all, tf.io.decodeWeights(buffer as ArrayBuffer, weights));
    }
  } catch (error) {
    tf.dispose(all);
    if (error instanceof InvalidError) throw error;
    throw invalid('model file', `its weights are cut off or damaged (${(error as Error).message})`, path);
  }
  return all;
}

async function build(topology: KerasTopology, path: string): Promise<tf.LayersModel> {
  const before = new Set(Object.values(tf.engine().registeredVariables));
  try {
    return await tf.models.modelFromJSON(
      topology as unknown as Parameters<typeof tf.models.modelFromJSON>[0],
    );
  } catch (error) {
    const variables = Object.values(tf.engine().registeredVariables); // of layers built before the one that failed
    tf.dispose(variables.filter((variable) => !before.has(variable)));
    throw invalid('model file', `tfjs cannot build it (${(error as Error).message})`, path);
  }
}

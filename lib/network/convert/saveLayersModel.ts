import { join, resolve } from 'node:path';
import { invalid } from '../../base';
import { atHome } from '../../base/atHome';
import { makeFolder } from '../../base/makeFolder';
import { writeWhole } from '../../base/writeWhole';
import { tf } from '../../tensor';
import type { Network } from '../graph';
import type { Params } from '../params';
import { toLayersModel } from './toLayersModel';

const WEIGHTS = 'weights.bin';

/**
 * Writes a network as a LayersModel, `model.json` and `weights.bin` in a folder, which tfjs loads wherever it runs, and
 * `nets.loadLayersModel` here. Files of these names are written over, the folder is made where it is missing.
 *
 * @returns the absolute path of the `model.json`
 * @throws as `toLayersModel` does for what tfjs has no layer for, before anything is written; `cannot write PATH: …`
 */
export async function saveLayersModel(folder: string, network: Network, params: Params): Promise<string> {
  if (typeof folder !== 'string' || folder === '') throw invalid('folder', 'not a path', folder);
  const path = resolve(atHome(folder));
  const file = join(path, 'model.json');
  const model = toLayersModel(network, params);
  try {
    makeFolder(path);
    await model.save(
      tf.io.withSaveHandler(async ({ modelTopology, weightSpecs = [], weightData, generatedBy }) => {
        const parts = [weightData ?? []].flat();
        const weightsManifest = [{ paths: [WEIGHTS], weights: weightSpecs }];
        const text = JSON.stringify({ format: 'layers-model', generatedBy, modelTopology, weightsManifest });
        await writeWhole(join(path, WEIGHTS), Buffer.concat(parts.map((part) => new Uint8Array(part))));
        await writeWhole(file, text);
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
  } finally {
    model.dispose();
  }
  return file;
}

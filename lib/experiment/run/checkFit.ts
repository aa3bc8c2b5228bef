import { invalid, isRegistered } from '../../base';
import { datasets } from '../../data';
import { architectures, type Network } from '../../network';
import { checkDensity, checkLayerDensities, layersOf } from '../../prune';
import type { Config } from '../config';
import { isSynthetic } from '../config/readConfig';
import { within } from '../config/readers';
import { buildModel } from './buildModel';

/**
 * A check of configurations for what does not fit together: more compression than the model has weights for, layers that it does not have,
 * more images than there are. All of it from sizes that are known beforehand; the entries that it names have to be there.
 *
 * @returns takes a configuration and its name in messages; remembers the networks
 */
export function fitChecker(): (config: Config, path?: string) => void {
  const networks = new Map<string, Network>();
  const networkOf = ({ model, data }: Config): Network => {
    const build = () => buildModel(model, datasets[data.name]);
    if (isRegistered(architectures, model.name)) return build();
    const key = JSON.stringify([model, data.name]);
    const network = networks.get(key) ?? build();
    networks.set(key, network);
    return network;
  };
  return (config, path = 'config') => {
    checkImages(config, path);
    checkSparse(config, path);
    const { prune } = config;
    if (!prune) return;
    const network = networkOf(config);
    within(`${path}.prune`, () => {
      const kernels = layersOf(network, prune.only ? { only: prune.only } : { except: prune.except });
      const density = checkDensity(network, { density: prune.density }, kernels);
      if (prune.scope === 'layer' && prune.rule !== 'as-published') checkLayerDensities(kernels, density);
    });
  };
}

function checkImages({ data, train, prune }: Config, path: string): void {
  if (data.folder !== undefined) return; // which may hold a part of the set
  const set = datasets[data.name];
  const counts = { train: data.train ?? set.train, test: data.test ?? set.test };
  for (const split of ['train', 'test'] as const)
    if (!isSynthetic(data) && counts[split] > set[split])
      throw invalid(`${path}.data.${split}`, `${data.name} has only ${set[split]}`, counts[split]);
  // 64 is the default, of which a smaller set takes as many as it has.
  if (train && train.batch !== 64 && train.batch > counts.train)
    throw invalid(`${path}.train.batch`, `more than the ${counts.train} training images`, train.batch);
  if (prune && prune.perClass !== 10 && prune.perClass * set.classes > counts.train)
    throw invalid(`${path}.prune.perClass`, `there are only ${counts.train} training images`, prune.perClass);
}

/** A mask that changes starts from that of `prune`, or from all weights where its method says how many are left. */
function checkSparse({ train, prune }: Config, path: string): void {
  const { sparse } = train ?? {};
  if (!sparse) return;
  const start = prune?.density ?? 1;
  if (sparse.density === undefined && start === 1)
    throw invalid(
      `${path}.train.sparse.method`,
      `keeps the number of weights it starts from, so give ${path}.prune as well`,
      sparse.method,
    );
  if (sparse.density !== undefined && sparse.density > start)
    throw invalid(`${path}.train.sparse.density`, `above that of ${path}.prune, ${start}`, sparse.density);
}

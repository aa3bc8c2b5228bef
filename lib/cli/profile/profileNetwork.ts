import { lookUp } from '../../base';
import { datasets } from '../../data';
import { type Profile, type ProfileOptions, profile } from '../../experiment/profile';
import { randomData } from '../../experiment/profile/randomData';
import { works } from '../../experiment/profile/works';
import { buildNetwork, initialise } from '../../network';
import { type MethodName, type PruneOptions, prune } from '../../prune';
import { tf } from '../../tensor';

export interface NetworkProfileOptions extends Pick<ProfileOptions, 'batch' | 'repetitions'> {
  work?: string;
  /** Whose images and classes the network is for. */
  data?: string;
  method?: string;
  /** 10 by default. */
  compression?: number;
  iterations?: number;
}

/**
 * Profiles a network by name: as it is, and where a method is given pruned by that, too; its training masked, and as the
 * smaller network that `train` takes in its place where that pays.
 *
 * @returns by what each is
 */
export async function profileNetwork(
  name: string,
  options: NetworkProfileOptions,
): Promise<Record<string, Profile>> {
  const { data, method, compression = 10, iterations, batch, repetitions } = options;
  const work = (options.work ?? 'train') as keyof typeof works;
  lookUp('work', works, work);
  const { shape: input, classes } = data === undefined ? {} : lookUp('data', datasets, data);
  const network = buildNetwork(name, { ...(input && { input, classes }) });
  const params = initialise(network, { seed: 1 });
  const how: PruneOptions = { method: (method ?? 'synflow') as MethodName, compression, iterations };
  const shared = { work, batch, repetitions };
  if (work === 'prune') {
    const label = `${how.method} to compression ${compression}`;
    return { [label]: await profile(network, params, { ...shared, prune: how }) };
  }
  if (method === undefined) return { dense: await profile(network, params, shared) };
  const { mask } = await prune(network, params, { ...how, data: randomData(network, 10 * network.classes) });
  const dense = await profile(network, params, shared);
  const label = `${method}, compression ${compression}`;
  const pruned =
    work === 'train'
      ? {
          [`${label}, masked`]: await profile(network, params, { ...shared, mask, compact: false }),
          [`${label}, cut down`]: await profile(network, params, { ...shared, mask }),
        }
      : { [label]: await profile(network, params, { ...shared, mask }) };
  tf.dispose([mask, params]);
  return { dense, ...pruned };
}

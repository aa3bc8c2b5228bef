import { resolve } from 'node:path';
import { groups } from 'd3-array';
import { projectRoot } from '../../data';
import { dataFolder } from '../../data/dataFolder';
import { listingIfAny } from '../../data/listing';
import { readManifest } from '../../data/manifest';
import type { Config } from '../config';

/** A data set that is not here. */
export interface MissingData {
  name: string;
  /** How many of the runs need it. */
  runs: number;
  /** What fetches it. */
  command: string;
}

/** Data sets that configurations need and that can be fetched, but of whose folders nothing is there. */
export function missingData(configs: readonly Config[]): MissingData[] {
  const manifest = readManifest();
  const own = (folder?: string) => folder && resolve(projectRoot, folder);
  return groups(
    configs.filter(({ data }) => Object.hasOwn(manifest, data.name)),
    ({ data: { name, folder } }) => JSON.stringify([name, folder]),
  ).flatMap(([, runs]) => {
    const { name, folder } = runs[0].data;
    const { files, folders } = listingIfAny(dataFolder(name, own(folder)));
    if (files.length + folders.length > 0) return [];
    const command = `npx pathkernel data ${name}${folder === undefined ? '' : ` --folder ${own(folder)}`}`;
    return [{ name, runs: runs.length, command }];
  });
}

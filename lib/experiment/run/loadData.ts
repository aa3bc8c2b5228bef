import { resolve } from 'node:path';
import { type DataSource, type Dataset, datasets, loadDataset, projectRoot } from '../../data';
import type { DataConfig } from '../config';
import { isSynthetic } from '../config/readConfig';
import { subset } from '../subset';

let last: { key: string; source: DataSource; data: Promise<Dataset> } | undefined;

/** The images of a configuration. The set asked for last is kept, as the next run mostly wants the same. */
export function loadData(config: DataConfig): Promise<Dataset> {
  const key = JSON.stringify([config, process.env.PATHKERNEL_DATA]);
  const source = datasets[config.name]; // under the name of one plug-in's set another may come later
  if (last?.key === key && last.source === source) return last.data;
  const data = load(config);
  last = { key, source, data };
  data.catch(() => {
    if (last?.data === data) last = undefined;
  });
  return data;
}

async function load(config: DataConfig): Promise<Dataset> {
  const { name, train, test, seed, folder } = config;
  if (isSynthetic(config)) return loadDataset(name, { train, test, seed });
  const all = await loadDataset(name, { folder: folder && resolve(projectRoot, folder) });
  return train === undefined && test === undefined ? all : subset(all, { train, test });
}

import { invalid } from '../../base';
import { datasets } from '../../data';
import { type Initialiser, initialisers } from '../../network';
import { quantities } from '../../train';
import type { Config, DataConfig } from './config';
import { boolean, list, oneOf, optional, type Reader, record, text, whole, withDefault } from './readers';
import { readModel } from './readModel';
import { readPrune } from './readPrune';
import { readTrain } from './readTrain';

/** Whether images are made rather than read. */
export function isSynthetic({ name }: DataConfig): boolean {
  return name.startsWith('synthetic-');
}

const readDataObject = record<DataConfig>({
  name: oneOf(Object.keys(datasets)),
  train: optional(whole(1)),
  test: optional(whole(1)),
  seed: optional(whole(0)),
  folder: optional(text),
});

const readData: Reader<DataConfig> = (value, path) => {
  const data = readDataObject(typeof value === 'string' ? { name: value } : value, path);
  const { seed, folder, ...rest } = data;
  if (isSynthetic(data)) {
    if (folder !== undefined) throw invalid(`${path}.folder`, `${data.name} has no files`, folder);
    return { ...rest, ...(seed && { seed }) };
  }
  if (seed !== undefined) throw invalid(`${path}.seed`, 'only for synthetic sets', seed);
  return data;
};

const readTrace: Reader<Config['record']['trace']> = (value = 'weights', path) =>
  value === false ? false : oneOf(['weights', 'as-published', 'as-published-training'])(value, path);

const readNames: Reader<string[] | undefined> = (value, path) => {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  return [...new Set(list(oneOf(Object.keys(quantities)))(value, path))].sort();
};

const readRecord = record<Config['record']>({
  trace: readTrace,
  test: withDefault(boolean, true),
  quantities: readNames,
});

const readDocument = record<Config>({
  data: readData,
  model: readModel,
  initialiser: optional(oneOf(Object.keys(initialisers) as Initialiser[])),
  seed: withDefault(whole(0), 1),
  prune: optional(readPrune),
  train: optional(readTrain),
  record: (value, path) => readRecord(value ?? {}, path),
});

/**
 * Checks a configuration and fills in its defaults.
 *
 * @param document a `ConfigInput`, as parsed from JSON
 * @param path the document's name in messages; `config` by default
 * @throws `invalid PATH; RULE: VALUE` for the first place that is wrong: `invalid config.prune.density; not in (0, 1]: 2`
 */
export function readConfig(document: unknown, path = 'config'): Config {
  return readDocument(document, path);
}

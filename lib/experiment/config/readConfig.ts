import { invalid } from '../../base';
import { isRecord } from '../../base/isRecord';
import { datasets } from '../../data';
import { type Initialiser, initialisers } from '../../network';
import { quantities } from '../../train';
import { hashPlugins } from '../plugins/hashPlugins';
import type { PluginName } from '../plugins/plugin';
import type { Config, DataConfig } from './config';
import {
  boolean,
  entryOf,
  list,
  oneOf,
  optional,
  type Reader,
  record,
  text,
  whole,
  withDefault,
} from './readers';
import { readModel } from './readModel';
import { readPrune } from './readPrune';
import { readTrain } from './readTrain';

/** Whether images are made rather than read. */
export function isSynthetic({ name }: DataConfig): boolean {
  return name === 'synthetic-10' || name === 'synthetic-100';
}

const readData = (hasPlugins: boolean): Reader<DataConfig> => {
  const readObject = record<DataConfig>({
    name: entryOf(datasets, hasPlugins),
    train: optional(whole(1)),
    test: optional(whole(1)),
    seed: optional(whole(0)),
    folder: optional(text),
  });
  return (value, path) => {
    const data = readObject(typeof value === 'string' ? { name: value } : value, path);
    const { seed, folder, ...rest } = data;
    if (isSynthetic(data)) {
      if (folder !== undefined) throw invalid(`${path}.folder`, `${data.name} has no files`, folder);
      return { ...rest, ...(seed && { seed }) };
    }
    if (seed !== undefined) throw invalid(`${path}.seed`, 'only for synthetic sets', seed);
    return data;
  };
};

const readTrace: Reader<Config['record']['trace']> = (value = 'weights', path) =>
  value === false ? false : oneOf(['weights', 'as-published', 'as-published-training'])(value, path);

const readQuantities =
  (hasPlugins: boolean): Reader<string[] | undefined> =>
  (value, path) => {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
    const names = list(entryOf(quantities, hasPlugins))(value, path);
    for (const name of names)
      if (!/^\w+$/.test(name)) throw invalid(path, 'not the name of a quantity', name);
    return [...new Set(names)].sort();
  };

const readRecord = (hasPlugins: boolean): Reader<Config['record']> => {
  const read = record<Config['record']>({
    trace: readTrace,
    test: withDefault(boolean, true),
    quantities: readQuantities(hasPlugins),
  });
  return (value, path) => read(value ?? {}, path);
};

const readPlugins = optional(list(record<PluginName>({ name: optional(text), hash: text })));

const makeReader = (hasPlugins: boolean, isStored: boolean) =>
  record<Config>({
    plugins: (value, path) =>
      Array.isArray(value) && value.length === 0 ? undefined : readPlugins(value, path),
    data: readData(hasPlugins),
    model: readModel(hasPlugins),
    initialiser: optional(oneOf(Object.keys(initialisers) as Initialiser[])),
    seed: withDefault(whole(0), 1),
    prune: optional(readPrune(hasPlugins, isStored)),
    train: optional(readTrain),
    record: readRecord(hasPlugins),
  });

const fresh = { open: makeReader(true, false), closed: makeReader(false, false) };
const stored = { open: makeReader(true, true), closed: makeReader(false, true) };

/**
 * Checks a configuration and fills in its defaults. Plug-ins are hashed, not loaded: what they bring is taken by its name.
 *
 * @param document a `ConfigInput`, as parsed from JSON
 * @param path the document's name in messages; `config` by default
 * @throws `invalid PATH; RULE: VALUE` for the first place that is wrong: `invalid config.prune.density; not in (0, 1]: 2`
 */
export function readConfig(document: unknown, path = 'config'): Config {
  const hashed = hashPlugins(document, new Map());
  return (hasPlugins(hashed) ? fresh.open : fresh.closed)(hashed, path);
}

/** {@link readConfig} of a record: a method without a version is of the first, whatever version there is now. */
export function readStoredConfig(document: unknown, path = 'config'): Config {
  return (hasPlugins(document) ? stored.open : stored.closed)(document, path);
}

function hasPlugins(document: unknown): boolean {
  return isRecord(document) && Array.isArray(document.plugins) && document.plugins.length > 0;
}

import { createRequire } from 'node:module';
import { InvalidError, invalid, lookUp } from '../../base';
import { registerDataset } from '../../data';
import { registerModel } from '../../network';
import { registerMethod } from '../../prune';
import { registerQuantity } from '../../train';
import type { Config } from '../config';
import type { Plugin, PluginFile } from './plugin';
import { filesOf, pluginFile } from './pluginFile';

const registers = {
  methods: registerMethod,
  models: registerModel,
  datasets: registerDataset,
  quantities: registerQuantity,
} as const satisfies Record<keyof Plugin, (name: string, entry: never) => () => void>;

/** Plug-ins whose code this process has, by file. */
const loaded = new Map<string, { hash: string; plugin: Plugin }>();

/** Whose the names are that plug-ins have registered at the moment, and for how many pieces of work. */
const owners = new Map<string, { file: PluginFile; uses: number; takeOut: () => void }>();

/**
 * Does some work with the entries of plug-ins in the tables. This runs their code, once a process: call it only for files that
 * the user has named.
 *
 * @throws `invalid plug-in NAME; …` where one cannot be loaded, is no longer what was hashed, or takes a name that is taken
 */
export async function withPlugins<T>(files: readonly PluginFile[], body: () => T | Promise<T>): Promise<T> {
  const held: string[] = [];
  try {
    for (const file of files)
      for (const [kind, entries] of Object.entries(load(file)))
        for (const [name, entry] of Object.entries(entries)) {
          hold(file, kind as keyof Plugin, name, entry);
          held.push(`${kind} ${name}`);
        }
    return await body();
  } finally {
    for (const key of held.reverse()) release(key);
  }
}

/**
 * The files of the plug-ins that a configuration names.
 *
 * @param given files that the user has named
 * @throws `invalid config.plugins; …` for one that is not among them: a record says what was run, not what to run
 */
export function filesFor({ plugins = [] }: Config, given: readonly PluginFile[]): PluginFile[] {
  return plugins.map(({ name, hash }) => {
    const file = given.find((one) => one.hash === hash);
    if (!file) throw invalid('config.plugins', 'a name and a hash load nothing, give its file', name ?? hash);
    return file;
  });
}

function hold(file: PluginFile, kind: keyof Plugin, name: string, entry: unknown): void {
  const key = `${kind} ${name}`;
  const owner = owners.get(key);
  if (owner && owner.file.hash !== file.hash)
    throw invalid(`plug-in ${file.name}`, `${owner.file.name} has ${kind} of this name too`, name);
  if (owner) owner.uses++;
  else {
    const register = registers[kind] as (name: string, entry: unknown) => () => void;
    owners.set(key, { file, uses: 1, takeOut: within(file, () => register(name, entry)) });
  }
}

function release(key: string): void {
  const owner = owners.get(key);
  if (!owner || --owner.uses > 0) return;
  owners.delete(key);
  owner.takeOut();
}

function load(file: PluginFile): Plugin {
  const { name, path, hash } = file;
  const known = loaded.get(path);
  if (known?.hash === hash) return known.plugin;
  if (pluginFile(path).hash !== hash)
    throw invalid(`plug-in ${name}`, 'has changed since it was asked for, begin the run or sweep anew', path);
  const demand = createRequire(path);
  for (const each of filesOf(file)) delete demand.cache[each]; // in case it was loaded before it was changed
  let exported: unknown;
  try {
    exported = demand(path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw invalid(`plug-in ${name}`, `fails as it is loaded: ${message}`, path);
  }
  const plugin = within(file, () => check(exported));
  loaded.set(path, { hash, plugin });
  return plugin;
}

function check(exported: unknown): Plugin {
  const { default: plugin = exported } = (exported ?? {}) as { default?: unknown };
  if (typeof plugin !== 'object' || plugin === null || Object.keys(plugin).length === 0)
    throw invalid(
      'export',
      'the default is to be { methods, models, datasets, quantities }, or some of these',
      plugin,
    );
  for (const [kind, entries] of Object.entries(plugin)) {
    lookUp('export', registers, kind);
    if (typeof entries !== 'object' || entries === null)
      throw invalid(`export ${kind}`, 'not an object of entries by name', entries);
  }
  return plugin as Plugin;
}

/** Puts a plug-in's name before what is complained of. */
function within<T>({ name }: PluginFile, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    throw invalid(`plug-in ${name}, ${error.subject}`, error.rule, error.value);
  }
}

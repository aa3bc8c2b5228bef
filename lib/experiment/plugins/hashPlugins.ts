import { isRecord } from '../../base/isRecord';
import type { PluginFile } from './plugin';
import { pluginFile } from './pluginFile';

/**
 * A configuration with names and hashes in place of the files of plug-ins, as it is stored: with them it is data, and says nothing
 * of what code to run.
 *
 * @param found the files by the names given; those that are new are added
 */
export function hashPlugins(document: unknown, found: Map<string, PluginFile>): unknown {
  if (!isRecord(document) || !Array.isArray(document.plugins)) return document;
  const plugins = document.plugins.map((one: unknown) => {
    if (typeof one !== 'string') return one;
    const file = found.get(one) ?? pluginFile(one);
    found.set(one, file);
    return { name: file.name, hash: file.hash };
  });
  return { ...document, plugins };
}

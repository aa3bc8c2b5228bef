import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where node-gyp finds this Node's C headers, as variables of its environment, which count more than its arguments and
 * than a `nodedir` in the user's npm settings: beside the executable where they lie there and are of the same version;
 * otherwise node-gyp takes what the user has set, or downloads them.
 *
 * @param download the folder to download them into
 */
export function nodeHeaders(download, node = process.execPath, version = process.versions.node) {
  const prefix = join(dirname(node), '..');
  const header = join(prefix, 'include', 'node', 'node_version.h');
  if (existsSync(header) && headerVersion(readFileSync(header, 'utf8')) === version) {
    return { npm_config_nodedir: prefix };
  }
  return { npm_config_devdir: download };
}

/** The version node_version.h defines: `20.19.2`. */
export function headerVersion(text) {
  const part = (name) => new RegExp(`#define NODE_${name}_VERSION (\\d+)`).exec(text)?.[1];
  return [part('MAJOR'), part('MINOR'), part('PATCH')].join('.');
}

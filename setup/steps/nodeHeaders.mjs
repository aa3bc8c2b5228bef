import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where node-gyp finds this Node's C headers: `--nodedir` where they lie beside the executable and are of the
 * same version, otherwise node-gyp downloads them.
 *
 * @param download the folder to download them into
 */
export function nodeHeaderArguments(download, node = process.execPath, version = process.versions.node) {
  const prefix = join(dirname(node), '..');
  const header = join(prefix, 'include', 'node', 'node_version.h');
  if (existsSync(header) && headerVersion(readFileSync(header, 'utf8')) === version) {
    return [`--nodedir=${prefix}`];
  }
  return [`--devdir=${download}`];
}

/** The version node_version.h defines: `20.19.2`. */
export function headerVersion(text) {
  const part = (name) => new RegExp(`#define NODE_${name}_VERSION (\\d+)`).exec(text)?.[1];
  return [part('MAJOR'), part('MINOR'), part('PATCH')].join('.');
}

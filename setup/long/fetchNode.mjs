import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../base/runLogged.mjs';
import { findNpm } from '../steps/findNpm.mjs';

/**
 * Another Node with its npm and its C headers, from the npm registry, in a folder of its own; fetched once.
 *
 * @returns `bin`, the folder of its executable, and `npm`, the script of its npm
 */
export async function fetchNode(place, { node, npm }) {
  const folder = join(place.state, 'nodes', node);
  const name = `node-linux-${process.arch}`;
  const installed = (...path) => join(folder, 'node_modules', ...path);
  const found = { bin: installed(name, 'bin'), npm: installed('npm', 'bin', 'npm-cli.js') };
  if (!existsSync(join(found.bin, 'node')) || !existsSync(found.npm)) {
    const packages = [`${name}@${node}`, `npm@${npm}`];
    await runLogged(place, {
      what: `fetching Node ${node}`,
      remedy: `see whether the npm registry has ${packages.join(' and ')} (setup/long/nodeLines.mjs names them)`,
      command: process.execPath,
      args: [
        findNpm(),
        'install',
        '--prefix',
        folder,
        '--no-save',
        '--ignore-scripts',
        '--prefer-offline',
        ...packages,
      ],
    });
  }
  return found;
}

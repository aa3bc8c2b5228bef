import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../base/runLogged.mjs';
import { isStamped, keyOf, writeStamp } from '../base/stamp.mjs';
import { loadRemedy } from './loadBinding.mjs';
import { judgeNode, tested } from './prerequisites.mjs';

/** That TensorFlow computes under this Node, tried once for each Node and binding: what fails here fails for all that follows. */
export const engine = {
  name: 'engine',
  needs: ['platform'],
  right: ({ place }) => existsSync(place.binding) && isStamped(stampOf(place), keyFor(place)),
  async make({ place }) {
    await runLogged(place, {
      what: `starting TensorFlow under Node ${process.versions.node}`,
      remedy: engineRemedy,
      command: process.execPath,
      args: ['--require', 'tsx/cjs', join(place.root, 'lib', 'cli', 'doctor', 'engineProbe.ts')],
    });
    writeStamp(stampOf(place), keyFor(place));
    return `computes under Node ${process.versions.node}`;
  },
};

export function engineRemedy(output, node = process.versions.node) {
  const known = /SIGILL|GLIBC/.test(output);
  return judgeNode(node) === 'tested' || known
    ? loadRemedy(output)
    : `Node ${node} is not tested here: take Node ${tested}`;
}

const stampOf = (place) => join(place.tfjs, 'lib', 'started.json');

function keyFor(place) {
  const { size, mtimeMs } = statSync(place.binding);
  return keyOf(process.version, size, mtimeMs);
}

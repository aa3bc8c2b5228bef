import { join } from 'node:path';
import { dataIsData } from './dataIsData.mjs';
import { lockFile } from './lockFile.mjs';
import { runTool } from './runTool.mjs';
import { seededOnly } from './seededOnly.mjs';

const bin = (place, ...path) => join(place.root, 'node_modules', ...path);

/** What `npm run check` looks at; each returns its findings as text, empty where there are none. */
export const checks = [
  {
    name: 'types, strict',
    check: (place) => runTool(place, bin(place, 'typescript', 'bin', 'tsc'), ['--noEmit', '-p', '.']),
  },
  {
    name: "types, as the notebooks' compiler sees them",
    check: (place) => runTool(place, join(place.setup, 'checks', 'notebookCompiler.mjs'), []),
  },
  {
    name: 'types in the notebooks, strict',
    check: (place) => runTool(place, join(place.root, 'lib', 'cli', 'main.cjs'), ['check']),
  },
  {
    name: 'lint and format',
    check: (place) =>
      runTool(place, bin(place, '@biomejs', 'biome', 'bin', 'biome'), [
        'check',
        '--error-on-warnings',
        '--colors=off',
      ]),
  },
  { name: 'random numbers are seeded', check: seededOnly },
  { name: 'data are never evaluated', check: dataIsData },
  { name: 'lock file names no registry', check: lockFile },
];

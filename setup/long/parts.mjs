import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { filesBelow } from '../base/filesBelow.mjs';
import { say } from '../base/say.mjs';
import { findNpm } from '../steps/findNpm.mjs';
import { debianUnstable } from './debian.mjs';
import { newestNodes, oldestNodes } from './nodeLines.mjs';
import { program } from './program.mjs';
import { copyEnvironment, withCopy } from './projectCopy.mjs';
import { pythons } from './pythons.mjs';
import { setUpAndTest } from './setUpAndTest.mjs';
import { nodeIn, underNode } from './underNode.mjs';

/** What stands for all tests where there is not time for all: the engine, pruning, names of runs, figures, the notebook kernel. */
const some = [
  'lib/tensor/startEngine',
  'lib/tensor/compiled/',
  'lib/tensor/kernels/',
  'lib/prune/prune.test',
  'lib/experiment/config/',
  'lib/figure/figures.test',
  'lib/notebook/kernel.test',
];

/**
 * What `npm run test:long` does, part by part: `full`, and `sample`, which continuous integration has time for; a part
 * without one is left to the full run. Each is a function of the project's paths that throws where it fails.
 */
export const parts = [
  { name: 'every Node, all tests', full: everyNode, sample: otherNodes },
  { name: 'every Python, some tests', full: everyPython },
  { name: 'Debian unstable, some tests', full: (place) => debianUnstable(place, some) },
  {
    name: 'reference files, all iterations',
    full: (place) => node(place, ['lib/cli/main.cjs', 'reference', ...referenceFiles(place)]),
  },
  {
    name: 'properties, 3000 cases each',
    full: (place) =>
      node(place, [
        '--require',
        './setup/long/manyRuns.cjs',
        '--import',
        'tsx',
        '--test',
        ...propertyTests(place),
      ]),
  },
];

const node = (place, args) => program(process.execPath, args, { cwd: place.root });
const referenceFiles = (place) => filesBelow(place.root, 'lib/reference/fixtures', /\.json$/);
const propertyTests = (place) =>
  filesBelow(place.root, 'lib', /\.test\.ts$/)
    .filter((path) => readFileSync(path, 'utf8').includes("from 'fast-check'"))
    .map((path) => relative(place.root, path));

/** All tests under the newest Node of each line, some under the oldest; npm packages and all are installed by each. */
async function everyNode(place) {
  await withCopy(place, async (root) => {
    copyEnvironment(place, root);
    for (const line of newestNodes) await underNode(place, line, root, { afresh: true });
    for (const line of oldestNodes) await underNode(place, line, root, { afresh: true, tests: some });
  });
}

/** Some tests under the newest Node of each line but this Node's own, under which all tests run anyhow. */
async function otherNodes(place) {
  const [own] = process.versions.node.split('.');
  await withCopy(place, async (root) => {
    copyEnvironment(place, root);
    for (const line of newestNodes.filter(({ node }) => node.split('.')[0] !== own))
      await underNode(place, line, root, { tests: some });
  });
}

/** A set-up from nothing for each Python that is at hand, under this Node. */
async function everyPython(place) {
  for (const { minor, python } of pythons()) {
    if (python === undefined) {
      say(`Python 3.${minor}: none at hand, left out`);
      continue;
    }
    say(`Python 3.${minor}: ${python}`);
    await withCopy(place, (root) => {
      const run = nodeIn(root, process.execPath, { PATHKERNEL_PYTHON: python });
      return setUpAndTest(run, { npm: findNpm(), tests: some });
    });
  }
}

import { rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { placeAt } from '../base/place.mjs';
import { fetchNode } from './fetchNode.mjs';
import { program } from './program.mjs';

/**
 * Sets up a copy of the project under another Node with its own npm, asks the doctor, and runs tests and a notebook.
 *
 * @param line a Node and its npm, see nodeLines.mjs
 * @param root the copy
 * @param tests parts of the paths of test files; all of them by default
 * @param afresh whether the npm packages are installed by this Node's npm too, or those of the Node before are kept;
 *   the binding is compiled anew in any case
 */
export async function underNode(place, line, root, { tests = [], afresh }) {
  const { bin, npm } = await fetchNode(place, line);
  const node = join(bin, 'node');
  const copy = placeAt(root);
  for (const path of afresh
    ? [join(root, 'node_modules')]
    : [copy.binding, join(copy.tfjs, 'lib', 'built.json')])
    rmSync(path, { recursive: true, force: true });
  await setUpAndTest(root, { node, npm, tests, env: { PATH: `${bin}${delimiter}${process.env.PATH}` } });
}

/** Set-up, doctor, tests and a notebook in a copy of the project. */
export async function setUpAndTest(root, { node, npm, tests, env }) {
  const outer = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_)|^NODE$|^INIT_CWD$/.test(name),
  );
  const options = { cwd: root, env: { ...Object.fromEntries(outer), ...env } };
  const run = (...args) => program(node, args, options);
  await run(npm, 'run', 'setup');
  await run('lib/cli/main.cjs', 'doctor');
  await run(npm, 'test', '--', ...tests);
  await run('lib/cli/main.cjs', 'notebooks', '00-start-here', '--scale', 'smoke', '--no-write');
}

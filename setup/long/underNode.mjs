import { rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { placeAt } from '../base/place.mjs';
import { fetchNode } from './fetchNode.mjs';
import { program } from './program.mjs';
import { setUpAndTest } from './setUpAndTest.mjs';

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
  const copy = placeAt(root);
  for (const path of afresh
    ? [join(root, 'node_modules')]
    : [copy.binding, join(copy.tfjs, 'lib', 'built.json')])
    rmSync(path, { recursive: true, force: true });
  const run = nodeIn(root, join(bin, 'node'), { PATH: `${bin}${delimiter}${process.env.PATH}` });
  await setUpAndTest(run, { npm, tests });
}

/** Runs a Node in a copy of the project. */
export function nodeIn(root, node, env) {
  return (...args) => program(node, args, { cwd: root, env: { ...outerEnvironment(), ...env } });
}

/** Our environment with none of what the npm that started us has put into it, but its settings. */
export function outerEnvironment(env = process.env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_(?!config_)|^NODE$|^INIT_CWD$/.test(name)),
  );
}

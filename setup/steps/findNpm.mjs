import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';

/** The script of npm's command line: the npm that is running us, the one beside this Node, or the one on the PATH. */
export function findNpm(env = process.env, node = process.execPath) {
  const running = env.npm_execpath;
  if (running && /^(npm|npx)-cli\.js$/.test(basename(running))) {
    const cli = join(dirname(running), 'npm-cli.js');
    if (existsSync(cli)) return cli;
  }
  const beside = join(dirname(node), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (existsSync(beside)) return beside;
  return (env.PATH ?? '').split(delimiter).map(npmOf).find(Boolean);
}

// `npm` on the PATH is a link to npm-cli.js, except where a packager has put a script of its own there.
function npmOf(folder) {
  const npm = join(folder, 'npm');
  if (!existsSync(npm)) return undefined;
  const real = realpathSync(npm);
  if (basename(real) === 'npm-cli.js') return real;
  const packaged = join(dirname(real), '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js');
  return existsSync(packaged) ? packaged : undefined;
}

/** The script of the node-gyp that npm carries, which fits the running Node; nothing has to be installed for it. */
export function findNodeGyp(npmCli) {
  const fromNpm = createRequire(npmCli);
  const manifest = [() => fromNpm.resolve('node-gyp/package.json'), () => besideNpm(npmCli)]
    .map((look) => attempt(look))
    .find((path) => path !== undefined && existsSync(path));
  return manifest && join(dirname(manifest), 'bin', 'node-gyp.js');
}

// Debian unpacks npm's dependencies beside npm rather than inside it.
function besideNpm(npmCli) {
  const folder = join(dirname(npmCli), '..', '..');
  return readdirSync(folder).includes('node-gyp') ? join(folder, 'node-gyp', 'package.json') : undefined;
}

function attempt(look) {
  try {
    return look();
  } catch {
    return undefined;
  }
}

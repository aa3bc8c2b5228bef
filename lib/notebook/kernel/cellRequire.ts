import { existsSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { isAbsolute, join } from 'node:path';

/** What tslab gives to cells beside their variables. */
interface Given {
  require: NodeRequire;
}

/**
 * Makes what cells import load as TypeScript understands it, and as it is on disk now: Node remembers where a name led, and
 * that a package was not there.
 *
 * @param find the file a name means, by TypeScript's rules
 * @param isInMemory whether a name is a module that a cell has made with `@module`; tslab has those
 * @returns the path of the module that a name means
 */
export function takeOverRequire(
  folder: string,
  find: (name: string, importer: string) => string | undefined,
  isInMemory: (path: string) => boolean,
): (name: string) => string {
  const cell = join(folder, 'cell.ts');
  const load = createRequire(cell);
  const { __tslab__: given } = globalThis as unknown as { __tslab__: Given };
  const tslabs = given.require;

  function locate(name: string): string {
    if (isFileName(name)) {
      const path = find(name, cell);
      return load.resolve(path && !/\.d\.[cm]?ts$/.test(path) ? realpathSync(path) : name);
    }
    if (!isBuiltin(name)) mustBeInstalled(name, load.resolve.paths(name) ?? []);
    return load.resolve(name);
  }

  given.require = new Proxy(load, {
    apply(_load, _this, [name]: [string]) {
      const isTslabs = name === 'tslab' || (isFileName(name) && isInMemory(join(folder, name)));
      return isTslabs ? tslabs(name) : load(locate(name));
    },
  });
  return locate;
}

function isFileName(name: string): boolean {
  return /^\.{1,2}(\/|$)/.test(name) || isAbsolute(name);
}

/** Once asked for a package that is not there, Node would not find it when it has come. */
function mustBeInstalled(name: string, folders: string[]): void {
  const [first, second] = name.split('/');
  const own = first.startsWith('@') ? join(first, second ?? '') : first;
  if (first.startsWith('#') || folders.some((folder) => existsSync(join(folder, own)))) return;
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
}

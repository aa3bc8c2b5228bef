import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { CheckerFiles } from './checkerFiles';

/** The variables of a notebook, by name. */
export type Locals = Record<string, unknown>;

export interface Reloader {
  /**
   * Looks at every library file in use and loads the edited ones anew, with all that depend on them.
   *
   * @returns why the old code stays, where the new one does not load
   */
  reload(locals: Locals): unknown;
}

/**
 * Brings edits of the library into a running notebook: functions the notebook has imported are replaced by their new
 * versions, other values stay.
 *
 * @param isSource which loaded files are looked at
 */
export function createReloader(isSource: (path: string) => boolean, checker: CheckerFiles): Reloader {
  const stamps = new Map<string, string>();
  let scanned = Date.now();

  function edited(): string[] {
    const now = Date.now();
    const paths = new Set([...checker.paths(), ...Object.keys(require.cache).filter(isSource)]);
    const changed: string[] = [];
    for (const path of paths) {
      const file = statSync(path, { throwIfNoEntry: false });
      const stamp = file ? `${file.mtimeMs} ${file.size}` : 'gone';
      const known = stamps.get(path);
      // A file first seen now was loaded since the last look; an edit since then may have come after that.
      if (known === undefined ? file && file.mtimeMs > scanned : known !== stamp) {
        changed.push(path);
        checker.changed(path, !file);
      }
      stamps.set(path, stamp);
    }
    scanned = now;
    return changed;
  }

  return {
    reload(locals) {
      const changed = edited().filter((path) => require.cache[path]);
      if (changed.length === 0) return undefined;
      const old = withDependents(changed, isSource);
      for (const path of old.keys()) delete require.cache[path];
      try {
        for (const path of old.keys()) if (stamps.get(path) !== 'gone') require(path);
      } catch (error) {
        for (const path of Object.keys(require.cache)) if (old.has(path)) delete require.cache[path];
        for (const [path, module] of old) require.cache[path] = module;
        return error;
      }
      rebind(locals, old);
      return undefined;
    },
  };
}

/** The modules that use one of the files, directly or not, and those of the files themselves. */
function withDependents(paths: string[], isSource: (path: string) => boolean): Map<string, NodeModule> {
  const stale = new Set(paths);
  const loaded = Object.entries(require.cache).filter(([path]) => isSource(path));
  for (let grew = true; grew; ) {
    const before = stale.size;
    for (const [path, module] of loaded)
      if (module?.children.some((child) => stale.has(child.filename))) stale.add(path);
    grew = stale.size > before;
  }
  return new Map(loaded.flatMap(([path, module]) => (module && stale.has(path) ? [[path, module]] : [])));
}

/** Puts the new version in the place of every variable that holds a module or an export of an old one. */
function rebind(locals: Locals, old: Map<string, NodeModule>): void {
  const origins = originsOf(old);
  for (const name of Object.keys(locals)) {
    const value = locals[name];
    if (!isReference(value)) continue;
    const origin = origins.get(value) ?? lookUpInIndexes(name, value, old);
    if (!origin) continue;
    const fresh: Locals | undefined = require.cache[origin.path]?.exports;
    const next = origin.name === undefined ? fresh : fresh?.[origin.name];
    if (next !== undefined) locals[name] = next;
  }
}

interface Origin {
  path: string;
  /** The export; undefined for the module as a whole. */
  name?: string;
}

function originsOf(modules: Map<string, NodeModule>): Map<object, Origin> {
  const origins = new Map<object, Origin>();
  for (const [path, module] of modules) {
    const exported: Locals = module.exports;
    origins.set(exported, { path });
    // An index may load a part of the library only when asked for it: do not ask here.
    if (isIndex(path)) continue;
    for (const name of Object.keys(exported)) {
      const value = exported[name];
      if (isReference(value) && !origins.has(value)) origins.set(value, { path, name });
    }
  }
  return origins;
}

function lookUpInIndexes(name: string, value: object, modules: Map<string, NodeModule>): Origin | undefined {
  for (const [path, module] of modules)
    if (isIndex(path) && Object.hasOwn(module.exports, name) && module.exports[name] === value)
      return { path, name };
  return undefined;
}

function isIndex(path: string): boolean {
  return /^index\.tsx?$/.test(basename(path));
}

function isReference(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

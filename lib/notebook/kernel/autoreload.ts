import { existsSync, statSync } from 'node:fs';
import Module from 'node:module';
import { basename } from 'node:path';
import { stampsOf, witnessOf } from './fileStamp';
import type { ImportedName } from './importedNames';
import { isSource } from './sources';

/** Loaded modules, by path. */
type Modules = Map<string, NodeModule>;

/** The variables of a notebook, by name. */
export type Locals = Record<string, unknown>;

export interface Reloader {
  /** Notes which files have been loaded, and their state; to be called when a cell has run. */
  note(): void;
  /**
   * Looks at every source in use, the library's, the user's and the packages of the user's, and loads the edited ones anew, with all that depend on
   * them.
   *
   * @returns why old code stays, where new one does not load; said once
   */
  reload(locals: Locals): string[];
}

/** Node's memory of where names led, by name and folders. */
const { _pathCache: led } = Module as unknown as { _pathCache: Record<string, string> };

/**
 * Brings edits of sources into a running notebook: what its cells have imported, and other variables that hold the same
 * functions or objects, get their new versions; other values stay.
 *
 * @param imported what the cells have imported, with the path of its module
 */
export function createReloader(imported: () => { path: string; name: ImportedName }[]): Reloader {
  let stamps = new Map<string, string>();
  let noted = Date.now();
  /** Edited files whose old code stays, with the reason; what they lack may come. */
  let failed = new Map<string, string>();

  function edited(): string[] {
    note();
    const now = stampsOf(stamps.keys());
    const changed = [...now.keys()].filter((path) => now.get(path) !== stamps.get(path));
    stamps = now;
    return changed;
  }

  function note(): void {
    const now = Date.now();
    const loaded = Object.keys(require.cache).filter(isSource);
    // One that has been edited since the last look may have been so after it was loaded.
    const first = stampsOf(loaded.filter((path) => !stamps.has(path)));
    for (const path of first.keys()) if (changedSince(witnessOf(path), noted)) first.set(path, 'unknown');
    stamps = new Map(loaded.map((path) => [path, stamps.get(path) ?? first.get(path) ?? 'unknown']));
    noted = now;
  }

  /** Loads modules anew that depend on each other; the old ones stay where one of them fails. */
  function renew(old: Modules): void {
    for (const path of old.keys()) delete require.cache[path];
    for (const [name, path] of Object.entries(led)) if (old.has(path)) delete led[name];
    try {
      for (const path of old.keys()) if (existsSync(path)) require(path);
    } catch (error) {
      for (const path of Object.keys(require.cache)) if (old.has(path)) delete require.cache[path];
      for (const [path, module] of old) require.cache[path] = module;
      throw error;
    }
  }

  return {
    note,
    reload(locals) {
      const changed = [...new Set([...failed.keys(), ...edited()])].filter((path) => require.cache[path]);
      const known = failed;
      failed = new Map();
      const problems: string[] = [];
      for (const old of apart(changed.map((path) => withDependents([path])))) {
        try {
          renew(old);
          rebind(locals, old);
          for (const { path, name } of imported()) {
            const value = old.has(path) ? name.read(require.cache[path]?.exports) : undefined;
            if (value !== undefined) locals[name.name] = value;
          }
        } catch (error) {
          const own = changed.filter((path) => old.has(path));
          const reason = error instanceof Error ? error.message : String(error);
          const problem = own.some((path) => reason.includes(path)) ? reason : `${own.join(', ')}: ${reason}`;
          for (const path of own) failed.set(path, problem);
          if (own.some((path) => known.get(path) !== problem)) problems.push(problem);
        }
      }
      return problems;
    },
  };
}

/** Joins those that have modules in common. */
function apart(groups: Modules[]): Modules[] {
  return groups.reduce<Modules[]>((joined, group) => {
    const touching = joined.filter((one) => [...one.keys()].some((path) => group.has(path)));
    const whole = new Map([...touching, group].flatMap((one) => [...one]));
    return [...joined.filter((one) => !touching.includes(one)), whole];
  }, []);
}

function changedSince(path: string, time: number): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > time;
}

/** The modules that use one of the files, directly or not, and those of the files themselves. */
function withDependents(paths: string[]): Modules {
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
function rebind(locals: Locals, old: Modules): void {
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

function originsOf(modules: Modules): Map<object, Origin> {
  const origins = new Map<object, Origin>();
  for (const [path, module] of modules) {
    const exported: Locals = module.exports;
    if (!isReference(exported)) continue; // a JSON file may hold a number
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

function lookUpInIndexes(name: string, value: object, modules: Modules): Origin | undefined {
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

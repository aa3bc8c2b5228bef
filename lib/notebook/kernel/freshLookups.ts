import { isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import * as ts from '@tslab/typescript-for-tslab';
import { stampOf } from './fileStamp';
import { isBeside, isInstalled } from './sources';

/** Where a name in an import led, if anywhere. */
type Found = Map<string, string | undefined>;

/** Looks up what modules import, and notices when an import leads elsewhere. */
export interface Lookups {
  /** Makes a compiler use these lookups instead of its own. */
  serve(host: ts.WatchCompilerHost<ts.BuilderProgram>, options: ts.CompilerOptions): void;
  /** The file that an import from a file means; undefined where there is none. */
  find(name: string, importer: string): string | undefined;
  /** Looks again for what may have appeared, gone or moved since the last call. */
  refresh(): void;
}

/**
 * The compiler's own lookups are kept until a watcher tells that a file or directory has appeared; watchers come late, see
 * nothing in installed packages, and need a timer that tslab has no place for. These are checked before each question to the
 * compiler: those of the cell and the modules beside the notebook, those that failed, and in folders of sources in which a
 * file has come or gone, all.
 */
export function createLookups(): Lookups {
  const found = new Map<string, Found>();
  const folders = new Map<string, string>();
  let outdated = new Set<string>();
  let served: { host: ts.ModuleResolutionHost; options: ts.CompilerOptions; cache: ts.ModuleResolutionCache };

  function find(name: string, importer: string) {
    if (isBuiltin(name)) return undefined; // of Node: @types/node declares it
    const { host, options, cache } = served;
    const { resolvedModule } = ts.resolveModuleName(name, importer, options, host, cache);
    if (resolvedModule || ts.isExternalModuleNameRelative(name)) return resolvedModule;
    // Packages that say where their files are in `exports` only.
    const newer = { ...options, moduleResolution: ts.ModuleResolutionKind.Bundler };
    return ts.resolveModuleName(name, importer, newer, host).resolvedModule;
  }

  /** Whether a file has come or gone in a folder of sources. */
  function foldersChanged(): boolean {
    let changed = false;
    for (const folder of new Set([...found.keys()].filter((path) => !isInstalled(path)).map(dirname))) {
      const stamp = stampOf(folder);
      changed ||= folders.has(folder) && folders.get(folder) !== stamp;
      folders.set(folder, stamp);
    }
    return changed;
  }

  return {
    serve(host, options) {
      const cache = ts.createModuleResolutionCache(host.getCurrentDirectory(), (path) => path, options);
      served = { host, options, cache };
      host.resolveModuleNameLiterals = (literals, importer, _redirect, _options, _file, reused) => {
        const names: Found = (reused?.length && found.get(importer)) || new Map();
        found.set(importer, names);
        outdated.delete(importer);
        return literals.map(({ text }) => {
          const resolvedModule = find(text, importer);
          names.set(text, resolvedModule?.resolvedFileName);
          // As of a package, which may lie anywhere: tslab means to write the rest, below the folder of the notebook.
          const isExternalLibraryImport = !resolvedModule || !isBeside(resolvedModule.resolvedFileName);
          return { resolvedModule: resolvedModule && { ...resolvedModule, isExternalLibraryImport } };
        });
      };
      host.resolveTypeReferenceDirectiveReferences = (references, importer) =>
        references.map((reference) => {
          const name = typeof reference === 'string' ? reference : reference.fileName;
          return ts.resolveTypeReferenceDirective(name, importer, options, host);
        });
      host.hasInvalidatedResolutions = (path) => outdated.has(path);
    },
    find: (name, importer) => find(name, importer)?.resolvedFileName,
    refresh() {
      if (!served) return;
      served.cache.clear();
      const all = foldersChanged();
      outdated = new Set();
      for (const [importer, names] of found) {
        const open =
          isBeside(importer) || [...names].some(([name, path]) => path === undefined && !isBuiltin(name));
        if (!open && !(all && !isInstalled(importer))) continue;
        if ([...names].some(([name, was]) => find(name, importer)?.resolvedFileName !== was))
          outdated.add(importer);
      }
    },
  };
}

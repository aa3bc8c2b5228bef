import * as ts from '@tslab/typescript-for-tslab';
import { isLibrarySource } from './sources';

/** The files the type checker asked to be told about. */
export interface CheckerFiles {
  /** Library sources it has read. */
  paths(): string[];
  /** Tells it that a file changed or is gone. */
  changed(path: string, gone: boolean): void;
}

/**
 * Takes over the checker's file watching through the compiler's replaceable `sys`. Library sources are looked at before
 * each cell instead of at some time after an edit; installed packages do not change under a running kernel, and thousands
 * of watchers on them cost start-up time. Other files (modules beside the notebook) are watched as before.
 */
export function takeOverWatching(): CheckerFiles {
  const callbacks = new Map<string, ts.FileWatcherCallback>();
  const { watchFile, watchDirectory } = ts.sys;
  ts.sys.watchFile = (path, callback, interval, options) => {
    if (isLibrarySource(path)) {
      callbacks.set(path, callback);
      return { close: () => void callbacks.delete(path) };
    }
    if (path.includes('/node_modules/') || !watchFile) return { close() {} };
    return watchFile(path, callback, interval, options);
  };
  ts.sys.watchDirectory = (path, callback, recursive, options) => {
    if (path !== process.cwd() || !watchDirectory) return { close() {} };
    return watchDirectory(path, callback, recursive, options);
  };
  return {
    paths: () => [...callbacks.keys()],
    changed(path, gone) {
      callbacks.get(path)?.(path, gone ? ts.FileWatcherEventKind.Deleted : ts.FileWatcherEventKind.Changed);
    },
  };
}

import * as ts from '@tslab/typescript-for-tslab';
import { GONE, stampOf, stampsOf, witnessOf } from './fileStamp';
import { isSource } from './sources';

interface Watched {
  stamp: string;
  callback: ts.FileWatcherCallback;
}

/**
 * Takes over the checker's file watching through the compiler's replaceable `sys`: files it has read are looked at before it is
 * asked anything, instead of at some time after an edit.
 *
 * @returns tells the checker which files have changed or are gone since the last call
 */
export function takeOverWatching(): () => void {
  const files = new Map<string, Set<Watched>>();
  ts.sys.watchFile = (path, callback) => {
    if (!isSource(path)) return { close() {} };
    const entry = { stamp: stampOf(witnessOf(path)), callback };
    const entries = files.get(path) ?? new Set();
    files.set(path, entries.add(entry));
    return {
      close() {
        entries.delete(entry);
        if (entries.size === 0) files.delete(path);
      },
    };
  };
  ts.sys.watchDirectory = () => ({ close() {} });
  return () => {
    for (const [path, stamp] of stampsOf(files.keys())) {
      for (const entry of files.get(path) ?? []) {
        if (entry.stamp === stamp) continue;
        entry.stamp = stamp;
        const { Changed, Deleted } = ts.FileWatcherEventKind;
        entry.callback(path, stamp === GONE ? Deleted : Changed);
      }
    }
  };
}

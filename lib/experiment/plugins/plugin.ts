import type { DataSource } from '../../data';
import type { Architecture } from '../../network';
import type { Method } from '../../prune';
import type { Quantity } from '../../train';

/** What a plug-in's file exports, as its default: entries by name for the tables of the library. */
export interface Plugin {
  methods?: Readonly<Record<string, Method>>;
  models?: Readonly<Record<string, Architecture>>;
  datasets?: Readonly<Record<string, DataSource>>;
  quantities?: Readonly<Record<string, Quantity>>;
}

/** A plug-in as a record knows it: what it was called, and the hash of what it is. Says not where it is. */
export interface PluginName {
  name?: string;
  hash: string;
}

/** A plug-in that may be loaded. */
export interface PluginFile extends PluginName {
  name: string;
  /** Of its file. */
  path: string;
}

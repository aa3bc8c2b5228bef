import type * as TypeScript from '@tslab/typescript-for-tslab';
import { dialogTypes } from './dialogTypes';

/** A file that exists for the compiler only, with what today's Node knows of its modules. */
const NAME = '__pathkernel__.ts';
const TEXT = `import 'pathkernel';
${dialogTypes}declare global {
  interface ImportMeta {
    dirname: string;
    filename: string;
    url: string;
    resolve(specifier: string): string;
  }
  interface ImportCallOptions {
    with?: Record<string, string>;
  }
}
`;

/**
 * Keeps the library among the files the compiler knows, whatever cells mention: a file that no cell depends on is
 * forgotten, and reading the library's types and TensorFlow's takes seconds. Where the notebook's folder has no library
 * in reach, nothing is read.
 */
export function withKeptLibrary(files: string[], system: TypeScript.System) {
  const path = `${system.getCurrentDirectory()}/${NAME}`;
  const kept: TypeScript.System = Object.create(system);
  kept.readFile = (name, encoding) => (name === path ? TEXT : system.readFile(name, encoding));
  kept.fileExists = (name) => name === path || system.fileExists(name);
  kept.watchFile = (name, ...rest) =>
    name === path || !system.watchFile ? { close() {} } : system.watchFile(name, ...rest);
  return { files: [...files, path], system: kept };
}

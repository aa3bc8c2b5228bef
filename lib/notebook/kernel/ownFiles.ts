import { sep } from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { isLibrarySource } from './sources';

type CreateProgram = TypeScript.CreateProgram<TypeScript.EmitAndSemanticDiagnosticsBuilderProgram>;

/**
 * Makes tslab check and emit the cell and the modules beside the notebook only. Left alone it checks every function of
 * every library file that the cell depends on, many seconds of work, to drop what it found: files outside of the
 * notebook's folder have a check of their own, and are run as they are.
 */
export function withOwnFilesOnly(create: CreateProgram): CreateProgram {
  return (...args: Parameters<CreateProgram>) => {
    const builder = create(...args);
    const { getAllDependencies } = builder;
    builder.getAllDependencies = (file) => getAllDependencies(file).filter(isOwn);
    return builder;
  };
}

function isOwn(path: string): boolean {
  return !isLibrarySource(path) && !path.includes(`${sep}node_modules${sep}`);
}

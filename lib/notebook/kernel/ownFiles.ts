import { existsSync } from 'node:fs';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { isBeside } from './sources';

type CreateProgram = TypeScript.CreateProgram<TypeScript.BuilderProgram>;

/** What the compiler knows of a file and its types do not tell. */
interface WithImports {
  imports?: readonly TypeScript.Node[];
}

/**
 * Makes tslab check the cell and the modules beside the notebook only. Left alone it checks every function of every library
 * file that the cell depends on, many seconds of work, to drop what it found: files outside of the notebook's folder have a
 * check of their own. What is a file is run as it is, wherever it lies; tslab would refuse one of another folder.
 *
 * @param create creates programs without records of which of thousand files depends on which: tslab would use the
 *   cell's alone
 */
export function withOwnFilesOnly(create: CreateProgram): CreateProgram {
  return (...args: Parameters<CreateProgram>) => {
    const builder = create(...args);
    // Made at once: tslab looks at the names a cell declares, which are found when the checker is made.
    const checker = builder.getProgram().getTypeChecker();
    builder.getAllDependencies = (file) => ownDependencies(file, checker);
    const emit = builder.emit;
    builder.emit = (file, ...rest) =>
      file && existsSync(file.fileName) ? { emitSkipped: true, diagnostics: [] } : emit(file, ...rest);
    return builder;
  };
}

/** The file and the modules of the notebook's folder that it imports, directly or not. */
function ownDependencies(file: TypeScript.SourceFile, checker: TypeScript.TypeChecker): string[] {
  const found = new Set([file]);
  // A set may grow while it is walked.
  for (const { imports = [] } of found as Set<WithImports>)
    for (const name of imports)
      for (const declaration of checker.getSymbolAtLocation(name)?.declarations ?? []) {
        const imported = declaration.getSourceFile();
        if (isBeside(imported.fileName)) found.add(imported);
      }
  return [...found].map(({ fileName }) => fileName);
}

import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as TypeScript from '@tslab/typescript-for-tslab';

type CreateProgram = TypeScript.CreateProgram<TypeScript.BuilderProgram>;

/** Where a cell finds what `import.meta` stands for. */
const PLACE = '__pathkernelMeta__';

/**
 * Gives cells what modules know of their own place, as of a module in the notebook's folder: `__dirname`, `__filename` and
 * `import.meta`. JupyterLab tells the name of the notebook; without it, one is made up.
 */
export function placeCells(folder: string): void {
  const filename = join(folder, basename(process.env.JPY_SESSION_NAME ?? 'notebook.ipynb'));
  const url = pathToFileURL(filename).href;
  const load = createRequire(filename);
  const resolve = (name: string) =>
    /^[./]/.test(name) ? new URL(name, url).href : pathToFileURL(load.resolve(name)).href;
  const meta = { dirname: folder, filename, url, resolve };
  const globals = { __dirname: folder, __filename: filename, [PLACE]: meta };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}

/** Makes cells look for `import.meta` there: they are run as scripts, which have none. */
export function withImportMeta(compiler: typeof TypeScript, create: CreateProgram): CreateProgram {
  return (...args: Parameters<CreateProgram>) => {
    const builder = create(...args);
    const emit = builder.emit;
    builder.emit = (file, write, token, only, transformers = {}) =>
      emit(file, write, token, only, {
        ...transformers,
        after: [replaceMeta(compiler), ...(transformers.after ?? [])],
      });
    return builder;
  };
}

function replaceMeta(compiler: typeof TypeScript): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => (file) => {
    const visit = (node: TypeScript.Node): TypeScript.Node =>
      compiler.isMetaProperty(node) && node.keywordToken === compiler.SyntaxKind.ImportKeyword
        ? compiler.factory.createIdentifier(PLACE)
        : compiler.visitEachChild(node, visit, context);
    return compiler.visitEachChild(file, visit, context);
  };
}

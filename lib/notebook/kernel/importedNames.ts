import * as ts from '@tslab/typescript-for-tslab';

/** A variable of the notebook that a cell imported. */
export interface ImportedName {
  name: string;
  /** The module, as the cell called it. */
  from: string;
  /** What of the module it is. */
  read(exported: unknown): unknown;
}

/**
 * What the cells so far have imported and not declared otherwise since.
 *
 * @param declarations tslab's declarations of those cells
 */
export function importedNames(declarations: string): ImportedName[] {
  const { statements } = ts.createSourceFile('cells.d.ts', declarations, ts.ScriptTarget.Latest);
  return statements.filter(ts.isImportDeclaration).flatMap(({ importClause, moduleSpecifier }) => {
    const from = (moduleSpecifier as ts.StringLiteral).text;
    const { name, namedBindings } = importClause ?? {};
    const names: ImportedName[] = [];
    if (name) names.push({ name: name.text, from, read: (exported) => pick(exported, 'default') });
    if (!namedBindings) return names;
    if (ts.isNamespaceImport(namedBindings)) names.push({ name: namedBindings.name.text, from, read: whole });
    else
      for (const { name, propertyName = name } of namedBindings.elements)
        names.push({ name: name.text, from, read: (exported) => pick(exported, propertyName.text) });
    return names;
  });
}

/** As TypeScript has it: what is no module from TypeScript's or another compiler's hand is its own default. */
function pick(exported: unknown, name: string): unknown {
  if (name === 'default' && !isCompiled(exported)) return exported;
  return (exported as Record<string, unknown> | null | undefined)?.[name];
}

function whole(exported: unknown): unknown {
  return isCompiled(exported) ? exported : { ...Object(exported), default: exported };
}

function isCompiled(exported: unknown): boolean {
  return Boolean((exported as { __esModule?: unknown } | null | undefined)?.__esModule);
}

import * as ts from 'typescript';

/** One name that an import declaration brings. */
export interface ImportedName {
  name: string;
  /** What it stands for: the same text, the same thing. */
  meaning: string;
  node: ts.Node;
  /** Whether it stands in braces, where it can be left out alone. */
  inBraces: boolean;
}

/** The names an import declaration brings into scope; none for `import 'module'`. */
export function importedNames({ importClause, moduleSpecifier }: ts.ImportDeclaration): ImportedName[] {
  if (!importClause || !ts.isStringLiteral(moduleSpecifier)) return [];
  const { name, namedBindings } = importClause;
  const imported = (local: ts.Identifier, what: string, node: ts.Node, inBraces = false): ImportedName => ({
    name: local.text,
    meaning: `${what} of ${moduleSpecifier.text}`,
    node,
    inBraces,
  });
  const names = name ? [imported(name, 'default', name)] : [];
  if (!namedBindings) return names;
  if (ts.isNamespaceImport(namedBindings))
    return [...names, imported(namedBindings.name, 'all', namedBindings)];
  const inBraces = namedBindings.elements.map((element) =>
    imported(element.name, `{ ${(element.propertyName ?? element.name).text} }`, element, true),
  );
  return [...names, ...inBraces];
}

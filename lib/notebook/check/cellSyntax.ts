import * as ts from 'typescript';

/** A cell as the compiler reads it by itself. */
export interface CellSyntax {
  file: ts.SourceFile;
  imports: ts.ImportDeclaration[];
  /** The names it declares at the top, but for imports. */
  names: string[];
  /** Empty where it parses. */
  errors: readonly ts.Diagnostic[];
}

/** Makes the compiler read a cell as a module, so that it may await at the top. */
const MODULE = '\nexport {};';

/** Parses one cell. */
export function cellSyntax(code: string): CellSyntax {
  const text = code + MODULE;
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true, compilerOptions });
  const file = ts.createSourceFile('cell.ts', text, compilerOptions.target, true);
  return {
    file,
    imports: file.statements.filter(ts.isImportDeclaration),
    names: file.statements.flatMap(declaredNames),
    errors: diagnostics,
  };
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  )
    return statement.name ? [statement.name.text] : [];
  return [];
}

/** `x` gives x; `{ a, b: [c] }` gives a and c. */
function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

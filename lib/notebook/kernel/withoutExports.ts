import * as ts from '@tslab/typescript-for-tslab';

/**
 * Code as a cell, which exports nothing: its declarations stay, what it passes on from other modules it imports, and a default
 * that is no declaration is its value. What is left stands where it stood.
 */
export function withoutExports(code: string): string {
  if (!/\bexport\b/.test(code)) return code;
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);
  let text = code;
  const put = (start: number, end: number, instead = '') => {
    const space = text.slice(start, end - instead.length).replace(/[^\r\n]/g, ' ');
    text = text.slice(0, start) + space + instead + text.slice(end);
  };
  /** A value in parentheses: without them it would be a block or a declaration without a name. */
  const wrap = (start: number, value: number, end: number) => {
    text = `${text.slice(0, end)})${text.slice(end)}`;
    put(start, value, '(');
  };
  // From the end, so that places before stay right.
  for (const statement of [...file.statements].reverse()) {
    const start = statement.getStart();
    if (ts.isExportDeclaration(statement)) {
      const { moduleSpecifier, exportClause } = statement;
      if (!moduleSpecifier) put(start, statement.end);
      else if (passesOnNames(exportClause)) put(start, start + 'export'.length, 'import');
      else put(start, moduleSpecifier.getStart(), 'import ');
    } else if (ts.isExportAssignment(statement))
      wrap(start, statement.expression.getStart(), statement.expression.end);
    else if (isExported(statement)) {
      const marks = (ts.getModifiers(statement) ?? []).filter(
        ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
      );
      if (isNameless(statement)) wrap(start, marks[marks.length - 1].end + 1, statement.end);
      else for (const mark of marks.reverse()) put(mark.getStart(), mark.end);
    }
  }
  return text;
}

/** Whether names that are passed on can be imported as they stand: `default` is no name of a variable. */
function passesOnNames(clause: ts.NamedExportBindings | undefined): boolean {
  if (!clause) return false;
  return ts.isNamespaceExport(clause) || clause.elements.every(({ name }) => name.text !== 'default');
}

function isExported(statement: ts.Statement): statement is ts.Statement & ts.HasModifiers {
  if (!ts.canHaveModifiers(statement)) return false;
  return (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function isNameless(statement: ts.Statement): boolean {
  return (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && !statement.name;
}

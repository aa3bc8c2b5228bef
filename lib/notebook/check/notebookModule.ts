import * as ts from 'typescript';
import { dialogTypes } from '../kernel/dialogTypes';
import { type CellSyntax, cellSyntax } from './cellSyntax';
import { importedNames } from './importedNames';
import type { NotebookCell } from './readNotebook';
import { createSourceText, type Origin, type SourceText } from './sourceText';

/** Something amiss in a cell. */
export interface Problem extends Origin {
  /** The compiler's number, or undefined for what this check itself found. */
  code?: number;
  message: string;
}

/** The cells of a notebook as one module. */
export interface NotebookModule {
  text: SourceText;
  /** What already came to light; the module is worth checking only where no cell failed to parse. */
  problems: Problem[];
  parses: boolean;
}

/**
 * Joins the cells of a notebook into one module that means the same: imports come first (those repeated once), and from
 * a cell that declares a name again everything on lies in a block of its own, where the new name hides the old one.
 */
export function notebookModule(cells: readonly NotebookCell[]): NotebookModule {
  const text = createSourceText();
  const parsed = cells.map((cell) => ({ ...cell, syntax: cellSyntax(cell.code) }));
  const syntaxErrors = parsed.flatMap(({ number, code, syntax }) => toProblems(number, code, syntax));
  if (syntaxErrors.length > 0) return { text, problems: syntaxErrors, parses: false };

  const problems: Problem[] = [];
  const known = new Map<string, { meaning: string; cell: number }>();
  const bodies: { opensBlock: boolean; cell: number; code: string }[] = [];
  text.add(`export {};\n${dialogTypes}\n`);
  for (const { number, code, syntax } of parsed) {
    const opensBlock = syntax.names.some((name) => known.has(name));
    for (const declaration of syntax.imports) {
      const kept = keepNew(declaration, number, known, problems);
      if (kept !== undefined) text.add(kept, { cell: number, offset: declaration.getStart() });
      text.add('\n');
    }
    for (const name of syntax.names) known.set(name, { meaning: 'a declaration', cell: number });
    bodies.push({ opensBlock, cell: number, code: blankOut(code, syntax) });
  }
  for (const { opensBlock, cell, code } of bodies) {
    if (opensBlock) text.add('{\n');
    text.add(code, { cell, offset: 0 });
    text.add('\n;\n');
  }
  text.add('}\n'.repeat(bodies.filter(({ opensBlock }) => opensBlock).length));
  return { text, problems, parses: true };
}

function toProblems(cell: number, code: string, { errors }: CellSyntax): Problem[] {
  return errors.map((error) => ({
    cell,
    offset: Math.min(error.start ?? 0, code.length),
    code: error.code,
    message: ts.flattenDiagnosticMessageText(error.messageText, '\n'),
  }));
}

/** The text of an import with names imported before blanked out; undefined where none is left. */
function keepNew(
  declaration: ts.ImportDeclaration,
  cell: number,
  known: Map<string, { meaning: string; cell: number }>,
  problems: Problem[],
): string | undefined {
  const start = declaration.getStart();
  const all = importedNames(declaration);
  const fresh = all.filter(({ name, meaning, node }) => {
    const earlier = known.get(name);
    if (earlier && earlier.meaning !== meaning) {
      const message = `'${name}' is something else in cell ${earlier.cell}; import it under another name: ${name} as …`;
      problems.push({ cell, offset: node.getStart(), message });
    }
    if (!earlier) known.set(name, { meaning, cell });
    return !earlier;
  });
  if (all.length > 0 && fresh.length === 0) return undefined;
  let text = declaration.getText();
  for (const { node, inBraces } of all.filter((each) => !fresh.includes(each))) {
    if (inBraces) text = blank(text, node.getStart() - start, node.getEnd() - start, /^\s*,/);
  }
  return text;
}

/** The cell without its imports, which stand before all cells, and without `export`, which a block does not allow. */
function blankOut(code: string, { file, imports }: CellSyntax): string {
  let text = code;
  for (const declaration of imports) text = blank(text, declaration.getStart(), declaration.getEnd());
  for (const statement of file.statements) {
    if (!ts.canHaveModifiers(statement) || statement.getStart() >= code.length) continue;
    for (const modifier of ts.getModifiers(statement) ?? [])
      if (modifier.kind === ts.SyntaxKind.ExportKeyword)
        text = blank(text, modifier.getStart(), modifier.getEnd());
  }
  return text;
}

/** Puts spaces for everything but line ends, so that places stay. */
function blank(text: string, start: number, end: number, tail = /^/): string {
  const stop = end + (tail.exec(text.slice(end))?.[0].length ?? 0);
  return text.slice(0, start) + text.slice(start, stop).replace(/[^\r\n]/g, ' ') + text.slice(stop);
}

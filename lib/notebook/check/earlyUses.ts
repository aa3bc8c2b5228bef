import * as ts from 'typescript';
import type { Problem } from './notebookModule';
import type { SourceText } from './sourceText';

/**
 * Names used in a cell before the one that declares or imports them. In one module that is allowed within a function,
 * and for imports everywhere; in a notebook run from top to bottom the cell fails.
 */
export function earlyUses(file: ts.SourceFile, text: SourceText, checker: ts.TypeChecker): Problem[] {
  const problems: Problem[] = [];
  function visit(node: ts.Node): void {
    if (ts.isIdentifier(node)) {
      const origin = text.originOf(node.getStart());
      const cells = symbolsAt(node, checker).map((symbol) => firstCell(symbol, file, text));
      const later = cells.find((cell) => cell !== undefined && cell > origin.cell);
      if (later !== undefined)
        problems.push({
          ...origin,
          message: `'${node.text}' is used before cell ${later}, which declares it`,
        });
    }
    node.forEachChild(visit);
  }
  visit(file);
  return problems;
}

function symbolsAt(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol[] {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  return symbol ? [symbol] : [];
}

/** The first cell of this notebook that declares a symbol; undefined where none does. */
function firstCell(symbol: ts.Symbol, file: ts.SourceFile, text: SourceText): number | undefined {
  const inside = (symbol.declarations ?? []).filter((declaration) => declaration.getSourceFile() === file);
  if (inside.length === 0) return undefined;
  return Math.min(...inside.map((declaration) => text.originOf(declaration.getStart()).cell));
}

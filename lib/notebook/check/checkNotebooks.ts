import { resolve } from 'node:path';
import * as ts from 'typescript';
import { compilerOptions } from './compilerOptions';
import { earlyUses } from './earlyUses';
import { type NotebookModule, notebookModule, type Problem } from './notebookModule';
import type { NotebookCell } from './readNotebook';

/** Something amiss in a notebook, with places as its reader counts them. */
export interface Finding {
  path: string;
  /** Among the code cells that are not empty, from 1. */
  cell: number;
  line: number;
  column: number;
  /** The compiler's number (2345), or undefined for what this check itself found. */
  code?: number;
  message: string;
  /** The line of the cell. */
  source: string;
}

/**
 * Type-checks whole notebooks with the project's strict options, as if run from top to bottom. Packages are looked for
 * from the notebook's folder. Cells may declare a name again, as in the notebook.
 *
 * @param cellsOf the cells of each notebook by the path of its file, which need not be there
 * @returns what is amiss, in the order of the notebooks and their cells
 */
export function checkNotebooks(cellsOf: ReadonlyMap<string, readonly NotebookCell[]>): Finding[] {
  const notebooks = [...cellsOf].map(([path, cells]) => {
    return { path, cells, file: `${resolve(path)}.ts`, module: notebookModule(cells) };
  });
  const sources = new Map(
    notebooks.filter(({ module }) => module.parses).map(({ file, module }) => [file, String(module.text)]),
  );
  const program = createProgram(sources);
  return notebooks.flatMap(({ path, cells, file, module }) => {
    const compiled = module.parses ? typeProblems(program, file, module) : [];
    return [...module.problems, ...compiled]
      .sort((a, b) => a.cell - b.cell || a.offset - b.offset)
      .map((problem) => toFinding(path, cells, problem));
  });
}

/** A program over sources that are in memory only. */
function createProgram(sources: ReadonlyMap<string, string>): ts.Program {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path) ?? readFile(path);
  host.getSourceFile = (path, target, ...rest) => {
    const text = sources.get(path);
    if (text === undefined) return getSourceFile.call(host, path, target, ...rest);
    return ts.createSourceFile(path, text, target, true);
  };
  return ts.createProgram([...sources.keys()], options, host);
}

function typeProblems(program: ts.Program, path: string, { text }: NotebookModule): Problem[] {
  const file = program.getSourceFile(path);
  if (!file) return [];
  const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  const problems = diagnostics.map((diagnostic) => ({
    ...text.originOf(diagnostic.start ?? 0),
    code: diagnostic.code,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
  }));
  const isTold = ({ cell, offset }: Problem) =>
    problems.some((problem) => problem.cell === cell && problem.offset === offset);
  return [...problems, ...earlyUses(file, text, program.getTypeChecker()).filter((use) => !isTold(use))];
}

function toFinding(path: string, cells: readonly NotebookCell[], problem: Problem): Finding {
  const { cell, offset, code, message } = problem;
  const all = cells.find(({ number }) => number === cell)?.code ?? '';
  const before = all.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1) ?? '').length + 1;
  return { path, cell, line, column, code, message, source: all.split('\n')[line - 1] ?? '' };
}

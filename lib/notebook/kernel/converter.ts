import type { Converter, Diagnostic } from 'tslab/dist/converter';
import type { Cell, Cells } from './cells';
import { locatorOf } from './compiler';
import { withoutAttributes } from './withoutAttributes';
import { withoutExports } from './withoutExports';

export interface ConverterHooks {
  /** The cell being run. */
  cell: () => Cell;
  cells: Cells;
  /** Called before each question: files may have changed. */
  refresh: () => void;
  /** Called when a cell does not compile. */
  onDiagnostics: (diagnostics: Diagnostic[]) => void;
  /** Called with the declarations of all cells so far. */
  onDeclarations: (declarations: string) => void;
  /** Called for a module that a cell has made. */
  onModule: (name: string) => void;
}

/** Characters that tslab puts before the first line of a cell, with and without a top-level await. */
const WRAPPER = {
  async: '(async function(exports, require) { '.length,
  sync: '(function(exports, require) { '.length,
};

/** tslab passes over some awaits, those of loops among them. Where it is one of an inner function, nothing is lost. */
const AWAIT = /\bawait\b/;

/**
 * A converter whose output V8 names after its cell and can be traced back to the user's lines, and that remembers the
 * declarations of every cell that compiled: tslab forgets those of a cell that then threw or was interrupted, although
 * its variables are there.
 */
export function createCellConverter(converter: Converter, hooks: ConverterHooks): Converter {
  let declarations = '';
  return {
    convert(_previous, code) {
      hooks.refresh();
      const result = converter.convert(declarations, withoutExports(withoutAttributes(code)));
      if (result.diagnostics.length > 0) {
        hooks.onDiagnostics(result.diagnostics);
        return result;
      }
      declarations = result.declOutput ?? '';
      hooks.onDeclarations(declarations);
      if (!result.output) return result;
      const hasToplevelAwait = result.hasToplevelAwait || AWAIT.test(result.output);
      const cell = hooks.cell();
      const locate = locatorOf(result.output);
      const shift = hasToplevelAwait ? WRAPPER.async : WRAPPER.sync;
      const lines = result.output.split('\n').length;
      if (locate)
        cell.locate = (line, column) =>
          line > lines ? undefined : locate(line, line === 1 ? column - shift : column);
      return {
        ...result,
        hasToplevelAwait,
        output: `${result.output}\n//# sourceURL=${hooks.cells.open(cell)}`,
      };
    },
    inspect(_previous, code, position) {
      hooks.refresh();
      return converter.inspect(declarations, code, position);
    },
    complete(_previous, code, position) {
      hooks.refresh();
      return converter.complete(declarations, code, position);
    },
    addModule(name, content, meta) {
      hooks.onModule(name);
      const diagnostics = converter.addModule(name, content, meta);
      if (diagnostics.length > 0) hooks.onDiagnostics(diagnostics);
      return diagnostics;
    },
    close: () => converter.close(),
  };
}

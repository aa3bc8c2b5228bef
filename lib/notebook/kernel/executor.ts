import { existsSync } from 'node:fs';
import { format } from 'node:util';
import { type Converter, createConverter, type Diagnostic } from 'tslab/dist/converter';
import { createExecutor } from 'tslab/dist/executor';
import { allowWork, interruptWork } from '../../base/interrupt';
import type { Bundle } from '../publish';
import { represent } from '../represent';
import type { Reloader } from './autoreload';
import { type BackgroundKind, watchBackground } from './background';
import { type Cell, createCells } from './cells';
import { createCellConverter } from './converter';
import { KERNEL, ROOT } from './sources';
import { describeError, excerpt, type Failure } from './traceback';
import { renewTransformer } from './transformer';

/** How a cell ended. */
export type Outcome = { ok: true; shown?: Bundle } | { ok: false; failure: Failure };

export interface CellExecutor {
  run(cell: Cell): Promise<Outcome>;
  /** Asks library work to stop at its next step; where none is running, or on a second press, gives the cell up. */
  interrupt(): void;
  /** Type-checks code without running or remembering it, so that later cells are checked quickly. */
  prepare(code: string): void;
  /** What tslab's own handler needs for completion and inspection. */
  inner: ReturnType<typeof createExecutor>;
}

/**
 * Runs cells one at a time with tslab's executor, and finds out what tslab only prints: why a cell failed, and its value.
 *
 * @param folder where the cells' imports are resolved from
 */
export function createCellExecutor(folder: string, reloader: Reloader): CellExecutor {
  const cells = createCells();
  const places = {
    findCell: cells.find,
    root: ROOT,
    hidden: [KERNEL, `${ROOT}/node_modules/tslab/`],
    exists: existsSync,
  };
  let current: Cell = { label: 'cell', code: '' };
  let running = false;
  let failure: Failure | undefined;
  let value: unknown;

  const background = watchBackground((kind) => {
    // A cell may wait for a callback that has thrown; a rejection may still find its handler.
    if (!running) setImmediate(reportLate);
    else if (kind === 'exception') inner.interrupt();
  });

  function reportLate(): void {
    if (running) return;
    for (const { reason, kind } of background.take())
      process.stderr.write(`${describeBackground(kind, reason).traceback.join('\n')}\n`);
  }

  function describeBackground(kind: BackgroundKind, reason: unknown): Failure {
    const described = describeError(reason, places);
    const note =
      kind === 'rejection'
        ? 'A promise was rejected and nothing awaited it:'
        : 'An exception was thrown in a callback, outside the flow of the cell:';
    return { ...described, traceback: [note, ...described.traceback] };
  }

  let original: Converter | undefined;
  let node: Converter | undefined;
  const convs = {
    get node() {
      node ??= createCellConverter(stock(), {
        cells,
        cell: () => current,
        onDiagnostics: (diagnostics) => {
          failure = describeDiagnostics(diagnostics, current);
        },
      });
      return node;
    },
    get browser(): Converter {
      throw new Error('cells for the browser are not supported');
    },
    close: () => node?.close(),
  };
  function stock(): Converter {
    original ??= createConverter({ isJS: false, isBrowser: false });
    return original;
  }

  const inner = createExecutor(folder, convs, {
    log: (result: unknown) => {
      value = result;
    },
    error: (...args: unknown[]) => {
      // One argument is what a cell threw; more are a diagnostic, already described.
      if (args.length === 1) failure = describeError(args[0], places);
      else if (!failure) process.stderr.write(`${format(...args)}\n`);
    },
  });

  return {
    inner,
    async run(cell) {
      reportLate();
      current = cell;
      failure = value = undefined;
      running = true;
      allowWork();
      try {
        const problem = reloader.reload(inner.locals);
        if (problem !== undefined) process.stderr.write(describeReload(problem));
        const ok = await inner.execute(cell.code);
        await turn();
        const [first] = background.take();
        if (first && (ok || first.kind === 'exception'))
          failure = describeBackground(first.kind, first.reason);
        // A cell that blocked was stopped before this process could notice.
        if (failure?.ename === 'Interrupted') renewTransformer();
        if (failure) return { ok: false, failure };
        if (ok) return { ok, shown: value === undefined ? undefined : represent(value) };
        return { ok, failure: { ename: 'Error', evalue: '', traceback: [] } };
      } catch (error) {
        return { ok: false, failure: describeError(error, places) };
      } finally {
        running = false;
      }
    },
    interrupt() {
      renewTransformer();
      if (!interruptWork()) inner.interrupt();
    },
    prepare: (code) => void stock().convert('', code),
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function describeDiagnostics(diagnostics: Diagnostic[], cell: Cell): Failure {
  const messages = diagnostics.map(({ start, messageText, fileName }) => {
    const place = `${fileName ?? cell.label}:${start.line + 1}:${start.character + 1}`;
    return `${place} - ${messageText}`;
  });
  const [{ start, fileName, messageText }] = diagnostics;
  const position = { line: start.line + 1, column: start.character + 1 };
  const traceback = [`TypeScriptError: ${messages[0]}`, ...messages.slice(1)];
  if (!fileName) traceback.push('', ...excerpt(cell, position));
  return { ename: 'TypeScriptError', evalue: messageText, traceback };
}

function describeReload(problem: unknown): string {
  const message = problem instanceof Error ? problem.message : String(problem);
  return `The edited library does not load, the code from before the edit stays in use:\n${message.replaceAll(`${ROOT}/`, '')}\n`;
}

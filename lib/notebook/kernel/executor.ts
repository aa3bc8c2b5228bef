import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { type Converter, createConverter, type Diagnostic } from 'tslab/dist/converter';
import { createExecutor } from 'tslab/dist/executor';
import { Interrupted, interruptWork } from '../../base/interrupt';
import type { Bundle } from '../publish';
import { represent } from '../represent';
import { createReloader } from './autoreload';
import { type BackgroundError, watchBackground } from './background';
import { createCalls } from './calls';
import type { CellContext } from './cellContext';
import { takeOverRequire } from './cellRequire';
import { type Cell, createCells } from './cells';
import { takeOverWatching } from './checkerFiles';
import { lookups } from './compiler';
import { createCellConverter } from './converter';
import { importedNames } from './importedNames';
import { placeCells } from './importMeta';
import { findMagic } from './magic';
import { KERNEL, LIBRARY, ROOT, WIDGETS } from './sources';
import { stoppable, undisturbed, untilAwait } from './stopWatch';
import { describeError, excerpt, type Failure } from './traceback';
import { renewTransformer } from './transformer';

/** How a cell ended. */
export type Outcome = { ok: true; shown?: Bundle } | { ok: false; failure: Failure };

export interface CellExecutor {
  run(context: CellContext): Promise<Outcome>;
  /** Runs a function of a cell that has ended, in the same way. */
  call(context: CellContext, work: () => unknown): Promise<Outcome>;
  /**
   * Asks library work to stop at its next step, and lets no more of it begin. Where none is running, or on a second press, gives
   * the cell up; between two cells all of them, so that nothing goes on that one of them began.
   */
  interrupt(): void;
  /**
   * Ends a cell, where it still runs, and cuts off what goes on of it from output and library.
   *
   * @param reason what the cell fails with; an interrupt by default
   */
  giveUp(context: CellContext, reason?: Error): void;
  /** Type-checks code without running or remembering it, so that later cells are checked quickly. */
  prepare(code: string): void;
  /** What tslab's own handler needs for completion and inspection. */
  inner: ReturnType<typeof createExecutor>;
}

/** What is compiled outside of a cell. */
const NONE: Cell = { label: 'cell', code: '' };

/** Cells whose background work can be stopped; a notebook left running for days must not grow without bound. */
const KEPT = 2000;

/**
 * Runs cells one at a time with tslab's executor, and finds out what tslab only prints: why a cell failed, and its value.
 *
 * @param folder where the cells' imports are resolved from
 */
export function createCellExecutor(folder: string): CellExecutor {
  const cells = createCells();
  const modules = new Set<string>();
  let declarations = '';
  const reloader = createReloader(() =>
    importedNames(declarations).flatMap((name) => {
      try {
        return [{ path: locate(name.from), name }];
      } catch {
        return []; // gone, or made by a cell
      }
    }),
  );
  const rereadFiles = takeOverWatching();
  const places = {
    findCell: cells.find,
    root: ROOT,
    hidden: [
      KERNEL,
      WIDGETS,
      `${LIBRARY}/base/interrupt.ts`,
      ...['tslab', 'tsx'].map((name) => `${ROOT}/node_modules/${name}/`),
    ],
    exists: existsSync,
  };
  let running: CellContext | undefined;
  /** The newest. */
  let started: CellContext[] = [];
  let failure: Failure | undefined;
  let value: unknown;
  /** Why the cell that runs was given up. */
  let end: Error | undefined;
  /** Goes on after the cell that runs. */
  let goOn: (ok: boolean) => void = () => {};

  const calls = createCalls();
  const background = watchBackground(({ kind, context }) => {
    // A cell may wait for a callback that has thrown; a rejection may still find its handler.
    if (!running || context !== running) setImmediate(reportLate);
    else if (kind === 'exception') wake();
  });

  function reportLate(): void {
    for (const error of background.take((context) => !running || context !== running)) {
      const text = `${describeBackground(error).traceback.join('\n')}\n`;
      if (!error.context) process.stderr.write(text);
      else if (!error.context.group.abandoned) error.context.output.write('stderr', text);
    }
  }

  function describe(error: unknown): Failure {
    return stoppable(() => describeError(error, places));
  }

  function describeBackground({ kind, reason }: BackgroundError): Failure {
    const described = describe(reason);
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
      node ??= withoutDisturbance(
        createCellConverter(stock(), {
          cells,
          cell: () => running?.cell ?? NONE,
          refresh() {
            rereadFiles();
            lookups.refresh();
          },
          onDiagnostics: (diagnostics) => {
            failure = describeDiagnostics(diagnostics, running?.cell ?? NONE);
          },
          onDeclarations: (all) => {
            declarations = all;
          },
          onModule: (name) => modules.add(join(folder, name)),
        }),
      );
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
      if (args.length === 1) failure = describe(args[0]);
      else if (!failure) process.stderr.write(`${format(...args)}\n`);
    },
  });

  /**
   * Runs code, and comes back even where code that is stopped by force takes with it all that was to run after it. It starts in a
   * turn of the event loop of its own: it must not take a socket with it.
   */
  function executed(work: () => Promise<boolean>): Promise<boolean> {
    return new Promise((resolve) => {
      goOn = (ok) => void setImmediate(resolve, ok);
      const fail = (error: unknown) => {
        failure = describe(error);
        goOn(false);
      };
      setImmediate(() => void untilAwait(work).then(goOn, fail));
    });
  }

  function giveUp(context: CellContext, reason: Error = new Interrupted()): void {
    if (context === running) {
      end ??= reason;
      wake();
      goOn(false);
    } else if (!context.group.abandoned && !(reason instanceof Interrupted))
      context.output.write('stderr', `${describe(reason).traceback.join('\n')}\n`);
    context.group.stopped ??= new Interrupted();
    context.group.abandoned = true;
  }

  /** Ends what is running, where it waits. */
  function wake(): void {
    inner.interrupt();
    calls.interrupt();
  }

  /** @param work says whether it went well; where not, it has set `failure` */
  async function attend(context: CellContext, work: () => Promise<boolean>): Promise<Outcome> {
    reportLate();
    failure = value = end = undefined;
    running = context;
    started = [...started.slice(1 - KEPT), context];
    try {
      const problems = undisturbed(() => reloader.reload(inner.locals));
      for (const problem of problems) process.stderr.write(describeReload(problem));
      const ok = await executed(work);
      await turn();
      const [first] = background.take((its) => its === context);
      if (first && (ok || first.kind === 'exception')) failure = describeBackground(first);
      if (end) failure = describe(end);
      if (failure?.ename === 'Interrupted') {
        giveUp(context);
        // A cell that blocked was stopped before this process could notice.
        renewTransformer();
      }
      if (failure) return { ok: false, failure };
      if (ok) return { ok, shown: value === undefined ? undefined : stoppable(() => represent(value)) };
      return { ok, failure: { ename: 'Error', evalue: '', traceback: [] } };
    } catch (error) {
      return { ok: false, failure: describe(error) };
    } finally {
      reloader.note();
      running = undefined;
    }
  }

  placeCells(folder);
  const locate = takeOverRequire(folder, lookups.find, (path) => modules.has(path));

  return {
    inner,
    giveUp,
    run: (context) => attend(context, () => inner.execute(context.cell.code)),
    call: (context, work) =>
      attend(context, async () => {
        try {
          await calls.call(work);
          return true;
        } catch (error) {
          failure = describe(error);
          return false;
        }
      }),
    interrupt() {
      renewTransformer();
      if (interruptWork(running?.group)) return;
      for (const context of running ? [running] : started) giveUp(context);
    },
    prepare: (code) => void undisturbed(() => stock().convert('', code)),
  };
}

/** A compiler that an interrupt does not leave in the middle of its work. */
function withoutDisturbance(converter: Converter): Converter {
  return {
    convert: (...args) => undisturbed(() => converter.convert(...args)),
    inspect: (...args) => undisturbed(() => converter.inspect(...args)),
    complete: (...args) => undisturbed(() => converter.complete(...args)),
    addModule: (...args) => undisturbed(() => converter.addModule(...args)),
    close: () => converter.close(),
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
  const magic = fileName ? undefined : findMagic(cell.code, start.line + 1, diagnostics.some(isSyntax));
  if (magic) {
    const lines = excerpt(cell, { line: magic.line, column: 1 });
    return { ename: 'NoMagic', evalue: magic.advice, traceback: [`NoMagic: ${magic.advice}`, '', ...lines] };
  }
  const position = { line: start.line + 1, column: start.character + 1 };
  const traceback = [`TypeScriptError: ${messages[0]}`, ...messages.slice(1)];
  if (!fileName) traceback.push('', ...excerpt(cell, position));
  return { ename: 'TypeScriptError', evalue: messageText, traceback };
}

/** The compiler numbers its messages by what they are about. */
function isSyntax({ code }: Diagnostic): boolean {
  return code < 2000;
}

function describeReload(problem: string): string {
  return `The edited code does not load, the code from before the edit stays in use:\n${problem.replaceAll(`${ROOT}/`, '')}\n`;
}

import { isAbsolute, relative, sep } from 'node:path';
import { inspect } from 'node:util';
import type { Cell } from './cells';
import type { Position } from './compiler';

/** The content of Jupyter's `error` message. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

export interface Places {
  /** The cell of a name V8 gives in a stack. */
  findCell: (name: string) => Cell | undefined;
  /** The project's folder: its files are shown relative to it. */
  root: string;
  /** Folders of the kernel's own machinery, whose frames are left out. */
  hidden: readonly string[];
  /** Whether there is such a file: the source maps of some packages name sources that were not published. */
  exists: (path: string) => boolean;
}

const FRAME = /^\s+at (?:(.*?) \()?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/;

/** What went wrong, for the notebook: the message, the frames that are the user's business, the line of the cell. */
export function describeError(error: unknown, places: Places): Failure {
  if (!(error instanceof Error) && !isErrorLike(error)) {
    const evalue = typeof error === 'string' ? error : inspect(error, { depth: 2 });
    return { ename: 'Thrown value', evalue, traceback: [`Thrown value: ${evalue}`] };
  }
  const ename = interruptedByForce(error) ? 'Interrupted' : String(error.name || 'Error');
  const evalue = interruptedByForce(error) ? 'interrupted by the user' : String(error.message);
  const frames = framesOf(String(error.stack ?? ''), places);
  const traceback = [evalue ? `${ename}: ${evalue}` : ename, ...frames.lines];
  if (frames.inCell) traceback.push('', ...excerpt(frames.inCell.cell, frames.inCell.position));
  if (error instanceof AggregateError)
    for (const one of error.errors) traceback.push(...nested('One of', one, places));
  if (error.cause !== undefined) traceback.push(...nested('Caused by', error.cause, places));
  return { ename, evalue, traceback };
}

/** The lines of a cell around a place, the place marked; at most `around` lines before and after. */
export function excerpt(cell: Cell, { line, column }: Position, around = 2): string[] {
  const lines = cell.code.split('\n');
  const from = Math.max(1, line - around);
  const to = Math.min(lines.length, line + around);
  const width = String(to).length;
  const shown = [`${cell.label}, line ${line}:`];
  for (let n = from; n <= to; n++) {
    shown.push(`${n === line ? '>' : ' '} ${String(n).padStart(width)} | ${lines[n - 1]}`);
    if (n === line) shown.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`);
  }
  return shown;
}

function nested(title: string, error: unknown, places: Places): string[] {
  const [head, ...rest] = describeError(error, places).traceback;
  return ['', `${title}: ${head}`, ...rest];
}

interface Frames {
  lines: string[];
  /** The innermost place in a cell. */
  inCell?: { cell: Cell; position: Position };
}

function framesOf(stack: string, places: Places): Frames {
  const frames: Frames = { lines: [] };
  let outside: { name: string; count: number } | undefined;
  const closeOutside = () => {
    if (outside && outside.count > 1) frames.lines.push(`    … ${outside.count - 1} more in ${outside.name}`);
    outside = undefined;
  };
  for (const text of stack.split('\n')) {
    const parsed = FRAME.exec(text);
    if (!parsed) continue;
    const [, called = '', file, lineText, columnText] = parsed;
    const isAsync = file.startsWith('async ');
    const path = file.replace(/^async /, '').replace(/^file:\/\//, '');
    const caller = called.replace(/\bProxy\./, '');
    const cell = places.findCell(path);
    if (!cell && (!isAbsolute(path) || places.hidden.some((folder) => path.startsWith(folder)))) continue;
    const module = cell ? undefined : packageOf(path, places);
    if (module) {
      if (outside?.name === module) {
        outside.count++;
        continue;
      }
      closeOutside();
      outside = { name: module, count: 1 };
    } else closeOutside();
    let position: Position | undefined = { line: Number(lineText), column: Number(columnText) };
    if (cell) {
      if (cell.locate) position = cell.locate(position.line, position.column);
      if (!position) continue;
      frames.inCell ??= { cell, position };
    }
    const where = `${cell ? cell.label : shorten(path, places.root)}:${position.line}:${position.column}`;
    frames.lines.push(caller ? `    at ${caller} (${where})` : `    at ${isAsync ? 'async ' : ''}${where}`);
  }
  closeOutside();
  return frames;
}

/** The package a file belongs to; undefined for the user's own and the library's files. */
function packageOf(path: string, { root, exists }: Places): string | undefined {
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return installed ?? (exists(path) ? undefined : relative(root, path).split(sep)[0]);
}

function shorten(path: string, root: string): string {
  const inside = relative(root, path);
  return inside.startsWith(`..${sep}`) || isAbsolute(inside) ? path : inside;
}

/** Errors of another realm are no instances of this one's Error. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;
}

/** The two ways tslab and Node stop a cell that does not listen. */
function interruptedByForce(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED' || error.message === 'Interrupted asynchronously';
}

import { isAbsolute, relative, sep } from 'node:path';
import { shorten } from '../../base/shorten';
import { textOf } from '../textOf';
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

/** The longest message and line, in characters; how many frames, causes, and errors of an aggregate are told. */
const MOST = { characters: 4000, frames: 200, causes: 10, errors: 10 };

const FRAME = /^\s+at (?:(.*?) \()?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/;

/**
 * What went wrong, for the notebook: the message, the frames that are the user's business, the line of the cell. Whatever
 * was thrown, nothing is thrown here.
 *
 * @param above the errors that this one is a cause of
 */
export function describeError(error: unknown, places: Places, above: readonly unknown[] = []): Failure {
  try {
    return isError(error) ? describe(error, places, [...above, error]) : describeThrown(textOf(error, DEPTH));
  } catch {
    return describeThrown(textOf(error, DEPTH));
  }
}

const DEPTH = { depth: 2 };

function describeThrown(text: string): Failure {
  const evalue = shorten(text, MOST.characters);
  return { ename: 'Thrown value', evalue, traceback: [`Thrown value: ${evalue}`] };
}

function describe(error: Error, places: Places, above: readonly unknown[]): Failure {
  const forced = interruptedByForce(error);
  const ename = forced ? 'Interrupted' : shorten(String(error.name || 'Error'), MOST.characters);
  const evalue = forced ? 'interrupted by the user' : shorten(String(error.message), MOST.characters);
  const frames = framesOf(String(error.stack ?? ''), places);
  const traceback = [evalue ? `${ename}: ${evalue}` : ename, ...frames.lines];
  if (frames.inCell) traceback.push('', ...excerpt(frames.inCell.cell, frames.inCell.position));
  const tell = (title: string, one: unknown) => traceback.push(...nested(title, one, places, above));
  if (error instanceof AggregateError && above.length < 3) {
    for (const one of error.errors.slice(0, MOST.errors)) tell('One of', one);
    if (error.errors.length > MOST.errors) traceback.push('', `… ${error.errors.length - MOST.errors} more`);
  }
  if (error.cause !== undefined) tell('Caused by', error.cause);
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
    shown.push(`${n === line ? '>' : ' '} ${String(n).padStart(width)} | ${shorten(lines[n - 1], LINE)}`);
    if (n === line && column <= LINE)
      shown.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`);
  }
  return shown;
}

/** The longest line of a cell that is shown, in characters. */
const LINE = 1000;

function nested(title: string, error: unknown, places: Places, above: readonly unknown[]): string[] {
  if (above.includes(error)) return ['', `${title}: the same error again`];
  if (above.length >= MOST.causes) return ['', `${title}: …`];
  const [head, ...rest] = describeError(error, places, above).traceback;
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
    if (frames.lines.length >= MOST.frames) break;
    const parsed = text.length <= MOST.characters && FRAME.exec(text);
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
    const where = `${cell ? cell.label : withoutRoot(path, places.root)}:${position.line}:${position.column}`;
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

function withoutRoot(path: string, root: string): string {
  const inside = relative(root, path);
  return inside.startsWith(`..${sep}`) || isAbsolute(inside) ? path : inside;
}

/** Errors of another realm are no instances of this one's Error. */
function isError(value: unknown): value is Error {
  if (value instanceof Error) return true;
  return typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;
}

/** The two ways tslab and Node stop a cell that does not listen. */
function interruptedByForce(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED' || error.message === 'Interrupted asynchronously';
}

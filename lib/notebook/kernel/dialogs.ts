import type { Readable } from 'node:stream';
import { type CellContext, currentCell, latestCell } from './cellContext';
import type { Question } from './question';
import { createStandardInput } from './standardInput';

/** Gives cells `prompt`, `confirm` and `alert`, as browsers have them, and a standard input: all ask the one who runs the cell. */
export function provideDialogs(): void {
  Object.assign(globalThis, {
    prompt(message = '', otherwise = '') {
      const shown = otherwise ? `${message} [${otherwise}] ` : `${message} `;
      return questionOf(currentCell(), 'prompt').now(shown) || otherwise;
    },
    confirm(message = '') {
      return /^\s*y(es)?\s*$/i.test(questionOf(currentCell(), 'confirm').now(`${message} [y/N] `));
    },
    alert(message: unknown = '') {
      console.log(String(message));
    },
  });
  let input: Readable | undefined;
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get() {
      if (input?.destroyed || input?.readableEnded) input = undefined;
      // A reader that one cell left behind may be served in the next.
      input ??= createStandardInput(nextLine);
      return input;
    },
  });
}

/** For the cell that runs: once it has ended the input has, too. */
async function nextLine(): Promise<string | undefined> {
  const cell = latestCell();
  return cell?.hasEnded ? undefined : questionOf(cell, 'process.stdin').later('');
}

function questionOf(cell: CellContext | undefined, call: string): Question {
  // What stands before the question is to be read before it.
  cell?.output.flush();
  if (cell?.question) return cell.question;
  throw new Error(
    `${call} asks the one who runs the cell, and nobody can be asked: the notebook is run without input, or the cell has ended`,
  );
}

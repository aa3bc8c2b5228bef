import type { DisplayMessage } from '../publish';

/** Sends a message about a cell to all who look at the notebook. */
export type Send = (type: string, content: object) => void;

export type StreamName = 'stdout' | 'stderr';

/** The output of one cell: text streams in bounded batches, displays at once, all in the order they were written. */
export interface CellOutput {
  write(name: StreamName, text: string): void;
  display(message: DisplayMessage, update: boolean): void;
  send: Send;
  /** Sends what is waiting, and at the end of a cell what was left out. */
  flush(atEnd?: boolean): void;
}

/** What a notebook page can still show and a file can sensibly hold. */
export const LIMITS = { lines: 10_000, characters: 32_000_000, tail: 100 };

const BATCH_CHARACTERS = 1 << 18;
const BATCH_MS = 50;

/**
 * Collects the text a cell writes and sends it in batches: a loop that prints 100,000 lines would otherwise overrun the
 * sockets, and messages (even the one that says the cell is done) would be lost. Beyond `limits.lines` lines only the
 * last `limits.tail` are kept, with a note of how many were left out.
 */
export function createCellOutput(send: Send, limits = LIMITS): CellOutput {
  let pending: { name: StreamName; text: string }[] = [];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  const allowance = { lines: limits.lines, characters: limits.characters };
  let tail: { name: StreamName; text: string }[] = [];
  let leftOut = 0;

  function push(name: StreamName, text: string): void {
    const last = pending.at(-1);
    if (last?.name === name) last.text += text;
    else pending.push({ name, text });
    size += text.length;
    if (size >= BATCH_CHARACTERS) flush();
    timer ??= setTimeout(flush, BATCH_MS);
  }

  function flush(atEnd = false): void {
    clearTimeout(timer);
    timer = undefined;
    if (atEnd && (tail.length > 0 || leftOut > 0)) {
      pending.push({ name: 'stderr', text: `… ${leftOut.toLocaleString('en')} lines left out …\n` });
      for (const { name, text } of tail) pending.push({ name, text });
      tail = [];
      leftOut = 0;
    }
    for (const message of joined(pending)) send('stream', message);
    pending = [];
    size = 0;
  }

  return {
    write(name, text) {
      for (const line of text.split(/(?<=\n)/)) {
        if (allowance.lines > 0 && allowance.characters >= line.length) {
          allowance.characters -= line.length;
          if (line.endsWith('\n')) allowance.lines--;
          push(name, line);
        } else {
          allowance.lines = 0;
          tail.push({ name, text: line.slice(0, 10_000) });
          if (tail.length > 2 * limits.tail) {
            leftOut += tail.length - limits.tail;
            tail = tail.slice(-limits.tail);
          }
        }
      }
    },
    display(message, update) {
      flush();
      send(update ? 'update_display_data' : 'display_data', message);
    },
    send(type, content) {
      flush();
      send(type, content);
    },
    flush,
  };
}

function joined(parts: { name: StreamName; text: string }[]): { name: StreamName; text: string }[] {
  const whole: { name: StreamName; text: string }[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (last?.name === part.name) last.text += part.text;
    else whole.push({ ...part });
  }
  return whole;
}

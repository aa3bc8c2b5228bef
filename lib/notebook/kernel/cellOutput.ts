import { StringDecoder } from 'node:string_decoder';
import { shorten } from '../../base/shorten';
import type { DisplayMessage } from '../publish';

/** Sends a message about a cell to all who look at the notebook. */
export type Send = (type: string, content: object, metadata?: object) => void;

export type StreamName = 'stdout' | 'stderr';

/** The output of one cell: text streams in bounded batches, displays at once, all in the order they were written. */
export interface CellOutput {
  /** @param chunk text, or its bytes in UTF-8, which may end in the middle of a character */
  write(name: StreamName, chunk: string | NodeJS.ArrayBufferView): void;
  display(message: DisplayMessage, update: boolean): void;
  send: Send;
  /** Sends what is waiting, and at the end of a cell what was left out. */
  flush(atEnd?: boolean): void;
}

/**
 * What a notebook page can still show and a file can sensibly hold. `bytes` counts what is sent of the beginning; with the last
 * `tail` lines, of `line` characters, it lies below the 3,000,000 bytes of text beyond which a Jupyter server drops all that
 * a cell sends within three seconds, errors and figures too (`pace.ts`). Beyond `displays` figures and the like the last
 * `lastDisplays` are kept.
 */
export const LIMITS = {
  lines: 10_000,
  bytes: 1_500_000,
  tail: 100,
  line: 1000,
  displays: 5000,
  lastDisplays: 10,
};

/** The most bytes that a character takes in JSON: `\u001b`. */
const WIDEST = 6;

const BATCH_CHARACTERS = 1 << 18;
const BATCH_MS = 50;

/** Beyond so many changes from one stream to the other in a batch only the order within each stream is kept. */
const CHANGES = 20;

interface Part {
  name: StreamName;
  text: string;
}

/**
 * Collects the text a cell writes and sends it in batches: a loop that prints 100,000 lines would otherwise overrun the
 * sockets, and messages (even the one that says the cell is done) would be lost. Beyond the limits only the last
 * `limits.tail` lines are kept, with a note of how many were left out.
 */
export function createCellOutput(send: Send, limits = LIMITS): CellOutput {
  const decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  let pending: Part[] = [];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  const allowance = { lines: limits.lines, bytes: limits.bytes, displays: limits.displays };
  let tail: Part[] = [];
  const lastDisplays: DisplayMessage[] = [];
  const leftOut = { lines: 0, displays: 0 };

  function push(name: StreamName, text: string): void {
    const last = pending.at(-1);
    if (last?.name === name) last.text += text;
    else pending.push({ name, text });
    size += text.length;
    if (size >= BATCH_CHARACTERS) flush();
    timer ??= setTimeout(flush, BATCH_MS);
  }

  function add(name: StreamName, text: string): void {
    if (text === '') return;
    for (const line of text.split(/(?<=\n)/)) {
      const bytes = Buffer.byteLength(JSON.stringify(line));
      if (allowance.lines > 0 && allowance.bytes >= bytes) {
        allowance.bytes -= bytes;
        if (line.endsWith('\n')) allowance.lines--;
        push(name, line);
        continue;
      }
      const fits = allowance.lines > 0 ? Math.floor(allowance.bytes / WIDEST) : 0;
      allowance.lines = 0;
      if (fits > 0) push(name, line.slice(0, fits));
      tail.push({ name, text: cut(line.slice(fits)) });
      if (tail.length > 2 * limits.tail) dropBefore();
    }
  }

  function cut(line: string): string {
    return line.length <= limits.line ? line : `${shorten(line.trimEnd(), limits.line)}\n`;
  }

  function dropBefore(): void {
    leftOut.lines += Math.max(0, tail.length - limits.tail);
    tail = tail.slice(-limits.tail);
  }

  function tellLeftOut(what: keyof typeof leftOut): void {
    if (leftOut[what] > 0)
      pending.push({ name: 'stderr', text: `… ${leftOut[what].toLocaleString('en')} ${what} left out …\n` });
    leftOut[what] = 0;
  }

  function flush(atEnd = false): void {
    if (atEnd) {
      for (const name of ['stdout', 'stderr'] as const) add(name, decoders[name].end());
      dropBefore();
      tellLeftOut('lines');
      pending.push(...tail);
      tellLeftOut('displays');
      tail = [];
    }
    for (const message of joined(pending)) send('stream', message);
    pending = [];
    size = 0;
    clearTimeout(timer);
    timer = undefined;
    if (atEnd) for (const message of lastDisplays.splice(0)) send('display_data', message);
  }

  return {
    write(name, chunk) {
      const decoder = decoders[name];
      add(name, typeof chunk === 'string' ? decoder.end() + chunk : decoder.write(chunk));
    },
    display(message, update) {
      flush();
      if (update) send('update_display_data', message);
      else if (allowance.displays-- > 0) send('display_data', message);
      else if (lastDisplays.push(message) > limits.lastDisplays) {
        lastDisplays.shift();
        leftOut.displays++;
      }
    },
    send(...message) {
      flush();
      send(...message);
    },
    flush,
  };
}

function joined(parts: readonly Part[]): Part[] {
  const runs: Part[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last?.name === part.name) last.text += part.text;
    else runs.push({ ...part });
  }
  return runs.length <= CHANGES ? runs : byName(runs);
}

function byName(parts: readonly Part[]): Part[] {
  const textOf = (name: StreamName) => parts.map((part) => (part.name === name ? part.text : '')).join('');
  return [
    { name: 'stdout', text: textOf('stdout') },
    { name: 'stderr', text: textOf('stderr') },
  ];
}

import { join } from 'node:path';
import { Script } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { Interrupted, isWorking } from '../../base/interrupt';

/** Places in what this thread and the other share. */
const [READY, HEARD, PRESSES, ADVICE, SENT, ASKED] = [0, 1, 2, 3, 4, 5];

/** What the other thread may do while this one is busy. */
const [LATER, SOON, SIGNAL, TERMINATE] = [0, 1, 2, 3];

/** How long the other thread may take, in milliseconds: to start, and to send what it was allowed to. */
const START = 10_000;
const SENDING = 1000;

const state = new Int32Array(new SharedArrayBuffer(24));
const shared = globalThis as { [KEY]?: () => void; [CALL]?: () => void };
const KEY = Symbol.for('pathkernel.stopWatch');
const CALL = Symbol.for('pathkernel.stoppable');

/** What the other thread has this one evaluate, and the name it has in stacks. */
const NAME = 'pathkernel-stop-watch';
const question = `globalThis[Symbol.for('${KEY.description}')]()\n//# sourceURL=${NAME}`;

/** How deep this thread is in work of the kernel itself, and in code that SIGINT stops by an exception. */
const depth = { own: 0, stoppable: 0 };

/**
 * Makes SIGINT stop code that never lets the event loop turn: a loop after an `await`, in a timer, of awaits alone. Node itself
 * stops only what a cell runs before its first `await`.
 *
 * A thread of its own hears the signal. It tells this one, which emits `SIGINT` as Node would; where this one is too busy to
 * hear, the code that runs is ended, as by an exception that nothing catches.
 */
export function watchForStop(): void {
  const worker = new Worker(join(__dirname, 'stopWatch.cjs'), { workerData: { state, question } });
  worker.unref();
  worker.on('message', () => {
    // The event loop turns: all of it has ended, if not by its own.
    depth.own = depth.stoppable = 0;
    Atomics.store(state, PRESSES, 0);
    Atomics.store(state, ASKED, 0);
    Atomics.add(state, HEARD, 1);
    Atomics.notify(state, HEARD);
    process.emit('SIGINT', 'SIGINT');
  });
  shared[KEY] = advise;
  process.nextTick = refusingTicks(process.nextTick);
  if (Atomics.wait(state, READY, 0, START) === 'timed-out') return;
  // A listener would make Node take the signal away from the other thread; it hears what is emitted here.
  const listeners: unknown[] = process.listeners('newListener' as 'SIGINT');
  for (const listen of listeners as ((name: string) => void)[]) {
    process.off('newListener', listen);
    process.on('newListener', (name: string) => name !== 'SIGINT' && listen(name));
  }
}

/**
 * Ends a loop of ticks by an exception: it never lets the event loop turn, and by force it could hardly be ended where Node's own code, in
 * which it is nearly all the time, is not left in pieces.
 */
function refusingTicks(nextTick: typeof process.nextTick): typeof process.nextTick {
  let asked = 0;
  return (...task) => {
    // Reset where the event loop turns.
    asked = Atomics.load(state, PRESSES) > 0 ? asked + 1 : 0;
    if (asked > LOOP) throw new Interrupted();
    nextTick(...task);
  };
}

/** More ticks than are asked for in one turn of the event loop, but by a loop. */
const LOOP = 1000;

/** Work of the kernel itself, which would be left in pieces: SIGINT waits for its end. */
export function undisturbed<T>(work: () => T): T {
  depth.own++;
  try {
    return work();
  } finally {
    depth.own--;
  }
}

const script = new Script("globalThis[Symbol.for('pathkernel.stoppable')]()");

/**
 * Calls code of a value's own, getters and the like.
 *
 * @throws Node's ERR_SCRIPT_EXECUTION_INTERRUPTED on SIGINT
 */
export function stoppable<T>(work: () => T): T {
  let result: T | undefined;
  shared[CALL] = () => {
    result = work();
  };
  return untilAwait(() => {
    script.runInThisContext({ breakOnSigint: true });
    return result as T;
  });
}

/** Code that Node itself stops on SIGINT, up to its first `await`. */
export function untilAwait<T>(work: () => T): T {
  depth.stoppable++;
  try {
    return work();
  } finally {
    depth.stoppable--;
  }
}

/** Called by the other thread, in the middle of what this one does. */
function advise(): void {
  const advice = adviceFor(innermostFile());
  if (advice === TERMINATE) forgetAsyncStack();
  Atomics.store(state, ADVICE, advice);
  Atomics.notify(state, ADVICE);
  // Nothing may run between this and the end of what is running.
  if (advice === TERMINATE) Atomics.wait(state, SENT, 0, SENDING);
}

function adviceFor(file: string | undefined): number {
  if (file === undefined) return LATER;
  if (depth.own > 0) return SOON;
  // A second press of Stop, or the signal came back: Node does not listen in all that it runs for a script.
  const again = Atomics.load(state, PRESSES) > 1;
  if (!again && depth.stoppable > 0) return SIGNAL;
  if (!again && isWorking()) return LATER;
  // Node's own bookkeeping is not to be left in pieces, if that can be helped.
  return file.startsWith('node:') && Atomics.add(state, ASKED, 1) < MOST ? SOON : TERMINATE;
}

/** How often Node's own code is left to go on. */
const MOST = 100;

/** The file of what was interrupted; undefined where the event loop was waiting. */
function innermostFile(): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 10;
    Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getScriptNameOrSourceURL() ?? '');
    const files = new Error().stack as unknown as string[] | string;
    // Inside of a stack that is being written none can be looked at.
    return Array.isArray(files) ? files[files.lastIndexOf(NAME) + 1] : '';
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

/**
 * Node keeps account of asynchronous calls that begin and end, and ends the process where one never ends. An exception that
 * reaches nobody clears the account.
 */
function forgetAsyncStack(): void {
  const { _fatalException } = process as unknown as { _fatalException: (error: Error) => void };
  process.setUncaughtExceptionCaptureCallback(() => {});
  _fatalException.call(process, new Error('interrupted'));
  process.setUncaughtExceptionCaptureCallback(null);
}

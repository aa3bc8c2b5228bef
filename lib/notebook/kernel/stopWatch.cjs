'use strict';
// The thread of stopWatch.ts. It waits for SIGINT, and sees to it that the main thread hears of it, whatever that is doing.
const { Session } = require('node:inspector');
const { parentPort, workerData } = require('node:worker_threads');
const vm = require('node:vm');

const { state } = workerData;
const [READY, HEARD, PRESSES, ADVICE, SENT] = [0, 1, 2, 3, 4];
const [, SOON, SIGNAL, TERMINATE] = [0, 1, 2, 3];
const NONE = -1;

/** How long the main thread may take to hear, and to say what may be done, in milliseconds; and to get to where it may be. */
const PATIENCE = 300;
const SHORT = 3;

// Node tells whoever runs a script so of SIGINT by an exception, the newest first. The outer two are for presses that come while
// one is dealt with.
const LEVELS = 2;
const forever = new Int32Array(new SharedArrayBuffer(4));
globalThis.level = (inner) => {
  for (;;)
    try {
      if (inner === 0) vm.runInThisContext('wait()', { breakOnSigint: true });
      else vm.runInThisContext(`level(${inner - 1})`, { breakOnSigint: true });
    } catch {
      press();
    }
};
globalThis.wait = () => {
  if (Atomics.exchange(state, READY, 1) === 0) Atomics.notify(state, READY);
  for (;;) Atomics.wait(forever, 0, 0);
};

let session;
let isAsked = false;

function press() {
  const heard = Atomics.load(state, HEARD);
  Atomics.add(state, PRESSES, 1);
  parentPort.postMessage('SIGINT');
  for (let patience = PATIENCE; Atomics.wait(state, HEARD, heard, patience) === 'timed-out'; )
    patience = act() === SOON ? SHORT : PATIENCE;
}

/** Asks the main thread, in the middle of what it does, what may be done, and does it. */
function act() {
  if (!session) {
    session = new Session();
    session.connectToMainThread();
  }
  if (!isAsked) {
    Atomics.store(state, ADVICE, NONE);
    Atomics.store(state, SENT, 0);
    session.post('Runtime.evaluate', { expression: workerData.question });
    isAsked = true;
  }
  Atomics.wait(state, ADVICE, NONE, PATIENCE);
  const advice = Atomics.load(state, ADVICE);
  // It is in a function that does not let itself be interrupted, of a native library for instance.
  if (advice === NONE) return advice;
  isAsked = false;
  if (advice === SIGNAL) process.kill(process.pid, 'SIGINT');
  if (advice === TERMINATE) session.post('Runtime.terminateExecution');
  Atomics.store(state, SENT, 1);
  Atomics.notify(state, SENT);
  return advice;
}

globalThis.level(LEVELS);

'use strict';
// Sends one message to one peer of a port and writes its answer: node exchange.cjs, with { zeromq, address, frames, server }
// on standard input, frames in base64, server the process that started the kernel. A process of its own, because a kernel cannot hear an answer while a cell of its waits for it.
const { readFileSync } = require('node:fs');

const DELIMITER = '<IDS|MSG>';
const RETRY_MS = 20;
const PATIENCE_MS = 10_000;

const order = JSON.parse(readFileSync(0, 'utf8'));

exchange(order).then(
  (answer) => {
    process.stdout.write(JSON.stringify(answer.map((frame) => frame.toString('base64'))), () =>
      process.exit(0),
    );
  },
  (error) => {
    process.stderr.write(error.message, () => process.exit(1));
  },
);

// The kernel, or the server that a waiting kernel cannot look after, may end without a word.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent || !isAlive(order.server)) process.exit(1);
}, 1000);

function isAlive(id) {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function exchange({ zeromq, address, frames }) {
  const { Router } = require(zeromq);
  const socket = new Router({ mandatory: true });
  const message = frames.map((frame) => Buffer.from(frame, 'base64'));
  await until(() => socket.bind(address)); // the kernel has just let go of it
  await until(() => socket.send(message)); // the peer is on its way here
  const { id } = idsOf(message);
  for await (const answer of socket) {
    const { to } = idsOf(answer);
    // Some front ends do not say what they answer; one that does may answer a question of before.
    if (to === undefined || to === id) return answer;
  }
  throw new Error('the port was closed');
}

function idsOf(frames) {
  const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
  const [header, parent] = frames.slice(at + 2).map((frame) => JSON.parse(frame.toString()));
  return { id: header.msg_id, to: parent.msg_id };
}

async function until(action) {
  const end = Date.now() + PATIENCE_MS;
  for (;;)
    try {
      return await action();
    } catch (error) {
      if (Date.now() > end) throw new Error(`the front end is not there to be asked (${error.message})`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
}

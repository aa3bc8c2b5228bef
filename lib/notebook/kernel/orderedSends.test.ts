import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { withOrderedSends } from './orderedSends';
import type { Sender } from './withSend';

/** A socket like ZeroMQ's: every fourth message waits for the event loop and those that come meanwhile are refused. */
function moodySocket(): Sender & { sent: string[] } {
  const sent: string[] = [];
  let writing = false;
  let count = 0;
  async function write(frame: string, late: boolean): Promise<void> {
    if (late) await turn();
    writing = false;
    sent.push(frame);
  }
  return {
    sent,
    send([frame]) {
      if (writing) throw Object.assign(new Error('Socket is busy writing'), { code: 'EBUSY' });
      writing = ++count % 4 === 0;
      return write(String(frame), writing);
    },
  };
}

test('messages sent without waiting all arrive, in their order', async () => {
  const socket = withOrderedSends(moodySocket());
  const messages = Array.from({ length: 50 }, (_, i) => String(i));
  for (const [i, message] of messages.entries()) {
    void socket.send([message]);
    if (i % 7 === 0) await turn();
  }
  for (let i = 0; i < 200 && socket.sent.length < messages.length; i++) await turn();
  assert.deepEqual(socket.sent, messages);
});

test('a closed socket drops what is sent to it', async () => {
  const socket = withOrderedSends<Sender>({
    send: () => {
      throw Object.assign(new Error('Socket is closed'), { code: 'EBADF' });
    },
  });
  await socket.send(['a']);
  await socket.send(['b']);
});

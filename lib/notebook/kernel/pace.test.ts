import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPace } from './pace';
import { answerTo } from './request';
import type { Frames, Sender } from './withSend';

const asked = { identities: [], header: {} };
const message = (type: string, content: object = {}) => answerTo(asked, 'key', type, content);
const text = (characters: number) => message('stream', { name: 'stdout', text: 'x'.repeat(characters) });

/** A paced socket whose time stands still until it is moved. */
function paced(bounds: { messages: number; bytes: number; ms: number }) {
  const sent: string[] = [];
  let time = 0;
  const socket: Sender = {
    async send(frames: Frames) {
      sent.push(JSON.parse(String(frames[2])).msg_type);
    },
  };
  return { sent, move: (ms: number) => (time += ms), ...withPace(socket, bounds, () => time) };
}

test('messages beyond the bounds wait for the window to move on, and leave in their order', async ({
  mock,
}) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { sent, move, socket, drained } = paced({ messages: 3, bytes: 1e6, ms: 100 });
  const types = ['display_data', 'error', 'execute_result', 'stream', 'status', 'display_data'];
  for (const type of types) await socket.send(message(type));
  assert.deepEqual(sent, types.slice(0, 3));
  let isDrained = false;
  const draining = drained().then(() => {
    isDrained = true;
  });
  move(99);
  mock.timers.tick(99);
  await Promise.resolve();
  assert.deepEqual([sent.length, isDrained], [3, false]);
  move(2);
  mock.timers.tick(2);
  await draining;
  assert.deepEqual([sent, isDrained], [types, true]);
});

test('bytes count of text only, and one message alone is never held back', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { sent, move, socket } = paced({ messages: 100, bytes: 3000, ms: 100 });
  await socket.send(text(10_000));
  await socket.send(message('display_data', { data: 'x'.repeat(10_000) }));
  assert.deepEqual(sent, ['stream', 'display_data']);
  await socket.send(text(10));
  assert.equal(sent.length, 2);
  move(101);
  mock.timers.tick(101);
  assert.deepEqual(sent, ['stream', 'display_data', 'stream']);
});

test('the end of a cell makes room at once, as it does in the server', async () => {
  const { sent, socket } = paced({ messages: 1, bytes: 1e6, ms: 100 });
  for (let i = 0; i < 3; i++) {
    await socket.send(message('error'));
    await socket.send(message('status', { execution_state: 'idle' }));
  }
  assert.equal(sent.length, 6);
});

test('of several drawings of one place that wait only the newest is sent', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const seen: unknown[] = [];
  const socket: Sender = {
    async send(frames) {
      seen.push(JSON.parse(String(frames[5])).data);
    },
  };
  let time = 0;
  const { socket: slow } = withPace(socket, { messages: 1, bytes: 1e6, ms: 100 }, () => time);
  for (const data of [0, 1, 2, 3])
    for (const display_id of ['a', 'b'])
      await slow.send(
        message('update_display_data', { data: `${display_id}${data}`, transient: { display_id } }),
      );
  for (let i = 0; i < 4; i++) {
    time += 101;
    mock.timers.tick(101);
  }
  assert.deepEqual(seen, ['a0', 'b3', 'a3']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerTo, readRequest } from './request';
import { withWellFormedText } from './wellFormedText';
import type { Frames, Sender } from './withSend';

const KEY = 'secret';

async function received(content: object): Promise<Record<string, unknown> | undefined> {
  let sent: Frames = [];
  const socket: Sender = {
    async send(frames) {
      sent = frames;
    },
  };
  const asked = { identities: [Buffer.from('id')], header: { session: 'half \ud83d' } };
  await withWellFormedText(socket, KEY).send(answerTo(asked, KEY, 'stream', content));
  assert.ok(sent.every((frame) => !/\\ud[89a-f]/.test(String(frame).replaceAll('\\\\', ''))));
  return readRequest(
    KEY,
    sent.map((frame) => Buffer.from(frame)),
  )?.content;
}

test('half a character becomes U+FFFD, in values and keys, and the signature is that of what is sent', async () => {
  const content = { text: '😀'.slice(0, 1), '\udc00': ['a\ud800b', { deep: '\udfff' }], whole: '😀' };
  assert.deepEqual(await received(content), {
    text: '\ufffd',
    '\ufffd': ['a\ufffdb', { deep: '\ufffd' }],
    whole: '😀',
  });
});

test('what only looks like an escape stays', async () => {
  const content = { text: '\\ud83d', path: 'C:\\udf00', both: '\\\ud83d', tab: '\t"\\' };
  assert.deepEqual(await received(content), { ...content, both: '\\\ufffd' });
});

test('any text arrives as it would in a file', async () => {
  const text = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
  await fc.assert(
    fc.asyncProperty(text, async (any) => {
      assert.deepEqual(await received({ any }), { any: Buffer.from(any).toString() });
    }),
  );
});

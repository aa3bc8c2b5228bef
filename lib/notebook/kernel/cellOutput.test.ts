import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCellOutput, LIMITS } from './cellOutput';

function recorded(limits?: typeof LIMITS) {
  const sent: { type: string; content: object }[] = [];
  return { sent, output: createCellOutput((type, content) => sent.push({ type, content }), limits) };
}

type Sent = ReturnType<typeof recorded>['sent'];

function textOf(sent: Sent, stream = /./): string {
  const texts = sent.map(({ content }) => content as { name?: string; text?: string });
  return texts.map(({ name = '', text = '' }) => (stream.test(name) ? text : '')).join('');
}

test('text is sent in batches, before any display', () => {
  const { sent, output } = recorded();
  output.write('stdout', 'a\n');
  output.write('stdout', 'b');
  output.write('stderr', 'c');
  assert.equal(sent.length, 0);
  output.display({ data: {}, metadata: {}, transient: {} }, false);
  assert.deepEqual(
    sent.map(({ type }) => type),
    ['stream', 'stream', 'display_data'],
  );
  assert.deepEqual(sent[0].content, { name: 'stdout', text: 'a\nb' });
});

test('beyond the limit only the last lines are kept, with a count of those between', () => {
  const { sent, output } = recorded({ ...LIMITS, lines: 3, bytes: 1000, tail: 2 });
  for (let i = 1; i <= 50; i++) output.write('stdout', `${i}\n`);
  output.flush(true);
  const lines = textOf(sent).trimEnd().split('\n');
  assert.deepEqual(lines.slice(0, 3), ['1', '2', '3']);
  assert.equal(lines.at(-1), '50');
  const missing = Number(/… (\d+) lines left out …/.exec(lines[3])?.[1]);
  assert.equal(missing + lines.length - 1, 50);
});

test('bytes written one by one are the characters they are of, in each stream and up to the end', () => {
  const { sent, output } = recorded();
  for (const byte of Buffer.from('é€😀')) {
    output.write('stdout', Uint8Array.of(byte));
    output.write('stderr', Uint8Array.of(byte));
  }
  output.write('stdout', Buffer.from('é').subarray(0, 1));
  output.write('stdout', 'whole');
  output.write('stderr', Buffer.from('€').subarray(0, 2));
  output.flush(true);
  assert.equal(textOf(sent, /stdout/), 'é€😀\ufffdwhole');
  assert.equal(textOf(sent, /stderr/), 'é€😀\ufffd');
});

test('whatever is written, fewer bytes are sent of a cell than a Jupyter server lets through', () => {
  const texts = {
    'long lines': `${'x'.repeat(500)}\n`.repeat(9000),
    'one line': 'y'.repeat(40_000_000),
    escapes: '\u001b'.repeat(4_000_000),
    'wide lines': `${'𝕏'.repeat(5000)}\n`.repeat(1000),
    'empty lines': '\n'.repeat(100_000),
  };
  for (const [name, text] of Object.entries(texts)) {
    const { sent, output } = recorded();
    output.write('stdout', text);
    output.flush(true);
    const bytes = sent.reduce((sum, { content }) => sum + Buffer.byteLength(JSON.stringify(content)), 0);
    assert.ok(bytes < 2_500_000, `${name}: ${bytes} bytes`);
    assert.match(textOf(sent), /left out|more characters/, name);
  }
});

test('a loop that writes to both streams in turn sends few messages, each stream in its order', () => {
  const { sent, output } = recorded();
  for (let i = 0; i < 5000; i++) output.write(i % 2 === 0 ? 'stdout' : 'stderr', `${i}\n`);
  output.flush(true);
  assert.deepEqual(
    sent.map(({ content }) => (content as { name: string }).name),
    ['stdout', 'stderr'],
  );
  const numbers = textOf(sent).trimEnd().split('\n').map(Number);
  assert.deepEqual([numbers.length, numbers[1], numbers.at(-1)], [5000, 2, 4999]);
});

test('of very many displays the first and the last are sent, and how many there were between', () => {
  const { sent, output } = recorded({ ...LIMITS, displays: 3, lastDisplays: 2 });
  for (let i = 0; i < 9; i++) output.display({ data: { i }, metadata: {}, transient: {} }, false);
  output.display({ data: { i: 'anew' }, metadata: {}, transient: {} }, true);
  output.flush(true);
  const seen = sent.map(({ content }) => ('data' in content ? (content.data as { i: unknown }).i : content));
  assert.deepEqual(seen, [0, 1, 2, 'anew', { name: 'stderr', text: '… 4 displays left out …\n' }, 7, 8]);
});

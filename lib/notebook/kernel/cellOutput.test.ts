import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCellOutput } from './cellOutput';

function recorded(limits?: { lines: number; characters: number; tail: number }) {
  const sent: { type: string; content: object }[] = [];
  return { sent, output: createCellOutput((type, content) => sent.push({ type, content }), limits) };
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
  const { sent, output } = recorded({ lines: 3, characters: 1000, tail: 2 });
  for (let i = 1; i <= 50; i++) output.write('stdout', `${i}\n`);
  output.flush(true);
  const lines = sent
    .map(({ content }) => (content as { text: string }).text)
    .join('')
    .trimEnd()
    .split('\n');
  assert.deepEqual(lines.slice(0, 3), ['1', '2', '3']);
  assert.equal(lines.at(-1), '50');
  const missing = Number(/… (\d+) lines left out …/.exec(lines[3])?.[1]);
  assert.equal(missing + lines.length - 1, 50);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptElementKind } from '@tslab/typescript-for-tslab';
import { describeQuickInfo } from './quickInfo';

const text = (words: string) => [{ kind: 'text', text: words }];
const INFO = {
  kind: ScriptElementKind.functionElement,
  kindModifiers: '',
  textSpan: { start: 0, length: 1 },
};

test('a name is described by its signature, its documentation and its tags, plain and rich', () => {
  const described = describeQuickInfo({
    ...INFO,
    displayParts: [...text('function half'), ...text('(x: number): number')],
    documentation: text('Half of it.'),
    tags: [
      { name: 'param', text: text('x the whole') },
      { name: 'returns', text: text('the half') },
      { name: 'example', text: text('half(2)') },
      { name: 'doc', text: text("{heading: 'Tensors'}") },
      { name: 'deprecated' },
    ],
  });
  assert.deepEqual(described, {
    'text/plain':
      'function half(x: number): number\n\nHalf of it.\n\n@param x the whole\n@returns the half\n@example half(2)',
    'text/markdown':
      '```typescript\nfunction half(x: number): number\n```\n\nHalf of it.\n\n*@param* x the whole\n\n' +
      '*@returns* the half\n\n*@example*\n\n```typescript\nhalf(2)\n```',
  });
});

test('a name without documentation is described by its signature alone', () => {
  const { 'text/plain': plain } = describeQuickInfo({ ...INFO, displayParts: text('const a: 1') });
  assert.equal(plain, 'const a: 1');
});

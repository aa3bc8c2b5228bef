import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isComplete } from './isComplete';

const statusOf = (code: string) => isComplete(code).status;
const all = (status: string, codes: string[]) => {
  for (const code of codes) assert.equal(statusOf(code), status, JSON.stringify(code));
};

test('code that runs is complete, whatever its types', () => {
  all('complete', [
    '',
    '// a comment',
    '1 + 1',
    'const x = 1',
    "'a' as number; wrong_name + 1",
    'await Promise.resolve(1)',
    'for await (const x of []) console.log(x);',
    'const t = <T>(value: T) => <number>(<unknown>value);',
    "import { show } from 'pathkernel';\nshow(1);",
    'export default { a: 1 };',
    'export const y = 2;\nexport { y as z };',
    '`a\ntemplate`',
    'class A<T> { constructor(readonly x: T) {} }',
    'enum E { A, B }\ntype P = [E, E];',
    'let a = 1;\nvar b = a;\nlabel: for (;;) break label;',
    'f()\n\n\n',
  ]);
});

test('code that goes on is incomplete, and says how far in', () => {
  all('incomplete', [
    'const x =',
    '1 +',
    'x.',
    '[1,',
    'show(',
    'if (true)',
    'if (a) {\n  b;\n} else',
    'for (const x of [1, 2]) {\n  console.log(x);',
    '`a template',
    '`a ${',
    '/* a comment',
    'class A {\n  x = 1;',
    'const f = (n: number) =>',
    'import { show',
    'try {\n  f();\n}',
    'type Pair<T> =',
    'function f() {\n\n\n',
  ]);
  assert.deepEqual(isComplete('function f() {'), { status: 'incomplete', indent: '  ' });
  assert.deepEqual(isComplete('if (a) {\n  f(['), { status: 'incomplete', indent: '    ' });
  assert.deepEqual(isComplete('if (a) {\n  f();'), { status: 'incomplete', indent: '  ' });
  assert.deepEqual(isComplete('1 +'), { status: 'incomplete', indent: '' });
});

test('code that no further line mends is invalid', () => {
  all('invalid', [
    'const = 3',
    '1 +* 2',
    'let 1x = 2;',
    'f(]',
    '}',
    "'a string without end",
    "f('a string without end\n)",
    '/a regular expression without end',
    'function (',
    'const x;',
    'let a = 1; let a = 2;',
    'break;',
    'for (;;) { break outer; }',
    'const = 3; function f() {',
    'def f(x):\n  return x',
    'import numpy as np',
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutExports } from './withoutExports';

/** With runs of spaces as one, since `export` leaves as many as it had letters. */
const plain = (code: string) => withoutExports(code).replace(/ +/g, ' ').trim();

test('declarations stay, each where it stood', () => {
  const code =
    'export const a = 1;\nexport async function f() {}\n  export default class C {}\nexport enum E { A }';
  const text = withoutExports(code);
  assert.equal(text.length, code.length);
  for (const word of ['const a', 'async function f', 'class C', 'enum E', '\n'])
    assert.equal(text.indexOf(word), code.indexOf(word));
  assert.doesNotMatch(text, /export|default/);
  assert.equal(
    plain('export interface I {}\nexport type T = I;\nexport declare let x: T;'),
    'interface I {}\n type T = I;\n declare let x: T;',
  );
  assert.equal(
    plain('export namespace N { export const inner = 1; }'),
    'namespace N { export const inner = 1; }',
  );
  assert.equal(plain('export abstract class A {}'), 'abstract class A {}');
});

test('a default without a name is a value', () => {
  assert.equal(plain('export default { a: 1 };'), '({ a: 1 });');
  assert.equal(plain('export default a'), '(a)');
  assert.equal(plain('export = a;'), '(a);');
  assert.equal(plain('export default function () { return 1; }'), '(function () { return 1; })');
  assert.equal(plain('export default class { x = 1 }\n1'), '(class { x = 1 })\n1');
  assert.equal(plain('export default async () => 1;'), '(async () => 1);');
});

test('lists of names go, and what comes from elsewhere is imported', () => {
  assert.equal(plain('const a = 1; export { a, a as b };'), 'const a = 1;');
  assert.equal(plain('export {};'), '');
  assert.equal(plain("export { x as y } from './x';"), "import { x as y } from './x';");
  assert.equal(plain("export type { X } from './x';"), "import type { X } from './x';");
  assert.equal(plain("export * as all from './x';"), "import * as all from './x';");
  assert.equal(plain("export * from './x';"), "import './x';");
  assert.equal(plain("export { default } from './x';"), "import './x';");
});

test('code that exports nothing stays as it is', () => {
  for (const code of ["const text = 'export const a';", '// export\nf();', 'exported = 1', 'const = export'])
    assert.equal(withoutExports(code), code);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../data/dataFolder';
import { checkNotebooks } from './checkNotebooks';

/** What is amiss in notebooks of these cells, together in one program: the library is read only once. */
function check<Name extends string>(notebooks: Record<Name, string[]>): Record<Name, string[]> {
  const pathOf = (name: string) => join(projectRoot, 'notebooks', `test-${name}.ipynb`);
  const names = Object.keys(notebooks) as Name[];
  const cellsOf = names.map(
    (name) => [pathOf(name), notebooks[name].map((code, index) => ({ number: index + 1, code }))] as const,
  );
  const findings = checkNotebooks(new Map(cellsOf));
  const entries = names.map((name) => [
    name,
    findings
      .filter(({ path }) => path === pathOf(name))
      .map(({ cell, line, column, code, message }) => `${cell}:${line}:${column} ${code ?? message}`),
  ]);
  return Object.fromEntries(entries);
}

const { well, places, redeclared, early, imports, syntax, unicode, directive, exercises, empty } = check({
  empty: [],
  well: [
    "import { fc, initialise, prune } from 'pathkernel';\nimport * as dfd from 'danfojs-node';",
    "import { show } from '../lib/notebook/show.ts';\nshow(import.meta.dirname);",
    'const network = fc({ input: [4], classes: 3 });\nconst params = initialise(network, { seed: 1 });',
    "const named: string | null = prompt('name?');\nif (confirm()) alert(named);",
    "const { mask } = await prune(network, params, { method: 'magnitude', density: 0.5 });\nlet count = 0",
    '(() => { count += 1; })();\nconst unused = new dfd.DataFrame([{ count }]);\nexport const open = mask;',
  ],
  places: [
    '// nothing amiss\n',
    "import { fc, initialise } from 'pathkernel';\nconst network = fc({ input: [4], classes: 3 });",
    "\nconst params = initialise(network, { sed: 1 });\nnetwork.width;\nlet s: string = 'a';",
    'const f = (x) => x;\nlet n: number | undefined = [1].find((x) => x > 1);\nn.toFixed();',
    's = 3;',
  ],
  redeclared: [
    'const x = 1;\nlet y = 2;\ninterface A { a: number }\nconst { p, q: [r] } = { p: 1, q: [2] };',
    "const x = 'text';\ny = x.length;",
    'x.toFixed();\ny.toFixed();\nconst a: A = { a: 1 };',
    'interface A { b: number }\nconst b: A = { b: 1 };\nconst r = true, p = r;\nx.length;',
    'p.toFixed();\nconst x = { deep: 1 }; x.deep;',
    'function x() { return 1; }\nx();',
    'const z = 1;\nconst z = 2;',
  ],
  early: [
    'const f = () => later + helper();\nconst o = { later };',
    'const later = 1;\nconst g = () => { const later = 2; return later; };',
    'table([]);',
    "import { table } from 'pathkernel';\nfunction helper() { return 1; }\ntable([]); helper();",
  ],
  imports: [
    "import { prune, show } from 'pathkernel';\nimport path from 'node:path';",
    "import { show, table } from 'pathkernel';\nimport path from 'node:path';\ntable([]); path.join('a'); show(1);",
    "import { fc as show, train } from 'pathkernel';",
    "import { nothing } from 'pathkernel';\nimport 'no-such-package-at-all';",
    'const table = 3;\ntable.toFixed();',
  ],
  syntax: ['const a = 1;', 'if (a) {\n  const b = ;', 'const c: number = a + "";'],
  unicode: ["const s = '😀';\r\nconst n: number = '😀' + s;"],
  directive: [
    "import { fc } from 'pathkernel';\n// @ts-expect-error a mistake on purpose\nfc({ input: 'wide', classes: 3 });",
    '// @ts-expect-error no mistake\nconst a = 1;',
  ],
  exercises: [
    "import { display, fc, type Network } from 'pathkernel';",
    'const paths: number | undefined = undefined;',
    "await display.exercise(paths, { number: 1, level: 'try', expected: () => 3, hint: 'Count.' });",
    'const build: ((width: number) => Network) | undefined = undefined;',
    "await display.exercise(build, { number: 2, level: 'build', holds: (f: (width: number) => Network) => f(3).nodes.length > 2, hint: '.' });",
    "await display.exercise(fc, { number: 3, level: 'build', holds: (f) => f({ width: 3 }).name === 'fc', hint: '.' });",
    "await display.exercise(3, { number: 4, level: 'hard', expected: () => 3, hint: '.' });",
  ],
});

test('a notebook of many cells in which all is well gives nothing, unused names included', () => {
  assert.deepEqual(well, []);
  assert.deepEqual(empty, []);
});

test('a finding names cell, line and column as typed', () => {
  assert.deepEqual(places, ['3:2:38 2561', '3:3:9 2339', '4:1:12 7006', '4:3:1 18048', '5:1:1 2322']);
  assert.deepEqual(unicode, ['1:2:7 2322']);
});

test('a later cell may declare a name again, and means the new one from there on', () => {
  assert.deepEqual(redeclared, ['3:1:3 2551', '5:1:3 2339', '7:1:7 2451', '7:2:7 2451']);
});

test('a name used before its cell is found, within functions and for imports too', () => {
  assert.deepEqual(early, [
    "1:1:17 'later' is used before cell 2, which declares it",
    "1:1:25 'helper' is used before cell 4, which declares it",
    '1:2:13 2448',
    '1:2:13 2454',
    "3:1:1 'table' is used before cell 4, which declares it",
  ]);
});

test('the same import may be repeated; one that gives a name another meaning, or does not exist, is found', () => {
  assert.deepEqual(imports, [
    "3:1:10 'show' is something else in cell 1; import it under another name: show as …",
    '4:1:10 2305',
    '4:2:8 2307',
  ]);
});

test('cells that do not parse are told alone, each by itself', () => {
  assert.deepEqual(syntax, ['2:2:13 1109', '2:2:14 1005']);
});

test('a mistake on purpose is marked as in any TypeScript, and must be one', () => {
  assert.deepEqual(directive, ['2:1:1 2578']);
});

test('an exercise type-checks without an answer and with one, whose type its check takes', () => {
  assert.deepEqual(exercises, ['7:1:40 2322']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMagic } from './magic';

const adviceOn = (code: string, at = 1, isSyntax = true) => findMagic(code, at, isSyntax)?.advice;
const shell = (command: string) =>
  `import { execSync } from 'node:child_process', then execSync('${command}', { stdio: 'inherit' })`;

test('a magic is told what there is instead', () => {
  for (const [code, instead] of [
    ['%time f()', "console.time('t') before the code and console.timeEnd('t') behind it measure it"],
    ['%%timeit\nf()', "console.time('t') before the code and console.timeEnd('t') behind it measure it"],
    ['\n%%bash\nls -la\n', shell('ls -la')],
    ['%ls data', shell('ls data')],
    ['%pip install x', 'install in a terminal, by: npm install x'],
    ['%cd ..', "process.chdir('..') changes the folder"],
    ['%run other.ts', "import './other' runs a file"],
    ['%matplotlib inline', 'none is needed: show(figure) draws a figure'],
    ['%load_ext autoreload', 'none is needed: edits of the library take effect by themselves'],
    ['%whatever', 'a cell is TypeScript, with Node and its packages'],
  ])
    assert.equal(adviceOn(code)?.replace(/%\w+/, '%'), `there are no magics such as %; ${instead}`);
  assert.equal(
    adviceOn('%env A=1'),
    "there are no magics such as %env; process.env.NAME = 'value' sets a variable of the environment",
  );
});

test('a shell command is shown as Node runs it', () => {
  assert.equal(adviceOn('!ls -la'), `there is no shell behind !; ${shell('ls -la')}`);
  assert.equal(
    adviceOn("let a = 1;\n  !echo 'it'", 2, false),
    `there is no shell behind !; ${shell("echo \\'it\\'")}`,
  );
});

test('a question is sent to where the answer is', () => {
  const advice = '? asks nothing here; Shift+Tab with the cursor on train shows what it is';
  for (const code of ['?train', '??train', 'train?', 'train??', 'train ?;'])
    assert.equal(adviceOn(code), advice);
  assert.equal(findMagic('a();\ntrain?\nb();\nc();', 4, true)?.line, 2);
});

test('other errors are left alone', () => {
  assert.equal(adviceOn('const a: number = 1;\nconst x = a ?\n  b : c;', 3, false), undefined);
  assert.equal(adviceOn('foo(;\n%later', 1), undefined);
  assert.equal(adviceOn('const s = `\n%time\n`;\nlet n: number = s;', 4, false), undefined);
  assert.equal(adviceOn('', 1), undefined);
});

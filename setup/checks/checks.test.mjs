import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { dataIsData, evaluatingLines } from './dataIsData.mjs';
import { boundLines } from './lockFile.mjs';
import { runTool } from './runTool.mjs';
import { seededOnly, unseededLines } from './seededOnly.mjs';

test('a lock file that names a registry is found, one that names folders is not', () => {
  assert.deepEqual(boundLines('{\n "resolved": "lib",\n "link": true\n}'), []);
  assert.deepEqual(boundLines('{\n  "resolved": "https://example.org/a.tgz"\n}'), [
    'package-lock.json:2: "resolved": "https://example.org/a.tgz"',
  ]);
});

test('unseeded random numbers are found in code, not in comments', () => {
  const call = ['Math', 'random()'].join('.');
  assert.deepEqual(unseededLines(`// ${call}\n * ${call}\nconst x = 1;`, 'a.ts'), []);
  assert.match(unseededLines(`const y = 1;\nconst x = ${call};`, 'a.ts')[0], /^a\.ts:2: /);
  assert.equal(unseededLines(`Math['${'random'}']`, 'a.ts').length, 1);
});

test('unseeded random numbers are looked for in all of lib/', (t) => {
  const { place, put } = temporaryPlace(t);
  put('lib/deep/a.ts', `x = ${['Math', 'random()'].join('.')}`);
  put('lib/b.ts', 'x = 1');
  assert.match(seededOnly(place), /^lib\/deep\/a\.ts:1: [^\n]*$/);
});

test('evaluating a text is found in code, but for the kernel, which runs cells', (t) => {
  for (const code of ["eval('1')", "x = new Function('1')", "import vm from 'node:vm';", "require('vm')"])
    assert.deepEqual(evaluatingLines(`\n${code}`, 'a.ts').length, 1, code);
  assert.deepEqual(evaluatingLines("// eval('1')\nevaluate(x); medieval(y); runFunction(z);", 'a.ts'), []);
  const { place, put } = temporaryPlace(t);
  put('lib/notebook/kernel/a.ts', "import vm from 'node:vm';");
  put('lib/run/b.ts', "eval('1')");
  assert.match(dataIsData(place), /^lib\/run\/b\.ts:1: [^\n]*$/);
});

test('a tool that passes says nothing, one that fails gives its output or at least its end', async (t) => {
  const { place, put } = temporaryPlace(t);
  const tool = (script) => runTool(place, put('tool.mjs', script), []);
  assert.equal(await tool('console.log("all well")'), '');
  assert.match(await tool('console.log("line 3"); process.exitCode = 2'), /line 3/);
  assert.match(await tool('process.exit(4)'), /4/);
});

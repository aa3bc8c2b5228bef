import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from '../base/place.mjs';
import { findPython, judgePython, pythonRemedy } from './findPython.mjs';
import { judgeNode, prerequisites, requireNode, requirePrerequisites } from './prerequisites.mjs';

test('Node 20.19+, 22.12+, 24 and 26 are tested, newer and odd lines untested, the rest is too old', () => {
  const verdicts = {
    tested: ['20.19.0', '20.20.2', '22.12.0', '22.20.1', '24.0.0', '24.9.3', '26.0.0', '26.10.0'],
    untested: ['23.0.0', '25.9.0', '27.1.0', '28.0.0-nightly'],
    'too old': ['16.20.2', '18.20.4', '20.18.9', '21.7.0', '22.11.0', ''],
  };
  for (const [verdict, versions] of Object.entries(verdicts))
    for (const version of versions) assert.equal(judgeNode(version), verdict, version);
});

test('the Node lines that set-up knows are those package.json names', () => {
  const { engines } = JSON.parse(readFileSync(join(placeAt().root, 'package.json'), 'utf8'));
  assert.equal(engines.node, '^20.19.0 || ^22.12.0 || ^24.0.0 || ^26.0.0');
});

test('a Node that is too old is refused with what to install', () => {
  assert.throws(() => requireNode('18.20.4'), {
    message: /18\.20\.4 is too old/,
    remedy: /Node 20\.19\+, 22\.12\+, 24 or 26/,
  });
});

test('a Node too old to read the rest is told so, however it is started', () => {
  const { root } = placeAt();
  const gate = join(root, 'lib', 'cli', 'oldNode.cjs');
  const old = "Object.defineProperty(process.versions, 'node', { value: '12.22.12' });";
  const { status, stderr } = spawnSync(process.execPath, ['-e', `${old} require(${JSON.stringify(gate)})`], {
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /Node 12\.22\.12 is too old\n.*README/);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const [name, script] of Object.entries(scripts))
    if (script.includes('setup/')) assert.match(script, /^node -r \.\/lib\/cli\/oldNode\.cjs /, name);
  const main = readFileSync(join(root, 'lib', 'cli', 'main.cjs'), 'utf8');
  assert.match(main, /^require\('\.\/oldNode\.cjs'\);$/m);
  for (const text of [main, readFileSync(gate, 'utf8')])
    assert.doesNotMatch(text, /\?\?|\?\.|\bawait\b|import\(/);
});

test('a Node that is not tested is tried with a warning, a tested one without', () => {
  const said = [];
  for (const version of ['25.9.0', '26.10.0']) requireNode(version, (line) => said.push(line));
  assert.equal(said.length, 1);
  assert.match(said[0], /^Node 25\.9\.0 is not one .*take Node 20\.19\+/);
});

test('a Python is judged by version and venv', () => {
  assert.deepEqual(judgePython('3 11 venv /usr/bin/python3.11\n'), {
    verdict: 'fits',
    executable: '/usr/bin/python3.11',
  });
  assert.equal(judgePython('3 12 venv /opt/my python/bin/python3').executable, '/opt/my python/bin/python3');
  assert.match(judgePython('3 9 venv /usr/bin/python3').verdict, /3\.9, needed is 3\.10 to 3\.14/);
  assert.equal(judgePython('3 14 venv /usr/bin/python3').verdict, 'fits');
  assert.match(judgePython('3 15 venv /usr/bin/python3').verdict, /3\.15/);
  assert.match(judgePython('2 7 venv /usr/bin/python').verdict, /2\.7/);
  assert.match(judgePython('3 11 no-venv /usr/bin/python3').verdict, /without venv/);
});

test('where python3 does not fit, the next Python that does is taken', () => {
  const machine = { python3: '3 9 venv /usr/bin/python3', 'python3.12': '3 12 venv /usr/bin/python3.12' };
  assert.equal(findPython({}, (name) => machine[name]).python, '/usr/bin/python3.12');
});

test('PATHKERNEL_PYTHON is the only one asked where it is set', () => {
  const asked = [];
  const { python, found } = findPython({ PATHKERNEL_PYTHON: '/opt/python' }, (name) => {
    asked.push(name);
    return '3 9 venv /opt/python';
  });
  assert.deepEqual(asked, ['/opt/python']);
  assert.equal(python, undefined);
  assert.match(found, /\/opt\/python is 3\.9/);
});

test('a Python without venv is told how to get it', () => {
  const { found } = findPython({}, (name) =>
    name === 'python3' ? '3 11 no-venv /usr/bin/python3' : undefined,
  );
  assert.match(pythonRemedy(found), /apt install python3-venv/);
});

test('every missing prerequisite is told at once, each with a remedy', () => {
  const nothing = {
    PATH: '/nowhere',
    CXX: 'no-such-compiler',
    MAKE: 'no-such-make',
    PATHKERNEL_PYTHON: 'no-such-python',
  };
  assert.throws(
    () => requirePrerequisites(['python', 'make', 'python'], nothing),
    ({ message, remedy }) => {
      assert.match(message, /no-such-python does not answer.*make was not found/);
      assert.match(remedy, /python3-venv.*apt install make/);
      return true;
    },
  );
});

test('Linux is taken, macOS and Windows are told where to go', () => {
  assert.equal(prerequisites.platform({}, 'linux', 'x64'), undefined);
  assert.match(prerequisites.platform({}, 'darwin', 'arm64').remedy, /on macOS, a Linux container/);
  assert.match(prerequisites.platform({}, 'win32', 'x64').remedy, /WSL 2/);
});

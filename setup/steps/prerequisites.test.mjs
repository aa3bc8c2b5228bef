import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from '../base/place.mjs';
import { findPython, judgePython, pythonRemedy } from './findPython.mjs';
import { isSupportedNode, prerequisites, requireNode, requirePrerequisites } from './prerequisites.mjs';

test('Node 20.19+, 22.12+ and 24 are taken, older and odd lines are not', () => {
  for (const version of ['20.19.0', '20.20.2', '22.12.0', '22.20.1', '24.0.0', '24.9.3']) {
    assert.ok(isSupportedNode(version), version);
  }
  for (const version of ['18.20.4', '20.18.9', '21.7.0', '22.11.0', '23.1.0', '26.0.0', '']) {
    assert.ok(!isSupportedNode(version), version);
  }
});

test('the Node that set-up takes is the one package.json names', () => {
  const { engines } = JSON.parse(readFileSync(join(placeAt().root, 'package.json'), 'utf8'));
  assert.equal(engines.node, '^20.19.0 || ^22.12.0 || ^24.0.0');
});

test('a Node that does not fit is refused with what to install', () => {
  assert.throws(() => requireNode('18.20.4'), {
    message: /18\.20\.4/,
    remedy: /Node 20\.19\+, 22\.12\+ or 24/,
  });
});

test('a Python is judged by version and venv', () => {
  assert.deepEqual(judgePython('3 11 venv /usr/bin/python3.11\n'), {
    verdict: 'fits',
    executable: '/usr/bin/python3.11',
  });
  assert.equal(judgePython('3 12 venv /opt/my python/bin/python3').executable, '/opt/my python/bin/python3');
  assert.match(judgePython('3 9 venv /usr/bin/python3').verdict, /3\.9, needed is 3\.10 to 3\.13/);
  assert.match(judgePython('3 14 venv /usr/bin/python3').verdict, /3\.14/);
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

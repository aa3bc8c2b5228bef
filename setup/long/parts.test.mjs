import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from '../base/place.mjs';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { newestNodes, oldestNodes } from './nodeLines.mjs';
import { parts } from './parts.mjs';
import { program } from './program.mjs';
import { withCopy } from './projectCopy.mjs';
import { pythons } from './pythons.mjs';

test('every Node line of package.json is tried, in its oldest version and in a newer one', () => {
  const { engines } = JSON.parse(readFileSync(join(placeAt().root, 'package.json'), 'utf8'));
  assert.equal(oldestNodes.map(({ node }) => `^${node}`).join(' || '), engines.node);
  const majors = (lines) => lines.map(({ node }) => node.split('.')[0]);
  assert.deepEqual(majors(newestNodes), majors(oldestNodes));
});

test('each part has a name of its own and something to do', () => {
  assert.equal(new Set(parts.map(({ name }) => name)).size, parts.length);
  for (const { name, full } of parts) assert.equal(typeof full, 'function', name);
});

test('a copy of the project holds what git holds or would hold, and goes when it is done with', async (t) => {
  const { place, put } = temporaryPlace(t);
  execFileSync('git', ['init', '-q'], { cwd: place.root });
  put('.gitignore', 'node_modules\n');
  put('a folder/committed', 'before');
  put('deleted');
  execFileSync('git', ['add', '.'], { cwd: place.root });
  put('a folder/committed', 'after');
  put('new');
  put('node_modules/package/index.js');
  execFileSync('rm', [join(place.root, 'deleted')]);
  const copy = await withCopy(place, (root) => {
    assert.deepEqual(readdirSync(root).sort(), ['.gitignore', 'a folder', 'new']);
    assert.equal(readFileSync(join(root, 'a folder', 'committed'), 'utf8'), 'after');
    return root;
  });
  assert.equal(existsSync(copy), false);
});

test('a Python that is at hand is found by its version, one that is not is missed', async (t) => {
  const { place, put } = temporaryPlace(t);
  const python = put('bin/python3.12', '#!/bin/sh\necho 3 12 venv /opt/python3.12\n');
  execFileSync('chmod', ['+x', python]);
  const before = { PATH: process.env.PATH, PYENV_ROOT: process.env.PYENV_ROOT };
  t.after(() => {
    process.env.PATH = before.PATH;
    if (before.PYENV_ROOT === undefined) delete process.env.PYENV_ROOT;
    else process.env.PYENV_ROOT = before.PYENV_ROOT;
  });
  Object.assign(process.env, { PATH: `${join(place.root, 'bin')}:/bin`, PYENV_ROOT: place.root });
  assert.deepEqual(pythons([12, 99]), [
    { minor: 12, python: '/opt/python3.12' },
    { minor: 99, python: undefined },
  ]);
});

test('a program that fails is a failure that names it', async (t) => {
  const { place } = temporaryPlace(t);
  const run = (script) => program(process.execPath, ['-e', script], { cwd: place.root });
  await run('require("node:fs").writeFileSync("done", "")');
  assert.ok(existsSync(join(place.root, 'done')));
  await assert.rejects(run('process.exit(3)'), { name: 'Failure', message: /process\.exit\(3\) \(3\)$/ });
});

test('a property is tried on more cases where the tests are run at length', () => {
  const script = `
    const fc = require('fast-check');
    let cases = 0;
    fc.assert(fc.property(fc.nat(), () => { cases++; }));
    process.stdout.write(String(cases));`;
  const args = ['--require', './setup/long/manyRuns.cjs', '--import', 'tsx', '-e', script];
  assert.equal(execFileSync(process.execPath, args, { cwd: placeAt().root, encoding: 'utf8' }), '3000');
});

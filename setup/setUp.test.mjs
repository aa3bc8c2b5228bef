import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { installEnvironment, jupyterEnvironment } from './base/environment.mjs';
import { Failure, printFailure } from './base/failure.mjs';
import { runLogged } from './base/runLogged.mjs';
import { isStamped, writeStamp } from './base/stamp.mjs';
import { temporaryPlace } from './base/temporaryPlace.mjs';
import { setUp, steps } from './setUp.mjs';

/** A step that counts how often it is made, and fails as often as it is told to. */
function countingStep(name, { failures = 0 } = {}) {
  const step = {
    name,
    needs: [],
    made: 0,
    right: ({ place }) => isStamped(join(place.root, name), name),
    async make({ place }) {
      step.made += 1;
      if (step.made <= failures) throw new Failure(`${name} broke`, 'try again');
      writeStamp(join(place.root, name), name);
      return 'made';
    },
  };
  return step;
}

test('only what is not right is made, in order, and a second set-up makes nothing', async (t) => {
  const { place } = temporaryPlace(t);
  const only = [countingStep('one'), countingStep('two'), countingStep('three')];
  writeStamp(join(place.root, 'two'), 'two');
  await setUp({ place, only });
  await setUp({ place, only });
  assert.deepEqual(
    only.map(({ made }) => made),
    [1, 0, 1],
  );
});

test('a set-up that broke off goes on where it was', async (t) => {
  const { place } = temporaryPlace(t);
  const only = [countingStep('one'), countingStep('two', { failures: 1 })];
  await assert.rejects(setUp({ place, only }), { message: 'two broke', remedy: 'try again' });
  assert.ok(!existsSync(place.lock));
  await setUp({ place, only });
  assert.deepEqual(
    only.map(({ made }) => made),
    [1, 2],
  );
});

test('a set-up killed outright is finished by the next one', async (t) => {
  const { place } = temporaryPlace(t);
  const setUpModule = fileURLToPath(new URL('setUp.mjs', import.meta.url));
  const placeModule = fileURLToPath(new URL('base/place.mjs', import.meta.url));
  const script = `
    import { setUp } from ${JSON.stringify(setUpModule)};
    import { placeAt } from ${JSON.stringify(placeModule)};
    const step = { name: 'endless', needs: [], right: () => false, make: () => new Promise(() => setInterval(() => {}, 1000)) };
    await setUp({ place: placeAt(${JSON.stringify(place.root)}), only: [step] });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const text of child.stdout) if (String(text).includes('endless')) break;
  assert.ok(existsSync(place.lock));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const step = countingStep('one');
  await setUp({ place, only: [step] });
  assert.equal(step.made, 1);
  assert.ok(!existsSync(place.lock));
});

test('on an empty folder every step says it is not right, without failing', async (t) => {
  const { place, put } = temporaryPlace(t);
  put('package-lock.json', { packages: { 'node_modules/a': { version: '1.0.0' } } });
  put('setup/requirements.txt', 'a==1');
  put('setup/constraints.txt', '');
  put('setup/requirements-tensorflow.txt', 'tensorflow-cpu==2.21.0');
  put('data/records/some.tar.gz');
  for (const step of steps) assert.equal(Boolean(await step.right({ place })), false, step.name);
});

test('every path set-up writes lies in the project folder', (t) => {
  const { place } = temporaryPlace(t);
  for (const path of Object.values(place)) assert.ok(`${path}${sep}`.startsWith(`${place.root}${sep}`), path);
  const env = { HOME: '/home/someone', PATH: '/usr/bin', PYTHONPATH: '/elsewhere', PIP_TARGET: '/elsewhere' };
  const install = installEnvironment(place, env);
  for (const name of ['TMPDIR', 'PIP_CACHE_DIR']) assert.ok(install[name].startsWith(place.root), name);
  assert.equal(install.PYTHONPATH, undefined);
  assert.equal(install.PIP_TARGET, undefined);
  const jupyter = jupyterEnvironment(place, env);
  for (const name of ['JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR', 'IPYTHONDIR']) {
    assert.ok(jupyter[name].startsWith(place.root), name);
  }
});

test("Jupyter's folders stay where the user has put them", (t) => {
  const { place } = temporaryPlace(t);
  assert.equal(jupyterEnvironment(place, { JUPYTER_CONFIG_DIR: '/mine' }).JUPYTER_CONFIG_DIR, '/mine');
});

test('a program that fails is reported with the end of its output, the log and the remedy', async (t) => {
  const { place } = temporaryPlace(t);
  const run = (script) =>
    runLogged(place, {
      what: 'testing',
      remedy: (output) => (output.includes('odd') ? 'do this' : 'do that'),
      command: process.execPath,
      args: ['-e', script],
    });
  await run('console.log("odd")');
  await assert.rejects(run('console.error("even"); process.exit(3)'), (error) => {
    assert.ok(error instanceof Failure);
    assert.match(error.message, /testing \(3\)/);
    assert.match(error.detail, /even$/);
    assert.equal(error.remedy, 'do that');
    return true;
  });
  assert.match(readFileSync(place.log, 'utf8'), /odd[\s\S]*even/);
});

test('a program that is not there is a failure too', async (t) => {
  const { place } = temporaryPlace(t);
  await assert.rejects(
    runLogged(place, { what: 'testing', remedy: 'install it', command: '/nowhere', args: [] }),
    {
      name: 'Failure',
      remedy: 'install it',
    },
  );
});

test('a failure is printed as what failed and what to do, without a stack', () => {
  let text = '';
  printFailure(new Failure('npm broke', 'start again', 'line 1\n'), (part) => {
    text += part;
  });
  assert.equal(text, 'line 1\n\nset-up failed: npm broke\n  what to do: start again\n');
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryPlace } from './base/temporaryPlace.mjs';
import { labArguments, labExtensions } from './labArguments.mjs';

const user = { env: {}, asRoot: false };

test('arguments reach JupyterLab as they are and in order, after the folder, the kernel and what is ours', (t) => {
  const { place } = temporaryPlace(t);
  const [folder, kernel, extensions, ...rest] = labArguments(
    place,
    ['--no-browser', '--port', '8900', '--debug'],
    user,
  );
  assert.equal(folder, `${place.root}/notebooks`);
  assert.match(kernel, /default_kernel_name=pathkernel$/);
  assert.equal(extensions, `--LabApp.extra_labextensions_path=${labExtensions}`);
  assert.deepEqual(rest, ['--no-browser', '--port', '8900', '--debug']);
});

test('neither address nor token is set: the defaults are this machine only, and a token', (t) => {
  const { place } = temporaryPlace(t);
  for (const asRoot of [false, true])
    assert.doesNotMatch(
      labArguments(place, [], { ...user, asRoot }).join(' '),
      /ip|token|password|origin|remote/i,
    );
});

test('root is let in, once', (t) => {
  const { place } = temporaryPlace(t);
  const count = (args, asRoot) =>
    labArguments(place, args, { env: {}, asRoot }).filter((arg) => arg === '--allow-root').length;
  assert.deepEqual([count([], true), count(['--allow-root'], true), count([], false)], [1, 1, 0]);
});

test("JupyterHub's path becomes the base URL unless one is given", (t) => {
  const { place } = temporaryPlace(t);
  const hub = { env: { JUPYTERHUB_SERVICE_PREFIX: '/user/ada/' }, asRoot: false };
  const urls = (args, options) =>
    labArguments(place, args, options).filter((arg) => arg.includes('base_url'));
  assert.deepEqual(urls([], hub), ['--ServerApp.base_url=/user/ada/']);
  for (const own of [
    ['--ServerApp.base_url=/x/'],
    ['--ServerApp.base_url', '/x/'],
    ['--LabApp.base_url=/x/'],
  ])
    assert.deepEqual(urls(own, hub), [own[0]]);
  assert.deepEqual(urls([], user), []);
  assert.deepEqual(urls([], { env: { JUPYTERHUB_SERVICE_PREFIX: '' }, asRoot: false }), []);
});

test('what is ours in JupyterLab is a container whose style sheet turns figures round in a dark theme only', async () => {
  const folder = join(labExtensions, 'pathkernel');
  const { name, jupyterlab } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const added = [];
  const document = { createElement: () => ({}), head: { appendChild: (one) => added.push(one) && one } };
  const window = {};
  new Function('window', 'document', readFileSync(join(folder, jupyterlab._build.load), 'utf8'))(
    window,
    document,
  );
  const factory = await window._JUPYTERLAB[name].get(jupyterlab._build.style);
  assert.deepEqual(factory(), {});
  const rules = added[0].textContent.split('{')[0].split(',');
  for (const rule of rules) assert.match(rule, /\[data-jp-theme-light='false'\]/);
});

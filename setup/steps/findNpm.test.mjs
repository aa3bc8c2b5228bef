import assert from 'node:assert/strict';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { findNodeGyp, findNpm } from './findNpm.mjs';
import { headerVersion, nodeHeaders } from './nodeHeaders.mjs';

test('this machine has an npm, and its npm carries a node-gyp', () => {
  const npm = findNpm();
  assert.match(npm, /npm-cli\.js$/);
  assert.ok(existsSync(findNodeGyp(npm)));
});

test('the npm that is running us is taken, under npx too; another package manager is not', (t) => {
  const { place, put } = temporaryPlace(t);
  const cli = put('npm/bin/npm-cli.js');
  const nowhere = join(place.root, 'bin', 'node');
  assert.equal(findNpm({ npm_execpath: cli }, nowhere), cli);
  assert.equal(findNpm({ npm_execpath: join(place.root, 'npm', 'bin', 'npx-cli.js') }, nowhere), cli);
  assert.equal(findNpm({ npm_execpath: put('pnpm/bin/pnpm.cjs') }, nowhere), undefined);
});

test('without a running npm, the one beside Node is taken, then the one on the PATH', (t) => {
  const { place, put } = temporaryPlace(t);
  const onPath = put('other/lib/node_modules/npm/bin/npm-cli.js');
  put('path/README');
  symlinkSync(onPath, join(place.root, 'path', 'npm'));
  const node = join(place.root, 'node', 'bin', 'node');
  const env = { PATH: `/nowhere:${join(place.root, 'path')}` };
  assert.equal(findNpm(env, node), onPath);
  const beside = put('node/lib/node_modules/npm/bin/npm-cli.js');
  assert.equal(findNpm(env, node), beside);
});

test('node-gyp is found inside npm and, as Debian lays it out, beside npm', (t) => {
  const { put } = temporaryPlace(t);
  const inside = put('lib/node_modules/npm/node_modules/node-gyp/package.json', { name: 'node-gyp' });
  const npm = put('lib/node_modules/npm/bin/npm-cli.js');
  assert.equal(findNodeGyp(npm), inside.replace('package.json', 'bin/node-gyp.js'));
  const beside = put('share/nodejs/node-gyp/package.json', { name: 'node-gyp' });
  const debian = put('share/nodejs/npm/bin/npm-cli.js');
  assert.equal(findNodeGyp(debian), beside.replace('package.json', 'bin/node-gyp.js'));
});

test('headers beside Node are used if they are of its version, otherwise they are downloaded', (t) => {
  const { place, put } = temporaryPlace(t);
  const node = join(place.root, 'usr', 'bin', 'node');
  const into = { npm_config_devdir: '/headers' };
  assert.deepEqual(nodeHeaders('/headers', node, '20.19.2'), into);
  const text = '#define NODE_MAJOR_VERSION 20\n#define NODE_MINOR_VERSION 19\n#define NODE_PATCH_VERSION 2\n';
  put('usr/include/node/node_version.h', text);
  assert.equal(headerVersion(text), '20.19.2');
  assert.deepEqual(nodeHeaders('/headers', node, '20.19.2'), {
    npm_config_nodedir: join(place.root, 'usr'),
  });
  assert.deepEqual(nodeHeaders('/headers', node, '20.19.4'), into);
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from './base/place.mjs';

const { root } = placeAt();
const read = (path) => readFileSync(join(root, path), 'utf8');
const dockerfile = read('Dockerfile')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => [line.split(' ')[0], line.slice(line.indexOf(' ') + 1)]);
const all = (instruction) => dockerfile.filter(([name]) => name === instruction).map(([, rest]) => rest);
const only = (instruction) => {
  const found = all(instruction);
  assert.equal(found.length, 1, `${found.length} times ${instruction}`);
  return found[0];
};

test('the image is made by the set-up script and starts by the start script', () => {
  const { scripts } = JSON.parse(read('package.json'));
  assert.ok(all('RUN').some((line) => line.startsWith('npm run setup')));
  const [node, start, ...args] = JSON.parse(only('CMD'));
  assert.match(scripts.start, new RegExp(`^${node} .*${start}$`));
  assert.ok(args.includes(`--port=${only('EXPOSE')}`));
  assert.doesNotMatch(args.join(' '), /token|password/);
});

test('what Binder asks of a Dockerfile: its user by number, no entry point, jupyter on the PATH', () => {
  const names = all('ARG').map((line) => line.split('=')[0]);
  assert.deepEqual(names, ['NB_USER', 'NB_UID']);
  assert.match(all('RUN')[0], /useradd .*--uid "\$\{NB_UID\}" "\$\{NB_USER\}"/);
  assert.match(only('USER'), /^\$\{NB_UID\}$/);
  assert.deepEqual(all('ENTRYPOINT'), []);
  assert.ok(all('ENV').some((line) => /^PATH=\S*\/\.venv\/bin:\$\{PATH\}$/.test(line)));
});

test('Node in the image is one that package.json allows', () => {
  const major = /^node:(\d+)-/.exec(all('FROM')[0])?.[1];
  assert.ok(JSON.parse(read('package.json')).engines.node.includes(`^${major}.`), `Node ${major}`);
});

test('nothing that git ignores is copied into the image', () => {
  const ignored = read('.dockerignore').split('\n');
  for (const line of read('.gitignore').split('\n').filter(Boolean)) {
    const name = line.replace(/^\/|\/$/g, '');
    assert.ok(ignored.includes(name) || ignored.includes(`**/${name}`), line);
  }
});

test('the development container is built from the part of the image before set-up, and runs set-up', () => {
  const container = JSON.parse(read('.devcontainer/devcontainer.json'));
  const { dockerfile: path, context, target } = container.build;
  assert.ok(existsSync(join(root, '.devcontainer', path)));
  assert.equal(join(root, '.devcontainer', context), `${root}/`.slice(0, -1));
  assert.equal(all('FROM')[0].split(' AS ')[1], target);
  assert.ok(all('ARG').includes(`NB_USER=${container.remoteUser}`));
  assert.equal(container.onCreateCommand, 'npm run setup');
  assert.deepEqual(container.forwardPorts.map(String), [only('EXPOSE')]);
});

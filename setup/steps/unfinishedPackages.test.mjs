import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from '../base/place.mjs';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { findPython } from './findPython.mjs';

test('packages without a record, with a file missing or cut short are unfinished; whole ones are not', (t) => {
  const { place, put } = temporaryPlace(t);
  const install = (name, { record = true, content = '1234' } = {}) => {
    if (content !== undefined) put(`site/${name}.py`, content);
    put(`site/${name}-1.0.dist-info/METADATA`, `Name: ${name}\nVersion: 1.0\n`);
    if (record)
      put(
        `site/${name}-1.0.dist-info/RECORD`,
        `${name}.py,,4\n../bin/${name},,9\n${name}-1.0.dist-info/RECORD,,\n`,
      );
  };
  install('whole');
  install('unrecorded', { record: false });
  install('short', { content: '12' });
  put('site/gone-1.0.dist-info/METADATA', 'Name: gone\nVersion: 1.0\n');
  put('site/gone-1.0.dist-info/RECORD', 'gone.py,,4\n');
  const site = join(place.root, 'site');
  const script = join(placeAt().setup, 'unfinished.py');
  const { stdout } = spawnSync(findPython().python, [script], {
    env: { ...process.env, PYTHONPATH: site },
    encoding: 'utf8',
  });
  const found = stdout.split('\n').filter((path) => path.startsWith(site));
  assert.deepEqual(
    found.sort(),
    ['gone', 'short', 'unrecorded'].map((name) => join(site, `${name}-1.0.dist-info`)),
  );
});

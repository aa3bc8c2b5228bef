import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { repairScripts } from './repairScripts.mjs';

test('scripts of a moved folder run its own Python again, others stay as they are', (t) => {
  const { place, put } = temporaryPlace(t);
  const moved = put('.venv/bin/jupyter', '#!/old/place/.venv/bin/python3.11\nimport sys\n');
  const own = put('.venv/bin/own', `#!${place.python}\n`);
  const shell = put('.venv/bin/shell', '#!/bin/sh\n');
  repairScripts(place);
  assert.equal(readFileSync(moved, 'utf8'), `#!${place.python}\nimport sys\n`);
  assert.equal(readFileSync(own, 'utf8'), `#!${place.python}\n`);
  assert.equal(readFileSync(shell, 'utf8'), '#!/bin/sh\n');
  assert.equal(place.python, join(place.root, '.venv', 'bin', 'python'));
});

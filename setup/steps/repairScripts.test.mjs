import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from '../base/place.mjs';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { repairScripts } from './repairScripts.mjs';

const throughShell = (python) => `#!/bin/sh\n'''exec' "${python}" "$0" "$@"\n' '''\nimport sys\n`;

test('scripts of a moved folder run its own Python again, others stay as they are', (t) => {
  const { place, put } = temporaryPlace(t);
  const moved = put('.venv/bin/jupyter', '#!/old/place/.venv/bin/python3.11\nimport sys\n');
  const spaced = put('.venv/bin/spaced', throughShell('/old place/.venv/bin/python'));
  const own = put('.venv/bin/own', `#!${place.python}3\n`);
  const shell = put('.venv/bin/shell', '#!/bin/sh\n');
  repairScripts(place);
  assert.equal(readFileSync(moved, 'utf8'), `#!${place.python}\nimport sys\n`);
  assert.equal(readFileSync(spaced, 'utf8'), `#!${place.python}\nimport sys\n`);
  assert.equal(readFileSync(own, 'utf8'), `#!${place.python}3\n`);
  assert.equal(readFileSync(shell, 'utf8'), '#!/bin/sh\n');
});

test('in a folder with a space in its path, scripts go through the shell', (t) => {
  const { place: outer, put } = temporaryPlace(t);
  const moved = put('my work/.venv/bin/jupyter', '#!/old/place/.venv/bin/python\nimport sys\n');
  const place = placeAt(join(outer.root, 'my work'));
  repairScripts(place);
  assert.equal(readFileSync(moved, 'utf8'), throughShell(place.python));
  repairScripts(place);
  assert.equal(readFileSync(moved, 'utf8'), throughShell(place.python));
});

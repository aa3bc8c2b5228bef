import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from './place.mjs';
import { missingPins, parsePins, readPins } from './requirements.mjs';
import { temporaryPlace } from './temporaryPlace.mjs';

test('pins are read with extras, comments and markers aside', () => {
  const pins = parsePins(
    '# note\nTensorFlow_CPU==2.21.0\na.b[x,y]==1.0 # why\nc==2; python_version < "3.11"\n\nfree>=1\n',
  );
  assert.deepEqual(
    [...pins],
    [
      ['tensorflow-cpu', '2.21.0'],
      ['a-b', '1.0'],
      ['c', '2'],
    ],
  );
});

test('what is missing is what has no dist-info folder of that version', (t) => {
  const { place, put } = temporaryPlace(t);
  put('site/tensorflow_cpu-2.21.0.dist-info/RECORD');
  put('site/plotly-7.1.0.dist-info/RECORD');
  const pins = parsePins('tensorflow-cpu==2.21.0\nplotly==6.9.0\nnbclient==0.11.0');
  assert.deepEqual(missingPins(pins, join(place.root, 'site')), ['plotly', 'nbclient']);
  assert.deepEqual(missingPins(pins, undefined), ['tensorflow-cpu', 'plotly', 'nbclient']);
});

test('every requirement is pinned, and both TensorFlow builds are the same version', () => {
  const read = (name) => readPins(join(placeAt().setup, name));
  assert.equal(
    read('requirements-tensorflow.txt').get('tensorflow-cpu'),
    read('requirements-gpu.txt').get('tensorflow'),
  );
  for (const name of ['jupyterlab', 'plotly', 'nbclient', 'nbconvert', 'jupytext', 'nbstripout']) {
    assert.ok(read('requirements.txt').has(name), name);
  }
});

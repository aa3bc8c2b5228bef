import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { kernelspec, kernelspecText } from './kernelspec.mjs';

test('the kernelspec starts this Node with the kernel of this folder', async (t) => {
  const { place } = temporaryPlace(t);
  assert.equal(kernelspec.right({ place }), false);
  await kernelspec.make({ place });
  assert.equal(kernelspec.right({ place }), true);
  const path = join(place.root, '.venv/share/jupyter/kernels/pathkernel/kernel.json');
  const spec = JSON.parse(readFileSync(path, 'utf8'));
  const kernel = join(place.root, 'lib', 'notebook', 'kernel.cjs');
  assert.deepEqual(spec.argv, [process.execPath, kernel, '{connection_file}']);
  assert.equal(spec.language, 'typescript');
  assert.equal(spec.display_name, 'TypeScript (pathkernel)');
  assert.equal(spec.interrupt_mode, 'signal');
});

test('a kernelspec of another folder or another Node is not right', (t) => {
  const { place, put } = temporaryPlace(t);
  put(
    '.venv/share/jupyter/kernels/pathkernel/kernel.json',
    kernelspecText({ ...place, kernel: '/old/kernel.cjs' }),
  );
  assert.equal(kernelspec.right({ place }), false);
  put('.venv/share/jupyter/kernels/pathkernel/kernel.json', kernelspecText(place, '/old/node'));
  assert.equal(kernelspec.right({ place }), false);
});

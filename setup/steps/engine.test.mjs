import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeAt } from '../base/place.mjs';
import { temporaryPlace } from '../base/temporaryPlace.mjs';
import { engine, engineRemedy } from './engine.mjs';

const bindingPath = 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node';

test('an engine that does not start is told as that, by the Node it was tried under', async (t) => {
  const { place, put } = temporaryPlace(t);
  put(bindingPath);
  symlinkSync(join(placeAt().root, 'node_modules', 'tsx'), join(place.root, 'node_modules', 'tsx'));
  put('lib/cli/doctor/engineProbe.ts', "throw new TypeError('util_1.isNullOrUndefined is not a function')");
  await assert.rejects(
    async () => engine.make({ place }),
    (error) => {
      assert.ok(
        error.message.includes(`starting TensorFlow under Node ${process.versions.node} (1)`),
        error.message,
      );
      assert.match(error.detail, /isNullOrUndefined/);
      return true;
    },
  );
  assert.equal(engine.right({ place }), false);
});

test('an engine is tried once for each Node and binding', async (t) => {
  const { place, put } = temporaryPlace(t);
  put(bindingPath);
  symlinkSync(join(placeAt().root, 'node_modules', 'tsx'), join(place.root, 'node_modules', 'tsx'));
  put('lib/cli/doctor/engineProbe.ts', 'console.log(1)');
  assert.equal(engine.right({ place }), false);
  assert.equal(await engine.make({ place }), `computes under Node ${process.versions.node}`);
  assert.equal(engine.right({ place }), true);
  put(bindingPath, 'built anew');
  assert.equal(engine.right({ place }), false);
});

test('an untested Node is what is suspected, unless the cause is known', () => {
  assert.match(
    engineRemedy('TypeError: x is not a function', '27.0.0'),
    /Node 27\.0\.0 is not tested here: take Node/,
  );
  assert.match(engineRemedy('TypeError: x is not a function', '24.0.0'), /start again/);
  assert.match(engineRemedy('SIGILL', '27.0.0'), /AVX/);
});

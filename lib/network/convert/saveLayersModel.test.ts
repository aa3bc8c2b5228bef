import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { resnet20 } from '../architectures';
import { compact } from '../compact';
import { draw } from '../compact/testCompact';
import { initialise } from '../initialise';
import { forward } from '../passes';
import { loadLayersModel } from './loadLayersModel';
import { saveLayersModel } from './saveLayersModel';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-layers-'));
after(() => rmSync(root, { recursive: true }));

/** Loads a model with nothing but tfjs, and prints its outputs on sin 0, sin 1, … */
const stock = `
const tf = require('@tensorflow/tfjs');
const fs = require('node:fs');
const load = async () => {
  const { modelTopology, weightsManifest: [{ paths: [path], weights }] } = JSON.parse(fs.readFileSync('model.json', 'utf8'));
  const bytes = new Uint8Array(fs.readFileSync(path));
  return { modelTopology, weightSpecs: weights, weightData: bytes.buffer };
};
(async () => {
  const model = await tf.loadLayersModel({ load });
  const shape = [2, ...model.inputs[0].shape.slice(1)];
  const size = shape.reduce((a, b) => a * b);
  const x = tf.tensor(Float32Array.from({ length: size }, (_, i) => Math.sin(i)), shape);
  console.log(JSON.stringify([...model.predict(x).dataSync()]));
})();`;

test('a network that was cut down is loaded by tfjs alone, with the same outputs', async () => {
  const network = resnet20({ input: [8, 8, 3], classes: 4 });
  const { params, mask } = draw(network, 3);
  const small = compact(network, params, mask);
  const folder = join(root, 'new', 'small');
  assert.equal(await saveLayersModel(folder, small.network, small.params), join(folder, 'model.json'));
  assert.deepEqual(readdirSync(folder).sort(), ['model.json', 'weights.bin']);
  const own = { ...process.env, NODE_PATH: join(__dirname, '..', '..', '..', 'node_modules') };
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', stock], {
    cwd: folder,
    env: own,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const found = JSON.parse(stdout.trim().split('\n').at(-1) as string) as number[];
  const x = tf.tensor(
    Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => Math.sin(i)),
    [2, 8, 8, 3],
  );
  const back = await loadLayersModel(folder);
  const [expected, again] = [forward(small.network, small.params, x), forward(back.network, back.params, x)];
  const values = [...expected.dataSync()];
  const largest = Math.max(...values.map(Math.abs));
  assert.ok(largest > 1e-3);
  for (const others of [found, [...again.dataSync()]])
    values.forEach((value, i) => {
      assert.ok(Math.abs(others[i] - value) <= 1e-5 * largest, `${others[i]} is not ${value}`);
    });
  tf.dispose([params, mask, small.params, small.mask, back.params, x, expected, again]);
});

test('nothing is written of a network that tfjs has no layer for', async () => {
  const network = resnet20({ input: [8, 8, 3], shortcut: 'padding' });
  const params = initialise(network, { seed: 1 });
  const folder = join(root, 'none');
  await assert.rejects(
    saveLayersModel(folder, network, params),
    /invalid network; tfjs has no layer that adds channels of zeros: stage2/,
  );
  assert.deepEqual(readdirSync(root).includes('none'), false);
  await assert.rejects(saveLayersModel('', network, params), /invalid folder; not a path/);
  tf.dispose(params);
});

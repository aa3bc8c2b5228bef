import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { conv, convOrthogonal, fc, resnet20 } from '../architectures';
import { initialise } from '../initialise';
import { loadParams } from './loadParams';
import { loadNetwork, saveNetwork } from './saveNetwork';
import { saveParams } from './saveParams';

const folder = mkdtempSync(join(tmpdir(), 'pathkernel-network-'));
after(() => rmSync(folder, { recursive: true }));

test('a network comes back as it was, with its parameters', async () => {
  const file = join(folder, 'network.safetensors');
  const networks = [
    fc({ input: [5], width: 3 }),
    conv(),
    convOrthogonal(),
    resnet20({ shortcut: 'padding' }),
  ];
  for (const network of networks) {
    const params = initialise(network, { seed: 1 });
    await saveNetwork(file, network, params);
    const back = await loadNetwork(file);
    assert.deepEqual(back.network, network);
    for (const { name } of network.parameters)
      assert.deepEqual(back.params[name].dataSync(), params[name].dataSync());
    const own = await loadParams(file, network); // a file of parameters like any other
    assert.deepEqual(Object.keys(own), Object.keys(params));
    tf.dispose([params, back.params, own]);
  }
});

test('files without a network, or with one that is none, are refused', async () => {
  const file = join(folder, 'other.safetensors');
  const network = fc({ input: [2, 2, 1], width: 3, depth: 2, classes: 2 });
  const params = initialise(network, { seed: 1 });
  await saveParams(file, params);
  await assert.rejects(
    loadNetwork(file),
    /invalid safetensors file; says nothing of its network; loadParams/,
  );
  const nodes = [
    { id: 'a', op: 'input', inputs: [], shape: [4] },
    { id: 'b', op: 'nose', inputs: ['a'] },
  ];
  for (const text of ['{', 'null', '{}', '{"name":"a","nodes":[1]}', JSON.stringify({ name: 'a', nodes })]) {
    await saveParams(file, params, { metadata: { network: text } });
    await assert.rejects(
      loadNetwork(file),
      /invalid safetensors file; its network cannot be read \(.*\): .*other/,
    );
  }
  const { 'dense1/kernel': gone, ...rest } = params;
  await assert.rejects(saveNetwork(file, network, rest), /invalid params; .* needs: dense1\/kernel/);
  assert.ok(gone);
  tf.dispose(params);
});

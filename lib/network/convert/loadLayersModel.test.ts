import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { product } from '../../base';
import { mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import { forward } from '../passes';
import { fromLayersModel } from './fromLayersModel';
import { loadLayersModel } from './loadLayersModel';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-keras-'));
after(() => rmSync(root, { recursive: true }));
let copies = 0;

// Models of Keras 3.15, saved as .h5 and as .keras and converted by tensorflowjs 4.22, with what Keras gives for sin 0, sin 1, …
const fixture = (name: string) => join(__dirname, 'fixtures', `keras3-${name}`);
const outputs: Record<string, number[]> = {
  functional: [0.6248464, 1.18527246, -1.45016682, 0.64677334, 0.93486738, -1.17166305],
  sequential: [0.41810802, 0.58189195, 0.54684084, 0.45315916], // after a softmax
};

for (const [name, expected] of Object.entries(outputs))
  for (const form of [name, `${name}-keras`])
    test(`a ${form} model of Keras 3 computes here what it computes there`, async () => {
      const { network, params } = await loadLayersModel(fixture(form), { strip: ['Softmax'] });
      const x = tf.tidy(() => {
        const values = Float32Array.from({ length: 2 * product(network.input) }, (_, i) => Math.sin(i));
        return tf.tensor(values, [2, ...network.input]);
      });
      const logits = forward(network, params, x);
      const found = name === 'sequential' ? tf.softmax(logits as tf.Tensor2D) : logits.clone();
      found.dataSync().forEach((value, i) => {
        assert.ok(Math.abs(value - expected[i]) < 2e-6, `${value} is not ${expected[i]}`);
      });
      tf.dispose([params, x, logits, found]);
    });

/** A model that tfjs saves: [7, 6, 2] → [3]. */
function small(): tf.LayersModel {
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.separableConv2d({ filters: 4, kernelSize: 3, inputShape: [7, 6, 2], name: 'separable' }),
      layers.batchNormalization({ name: 'norm' }),
      layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, name: 'each' }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ units: 3, name: 'logits' }),
    ],
  });
  for (const layer of model.layers)
    tf.tidy(() =>
      layer.setWeights(layer.getWeights().map(({ shape }, i) => normalTensor(shape, i + 1).abs())),
    );
  return model;
}

type Json = Record<string, never>;

/** The folder of `small`, saved, with its JSON changed. */
async function saved(change: (json: Json, layers: Record<string, Json>) => void = () => {}): Promise<string> {
  const folder = join(root, `${copies++}`);
  const model = small();
  await model.save(`file://${folder}`);
  model.dispose();
  const file = join(folder, 'model.json');
  const json = JSON.parse(readFileSync(file, 'utf8'));
  const layers = json.modelTopology.model_config?.config.layers ?? json.modelTopology.config.layers;
  change(
    json,
    Object.fromEntries(layers.map((layer: { config: { name: string } }) => [layer.config.name, layer])),
  );
  writeFileSync(file, JSON.stringify(json));
  return folder;
}

test('a model that tfjs saved is read by its file, its folder or its address, as tfjs reads it', async () => {
  const folder = await saved();
  const file = join(folder, 'model.json');
  const model = await tf.loadLayersModel(`file://${file}`);
  const x = normalTensor([3, 7, 6, 2], 9);
  const expected = model.predict(x) as tf.Tensor;
  for (const path of [file, folder, `file://${file}`]) {
    const { network, params } = await loadLayersModel(path);
    const found = forward(network, params, x);
    const difference = tf.tidy(() => found.sub(expected).abs().max().dataSync()[0]);
    assert.ok(difference < 1e-5 * tf.tidy(() => expected.abs().max().dataSync()[0]), `${difference}`);
    tf.dispose([params, found]);
  }
  model.dispose();
  tf.dispose([x, expected]);
});

test('the axis of a batch norm may be a list, as Keras 2 writes it, for tfjs too', async () => {
  const folder = await saved((_, { norm }) => Object.assign(norm.config, { axis: [3] }));
  const model = await tf.loadLayersModel(`file://${join(folder, 'model.json')}`);
  const [direct, read] = [fromLayersModel(model), await loadLayersModel(folder)];
  assert.deepEqual(direct.network.nodes, read.network.nodes);
  const values = (params: Record<string, tf.Tensor>) => mapRecord(params, (tensor) => tensor.dataSync());
  assert.deepEqual(values(direct.params), values(read.params));
  model.dispose();
  tf.dispose([direct.params, read.params]);
  const other = await saved((_, { norm }) => Object.assign(norm.config, { axis: [1] }));
  await assert.rejects(
    loadLayersModel(other),
    /norm needs weights of shapes \[5\] \[5\] \[5\] \[5\], has \[4\]/,
  );
});

test('what cannot be read is named, with the layer or the file, and what to do', async () => {
  const reject = async (message: RegExp, change: (json: Json, layers: Record<string, Json>) => void) =>
    assert.rejects(loadLayersModel(await saved(change)), message);
  const config = (layer: string, options: object) => (_: Json, layers: Record<string, Json>) =>
    void Object.assign(layers[layer].config, options);
  await reject(/invalid model file; is a graph model, .*tfjs_layers_model: .*model.json$/, (json) =>
    Object.assign(json, { format: 'graph-model' }),
  );
  await reject(/describes a model without its weights/, (json) => {
    delete (json as Record<string, unknown>).weightsManifest;
  });
  await reject(/holds no layers of a sequential or functional model/, (json) =>
    Object.assign(json, { modelTopology: {} }),
  );
  await reject(/invalid Rescaling norm; this layer is not supported: Rescaling/, (_, { norm }) =>
    Object.assign(norm, { class_name: 'Rescaling' }),
  );
  await reject(/invalid DepthwiseConv2D each; groups is not supported: 2/, config('each', { groups: 2 }));
  await reject(
    /invalid SeparableConv2D separable; activation is not supported: tanh/,
    config('separable', { activation: 'tanh' }),
  );
  await reject(/tfjs cannot build it \(.*none/, config('each', { activation: 'none' }));
  await reject(
    /logits needs weights of shapes \[40, 4\] \[4\], has \[40, 3\] \[3\]|logits needs weights/,
    config('logits', { units: 4 }),
  );
  await reject(/invalid model file; no layer has the weight /, (json) => {
    const [group] = json.weightsManifest as unknown as { weights: { name: string }[] }[];
    group.weights[0].name = 'elsewhere/kernel';
  });

  const folder = await saved();
  const shard = join(folder, 'weights.bin');
  truncateSync(shard, 40);
  await assert.rejects(
    loadLayersModel(folder),
    /invalid model file; its weights are cut off or damaged \(.*model.json$/,
  );
  rmSync(shard);
  await assert.rejects(loadLayersModel(folder), { message: `invalid model file; no such file: ${shard}` });
  await assert.rejects(loadLayersModel(root), {
    message: `invalid model file; no such file: ${join(root, 'model.json')}`,
  });
  await assert.rejects(loadLayersModel('https://example.org/model.json'), /download it first/);
  const file = join(root, 'model.h5');
  for (const start of ['\x89HDF\r\n\x1a\n', 'PK\x03\x04']) {
    writeFileSync(file, `${start}\0\0`, 'latin1');
    const message = /no JSON but binary; `tensorflowjs_converter --input_format keras .*: .*model.h5$/;
    await assert.rejects(loadLayersModel(file), message);
  }
  writeFileSync(file, 'layers: none');
  await assert.rejects(loadLayersModel(file), /invalid model file; not JSON \(.*model.h5$/);
});

test('options of Keras 3 that tfjs would pass over are refused', async () => {
  const rejectIn = async (layer: string, message: RegExp, change: (layer: Record<string, never>) => void) => {
    const folder = join(root, `${copies++}`);
    cpSync(fixture('functional'), folder, { recursive: true });
    const file = join(folder, 'model.json');
    const json = JSON.parse(readFileSync(file, 'utf8'));
    change(
      json.modelTopology.model_config.config.layers.find(({ name }: { name: string }) => name === layer),
    );
    writeFileSync(file, JSON.stringify(json));
    await assert.rejects(loadLayersModel(folder), message);
  };
  await rejectIn('re_lu', /invalid ReLU re_lu; negative_slope is not supported: 0.1/, ({ config }) =>
    Object.assign(config, { negative_slope: 0.1 }),
  );
  await rejectIn('re_lu', /invalid ReLU re_lu; threshold is not supported: 1/, ({ config }) =>
    Object.assign(config, { threshold: 1 }),
  );
  await rejectIn('conv2d', /invalid Conv2D conv2d; groups is not supported: 3/, ({ config }) =>
    Object.assign(config, { groups: 3 }),
  );
  await rejectIn(
    'add',
    /invalid Add add; a tensor given by keyword is not supported: \[x\]/,
    ({ inbound_nodes }) => {
      const [call] = inbound_nodes as { args: unknown[]; kwargs: object }[];
      Object.assign(call.kwargs, { x: (call.args[0] as unknown[])[0] });
    },
  );
});

import assert from 'node:assert/strict';
import { product } from '../../base';
import { createRandom, mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { conv, fc, resnet20, resnet110 } from '../architectures';
import { graphBuilder } from '../builder';
import type { Network, Shape } from '../graph';
import type { Params } from '../params';
import { forward } from '../passes';
import { fromLayersModel } from './fromLayersModel';
import { toLayersModel } from './toLayersModel';

const random = createRandom('conversion');

function draw(shape: readonly (number | null)[]): tf.Tensor {
  const extents = shape.map(Number);
  const length = product(extents);
  return tf.tensor(
    Float32Array.from({ length }, () => random.normal()),
    extents,
  );
}

/** Random weights of every kind, variances positive. */
function randomise(model: tf.LayersModel): void {
  for (const layer of model.layers) {
    tf.tidy(() => {
      const weights = layer.getWeights().map((weight, index, { length }) => {
        const fanIn = product(weight.shape.slice(0, -1));
        const drawn = draw(weight.shape).div(Math.sqrt(weight.rank > 1 ? fanIn : 4));
        const isVariance = layer.getClassName() === 'BatchNormalization' && index === length - 1;
        return isVariance ? drawn.abs().add(0.5) : drawn;
      });
      if (weights.length > 0) layer.setWeights(weights);
    });
  }
}

function randomParams(network: Network): Params {
  return Object.fromEntries(
    network.parameters.map(({ name, shape, role, fanIn = 4 }) => [
      name,
      tf.tidy(() => {
        const drawn = draw(shape).div(Math.sqrt(fanIn));
        return role === 'variance' ? drawn.abs().add(0.5) : drawn;
      }),
    ]),
  );
}

function assertClose(found: tf.Tensor, expected: tf.Tensor): void {
  assert.deepEqual(found.shape, expected.shape);
  const scale = tf.tidy(() => Math.max(expected.abs().max().dataSync()[0], 1e-3));
  const difference = tf.tidy(() => found.sub(expected).abs().max().dataSync()[0]);
  assert.ok(difference <= 1e-5 * scale, `${difference} of ${scale}`);
}

/** Converts a model, compares the outputs, converts back and compares again; the model is disposed. */
function assertConverts(model: tf.LayersModel, logits = model): Network {
  randomise(model);
  const { network, params } = fromLayersModel(model, { strip: ['Softmax', 'Dropout'] });
  const x = draw([3, ...model.inputs[0].shape.slice(1)]);
  const expected = logits.predict(x) as tf.Tensor;
  const outputs = forward(network, params, x);
  assertClose(outputs, expected);
  const back = toLayersModel(network, params);
  const again = back.predict(x) as tf.Tensor;
  assertClose(again, expected);
  tf.dispose([params, x, expected, outputs, again]);
  model.dispose();
  back.dispose();
  return network;
}

function sequential(input: Shape, ...layers: tf.layers.Layer[]): tf.LayersModel {
  const model = tf.sequential({ name: 'model' });
  model.add(tf.layers.inputLayer({ inputShape: [...input] }));
  for (const layer of layers) model.add(layer);
  return model;
}

const { layers } = tf;

test('a dense model converts, its activations becoming nodes', () => {
  const network = assertConverts(
    sequential(
      [5],
      layers.dense({ units: 4, activation: 'relu', name: 'hidden' }),
      layers.dense({ units: 3, useBias: false, name: 'inner' }),
      layers.activation({ activation: 'relu' }),
      layers.dense({ units: 2, activation: 'linear' }),
    ),
  );
  assert.deepEqual(
    network.nodes.map(({ op }) => op),
    ['input', 'dense', 'relu', 'dense', 'relu', 'dense'],
  );
  assert.equal(network.nodes[2].id, 'hidden/relu');
  assert.equal(network.parameters[0].name, 'hidden/kernel');
});

test('convolutions convert with every padding, stride and kernel', () => {
  for (const padding of ['same', 'valid'] as const)
    for (const strides of [1, 2, 3])
      for (const kernelSize of [1, 2, 3, [3, 2], 5] as (number | [number, number])[])
        for (const input of [
          [7, 8, 2],
          [6, 5, 1],
        ])
          assertConverts(
            sequential(
              input,
              layers.conv2d({ filters: 3, kernelSize, strides, padding, activation: 'relu' }),
              layers.flatten(),
              layers.dense({ units: 2 }),
            ),
          );
});

test('separable convolutions become a depthwise one and one of single places', () => {
  for (const options of [
    { kernelSize: 3, padding: 'same', activation: 'relu' },
    { kernelSize: 2, strides: 2, padding: 'same', depthMultiplier: 3 },
    { kernelSize: [3, 2], useBias: false },
    { kernelSize: 2, strides: 1, depthMultiplier: 2, padding: 'valid' },
  ] as const) {
    const separable = layers.separableConv2d({ filters: 4, name: 'sep', ...options } as never);
    const padded = layers.zeroPadding2d({ padding: 1 });
    const network = assertConverts(
      sequential([7, 8, 3], padded, separable, layers.flatten(), layers.dense({ units: 2 })),
    );
    const [depthwise, pointwise] = network.parameters.filter(({ name }) => /^sep.*kernel$/.test(name));
    const { depthMultiplier = 1 } = options as { depthMultiplier?: number };
    assert.deepEqual([depthwise.name, depthwise.groups], ['sep/depthwise/kernel', 3]);
    assert.deepEqual(
      [pointwise.name, pointwise.shape],
      ['sep/pointwise/kernel', [1, 1, 3 * depthMultiplier, 4]],
    );
  }
});

test('a dilated separable convolution is read; tfjs leaves out the dilation of a depthwise one, which is refused', () => {
  const separable = layers.separableConv2d({
    filters: 4,
    kernelSize: 2,
    dilationRate: 2,
    depthMultiplier: 2,
  });
  const model = sequential([7, 8, 3], separable, layers.flatten(), layers.dense({ units: 2 }));
  randomise(model);
  const { network, params } = fromLayersModel(model);
  const x = draw([3, 7, 8, 3]);
  const expected = model.predict(x) as tf.Tensor;
  const found = forward(network, params, x);
  assertClose(found, expected);
  assert.throws(
    () => toLayersModel(network, params),
    /invalid network; tfjs has no layer with groups and dilation, as .*depthwise has: \[3, 2\]/,
  );
  tf.dispose([params, x, expected, found]);
  model.dispose();
  const dilated = layers.depthwiseConv2d({ kernelSize: 2, dilationRate: 2, padding: 'same', name: 'd' });
  const each = sequential([7, 8, 3], dilated, layers.globalAveragePooling2d({}));
  assert.throws(
    () => fromLayersModel(each),
    /invalid DepthwiseConv2D d; dilationRate is not supported: \[2, 2\]/,
  );
  each.dispose();
});

test('pools, batch norm and global pooling convert', () => {
  assertConverts(
    sequential(
      [12, 12, 2],
      layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false }),
      layers.batchNormalization({ epsilon: 1e-2 }),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 3, strides: 2 }),
      layers.conv2d({ filters: 4, kernelSize: 2 }),
      layers.batchNormalization({ scale: false }),
      layers.averagePooling2d({ poolSize: 2, padding: 'same' }),
      layers.batchNormalization({ center: false, axis: 3 }),
      layers.globalAveragePooling2d({}),
      layers.batchNormalization(),
      layers.dense({ units: 3 }),
    ),
  );
});

test('a residual model with padded strides converts', () => {
  const input = tf.input({ shape: [8, 8, 3] });
  const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
    layer.apply(x) as tf.SymbolicTensor;
  const stem = apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }), input);
  const padded = apply(
    layers.zeroPadding2d({
      padding: [
        [1, 0],
        [2, 1],
      ],
    }),
    stem,
  );
  const branch = apply(layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same' }), padded);
  const wider = apply(
    layers.zeroPadding2d({
      padding: [
        [1, 0],
        [2, 1],
      ],
    }),
    stem,
  );
  const shortcut = apply(layers.conv2d({ filters: 6, kernelSize: 1, strides: 2 }), wider);
  const third = apply(layers.reLU(), shortcut);
  const sum = apply(layers.add(), [branch, shortcut, third]);
  const pooled = apply(layers.globalAveragePooling2d({}), apply(layers.reLU(), sum));
  assertConverts(tf.model({ inputs: input, outputs: apply(layers.dense({ units: 5 }), pooled) }));
});

/** Max and average pools, an odd kernel with uneven padding, and batch norm of a vector. */
function pooling(): Network {
  const g = graphBuilder([13, 12, 2]);
  let x = g.conv2d('conv1', g.input, {
    filters: 4,
    size: [5, 2],
    stride: 2,
    padding: [0, 3, 2, 1],
    bias: true,
  });
  x = g.avgPool('avg', g.maxPool('max', x, { size: 3, stride: 1 }));
  x = g.batchNorm('bn', g.flatten('flatten', x), { epsilon: 1e-3 });
  g.dense('fc', x, { units: 3, bias: false });
  return g.build('pooling');
}

test('architectures go to a LayersModel and back to the same network with the same parameters and outputs', () => {
  const input = [8, 8, 3];
  const networks = [
    fc({ width: 5, input: [4, 4, 1] }),
    conv({ input }),
    resnet20({ input }),
    resnet20({ input, identityWeights: true }),
    pooling(),
  ];
  for (const network of networks) {
    const params = randomParams(network);
    const model = toLayersModel(network, params);
    const back = fromLayersModel(model);
    assert.deepEqual(back.network.nodes, network.nodes);
    assert.deepEqual(back.network.parameters, network.parameters);
    for (const [name, tensor] of Object.entries(params))
      assert.deepEqual(back.params[name].dataSync(), tensor.dataSync());
    const x = draw([2, ...network.input]);
    const outputs = [forward(network, params, x), forward(back.network, back.params, x)];
    const expected = model.predict(x) as tf.Tensor;
    for (const output of outputs) assertClose(output, expected);
    tf.dispose([params, back.params, x, outputs, expected]);
    model.dispose();
  }
});

test('the model and the parameters live apart', () => {
  const network = fc({ width: 2, depth: 2, input: [3], classes: 2 });
  const params = mapRecord(randomParams(network), (tensor) => tensor);
  const model = toLayersModel(network, params);
  const x = draw([1, 3]);
  const before = forward(network, params, x);
  tf.dispose(params);
  const after = model.predict(x) as tf.Tensor;
  assertClose(after, before);
  const copy = fromLayersModel(model);
  model.dispose();
  const again = forward(copy.network, copy.params, x);
  assertClose(again, before);
  tf.dispose([x, before, after, again, copy.params]);
});

test('a deep network goes there and back', () => {
  const network = resnet110({ input: [4, 4, 1] });
  const params = randomParams(network);
  const model = toLayersModel(network, params);
  const back = fromLayersModel(model);
  assert.deepEqual(back.network, network);
  tf.dispose([params, back.params]);
  model.dispose();
});

test('a softmax at the end is left out where asked for and named where not, dropout left out or kept', () => {
  const build = () => [
    layers.dense({ units: 3, activation: 'relu', name: 'hidden' }),
    layers.dropout({ rate: 0.5, name: 'drop' }),
    layers.dense({ units: 2, name: 'logits' }),
  ];
  const fused = () => sequential([4], layers.dense({ units: 2, activation: 'softmax', name: 'head' }));
  const head = fused();
  assert.throws(
    () => fromLayersModel(head),
    /invalid Dense head; networks here end in logits; .*strip: \['Softmax'\]: softmax/,
  );
  const { network, params } = fromLayersModel(head, { strip: ['Softmax'] });
  assert.deepEqual(
    network.nodes.map(({ op }) => op),
    ['input', 'dense'],
  );
  tf.dispose(params);
  head.dispose();
  for (const last of [layers.softmax(), layers.activation({ activation: 'softmax' })]) {
    const model = sequential([4], ...build(), last);
    const logits = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer('logits').output as tf.SymbolicTensor,
    });
    const { network, params } = fromLayersModel(model, { strip: ['Softmax'] });
    assert.deepEqual(network.nodes.find(({ op }) => op === 'dropout')?.id, 'drop');
    tf.dispose(params);
    assert.throws(() => fromLayersModel(model, { strip: ['Dropout'] }), /networks here end in logits/);
    assertConverts(model, logits);
  }
});

test('an unsupported layer or option is named', () => {
  const refuse = (model: tf.LayersModel, message: RegExp) => {
    assert.throws(() => fromLayersModel(model), message);
    model.dispose();
  };
  const map = [8, 8, 2];
  const end = () => [layers.flatten(), layers.dense({ units: 2 })];
  const oneConv = (options: Partial<Parameters<typeof layers.conv2d>[0]>) =>
    sequential(map, layers.conv2d({ filters: 2, kernelSize: 3, name: 'c', ...options }), ...end());
  refuse(
    oneConv({ dilationRate: [1, 2] }),
    /invalid Conv2D c; dilationRate that differs .* is not supported: \[1, 2\]/,
  );
  refuse(
    oneConv({ strides: [1, 2] }),
    /invalid Conv2D c; strides that differs .* is not supported: \[1, 2\]/,
  );
  refuse(oneConv({ activation: 'tanh' }), /invalid Conv2D c; activation is not supported: tanh/);
  refuse(oneConv({ activation: 'softmax' }), /invalid Conv2D c; softmax before the end is not supported/);
  refuse(
    oneConv({ dataFormat: 'channelsFirst' }),
    /invalid Conv2D c; dataFormat is not supported: channelsFirst/,
  );
  refuse(
    sequential(map, layers.reLU({ maxValue: 6, name: 'r' }), ...end()),
    /invalid ReLU r; maxValue is not supported: 6/,
  );
  refuse(
    sequential(map, layers.batchNormalization({ axis: 1, name: 'b' }), ...end()),
    /invalid BatchNormalization b; axis is not supported: 1/,
  );
  refuse(
    sequential(map, layers.averagePooling2d({ poolSize: [1, 2], name: 'p' }), ...end()),
    /invalid AveragePooling2D p; poolSize that differs .* is not supported: \[1, 2\]/,
  );
  refuse(
    sequential(
      map,
      layers.zeroPadding2d({ name: 'z' }),
      layers.maxPooling2d({ poolSize: 2, name: 'p' }),
      ...end(),
    ),
    /invalid MaxPooling2D p; reading a ZeroPadding2D is not supported: z/,
  );
  refuse(sequential([4], layers.elu({ name: 'e' })), /invalid ELU e; this layer is not supported/);
});

test('models of another form are refused', () => {
  for (const model of [undefined, 'model.json', { modelTopology: {} }])
    assert.throws(
      () => fromLayersModel(model as never),
      /invalid model; no LayersModel of tfjs; nets.loadLayersModel reads the file of one/,
    );
  const shared = layers.dense({ units: 4, name: 'shared' });
  const input = tf.input({ shape: [4] });
  const twice = tf.model({
    inputs: input,
    outputs: shared.apply(shared.apply(input)) as tf.SymbolicTensor,
  });
  assert.throws(
    () => fromLayersModel(twice),
    /invalid Dense shared; a layer used more than once is not supported: 2/,
  );
  twice.dispose();
  shared.dispose(); // tfjs counts each use
  const a = tf.input({ shape: [4] });
  const b = tf.input({ shape: [4] });
  const two = tf.model({ inputs: [a, b], outputs: layers.add().apply([a, b]) as tf.SymbolicTensor });
  assert.throws(() => fromLayersModel(two), /needs one input and one output, has: \[2, 1\]/);
  two.dispose();
  const open = sequential([8, 8, 1], layers.globalAveragePooling2d({}));
  const free = tf.input({ shape: [null, null, 1] });
  const anySize = tf.model({
    inputs: free,
    outputs: layers.globalAveragePooling2d({}).apply(free) as tf.SymbolicTensor,
  });
  assert.throws(() => fromLayersModel(anySize), /every extent of .* but the batch must be fixed: \[/);
  anySize.dispose();
  open.dispose();
  const map = sequential([8, 8, 1], layers.conv2d({ filters: 1, kernelSize: 3, name: 'c' }));
  assert.throws(() => fromLayersModel(map), /the output must be a vector/);
  map.dispose();
});

test('parameters of another network are refused', () => {
  const network = fc({ width: 2, depth: 2, input: [3], classes: 2 });
  assert.throws(() => toLayersModel(network, {}), /invalid params; .* needs: dense1\/kernel/);
  const g = graphBuilder([3]);
  g.channelScale('scale', g.input);
  const scale = { 'scale/scale': tf.ones([3]) };
  assert.throws(
    () => toLayersModel(g.build('scaled'), scale),
    /channelScale scale of a vector has no counterpart/,
  );
  tf.dispose(scale);
});

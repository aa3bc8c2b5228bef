import assert from 'node:assert/strict';
import {
  adam,
  applyMask,
  countPaths,
  createTrainer,
  datasets,
  effective,
  enumeratePaths,
  fc,
  figures,
  forward,
  graphBuilder,
  initialise,
  l1PathNorm,
  l2PathNorm,
  type Mask,
  type Network,
  nets,
  ntk,
  type Params,
  pathKernelTrace,
  paths,
  prune,
  saveParams,
  sgd,
  summary,
  testMetrics,
  tf,
  train,
} from '.';
import { test } from './testing';

const network = fc({ width: 5, depth: 2, input: [2, 2, 1], classes: 3 });
const images = (count: number) => ({
  count,
  pixels: Uint8Array.from({ length: 4 * count }, (_, i) => (37 * i) % 256),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 3),
});
const parts = {
  name: 'few',
  shape: [2, 2, 1] as [number, number, number],
  train: images(12),
  test: images(6),
};
const data = datasets.makeDataset({ ...parts, classes: 3 });

type Call = (network: Network, params: Params, mask?: Mask) => unknown;

/** Every function that takes a network with its parameters or a mask. */
const calls: Record<string, Call> = {
  forward: (...[net, params]) => tf.tidy(() => forward(net, params, tf.ones([2, 2, 2, 1]))),
  tangent: (...[net, params]) => tf.tidy(() => nets.tangent(net, params, {}, tf.ones([2, 2, 2, 1]))),
  linearPass: (...[net, params]) => tf.tidy(() => nets.linearPass(net, params, tf.ones([1, 2, 2, 1]), 1)),
  toLayersModel: (...[net, params]) => nets.toLayersModel(net, params),
  pathKernelTrace: (net, params, mask) => pathKernelTrace(net, params, { mask }),
  'pathKernelTrace as published': (net, params, mask) =>
    pathKernelTrace(net, params, { mask, convention: 'as-published-training' }),
  l1PathNorm: (net, params, mask) => l1PathNorm(net, params, { mask }),
  l2PathNorm: (net, params, mask) => l2PathNorm(net, params, { mask }),
  empiricalNtk: (net, params, mask) => {
    const x = tf.ones([2, 2, 2, 1]);
    return ntk.empiricalNtk(net, params, x, null, { mask }).finally(() => x.dispose());
  },
  tangentBound: (net, params, mask) => {
    const x = tf.ones([2, 2, 2, 1]);
    return ntk.tangentBound(net, params, x, { mask }).finally(() => x.dispose());
  },
  tangentSpectrum: (net, params, mask) => {
    const x = tf.ones([2, 2, 2, 1]);
    return ntk.tangentSpectrum(net, params, x, { mask, k: 1, probes: 0 }).finally(() => x.dispose());
  },
  jacobianProducts: (net, params, mask) =>
    tf.tidy(() => void ntk.jacobianProducts(net, params, tf.ones([2, 2, 2, 1]), { mask })),
  pathGradient: (net, params, mask) => paths.pathGradient(net, params, 1, { mask }),
  lift: (net, params, mask) => tf.tidy(() => paths.lift(net, params, 2, { mask })),
  enumeratePaths: (net, params, mask) => enumeratePaths(net, params, { mask }),
  pathActivity: (...[net, params]) =>
    tf.tidy(() => void paths.pathActivity(net, params, [], tf.ones([1, 2, 2, 1]))),
  applyMask: (net, params, mask) => tf.tidy(() => applyMask(net, params, mask ?? tf.tidy(() => ones(net)))),
  ...Object.fromEntries(
    ['magnitude', 'synflow', 'snip', 'grasp', 'random', 'synflow-l2-dist'].map((method): [string, Call] => [
      `prune ${method}`,
      (net, params, mask) =>
        prune(net, params, {
          method,
          density: 0.3,
          mask,
          data: method === 'magnitude' || method === 'synflow' || method === 'random' ? undefined : data,
          perClass: 2,
          iterations: 1,
        }),
    ]),
  ),
  train: (net, params, mask) => train(net, params, { data, mask, epochs: 1 }),
  createTrainer: (net, params, mask) => createTrainer(net, params, { data, mask }),
  testMetrics: (net, params, mask) => testMetrics(net, params, data, { mask }),
};

const ones = (net: Network): Mask =>
  Object.fromEntries(nets.kernelsOf(net).map(({ name, shape }) => [name, tf.ones([...shape])]));

async function refuses(call: () => unknown, message: RegExp, label: string): Promise<void> {
  await assert.rejects(async () => call(), { name: 'InvalidError', message }, label);
}

test('what are no parameters of the network is refused, by name, by every function', async () => {
  const params = initialise(network, { seed: 1 });
  const other = initialise(fc({ width: 7, depth: 3, input: [2, 2, 1], classes: 3 }), { seed: 1 });
  const half = initialise(network, { seed: 1 });
  half['dense2/kernel'].dispose();
  const kernel = (tensor: unknown) => ({ ...params, 'dense1/kernel': tensor });
  const extra = { int: tf.ones([4, 5], 'int32'), bool: tf.ones([4, 5], 'bool') };
  const wrong: [value: unknown, message: RegExp][] = [
    [undefined, /^invalid params; not an object of tensors by name: undefined$/],
    [null, /^invalid params; not an object of tensors by name: null$/],
    ['params', /^invalid params; not an object of tensors by name: params$/],
    [Promise.resolve(params), /^invalid params; not an object .*: a promise, await it first$/],
    [{}, /^invalid params; fc-5 needs: dense1\/kernel$/],
    [[1, 2], /^invalid params; fc-5 needs: dense1\/kernel$/],
    [other, /^invalid params; dense1\/kernel must have shape \[4, 5\]: \[4, 7\]$/],
    [half, /^invalid params; dense2\/kernel was disposed of, of shape: \[5, 3\]$/],
    [kernel([[1, 2]]), /^invalid params; dense1\/kernel is no tensor but: a list$/],
    [kernel(undefined), /^invalid params; dense1\/kernel is no tensor but: undefined$/],
    [kernel(extra.int), /^invalid params; dense1\/kernel must be float32: int32$/],
    [kernel(extra.bool), /^invalid params; dense1\/kernel must be float32: bool$/],
  ];
  for (const [name, call] of Object.entries(calls))
    for (const [value, message] of wrong)
      await refuses(() => call(network, value as Params), message, `${name}: ${message}`);
  tf.dispose([params, other, half, extra]);
});

test('what is no mask of the network is refused, by name, by every function', async () => {
  const params = initialise(network, { seed: 1 });
  const mask = ones(network);
  const other = ones(fc({ width: 7, depth: 2, input: [2, 2, 1], classes: 3 }));
  const gone = ones(network);
  tf.dispose(gone);
  const kernel = (tensor: unknown) => ({ ...mask, 'dense1/kernel': tensor });
  const extra = {
    bool: tf.ones([4, 5], 'bool'),
    half: tf.fill([4, 5], 0.5),
    nan: tf.fill([4, 5], Number.NaN),
  };
  const wrong: [value: unknown, message: RegExp][] = [
    ['mask', /^invalid mask; not an object of tensors by name: mask$/],
    [Promise.resolve(mask), /^invalid mask; not an object .*: a promise, await it first$/],
    [{}, /^invalid mask; no tensor dense1\/kernel, expected one of shape: \[4, 5\]$/],
    [
      { mask, report: {} },
      /^invalid mask; mask is no tensor but: an object of dense1\/kernel, dense2\/kernel$/,
    ],
    [other, /^invalid mask; dense1\/kernel needs shape \[4, 5\], has: \[4, 7\]$/],
    [gone, /^invalid mask; dense1\/kernel was disposed of, of shape: \[4, 5\]$/],
    [kernel([[1]]), /^invalid mask; dense1\/kernel is no tensor but: a list$/],
    [kernel(extra.bool), /^invalid mask; dense1\/kernel must be float32: bool$/],
    [kernel(extra.half), /^invalid mask; entries other than 0 and 1: dense1\/kernel$/],
    [kernel(extra.nan), /^invalid mask; entries other than 0 and 1: dense1\/kernel$/],
  ];
  const masked: Record<string, Call> = {
    ...Object.fromEntries(Object.entries(calls).filter(([, call]) => call.length > 2)),
    effective: (net, _, mask) => effective(net, mask as Mask),
    countPaths: (net, _, mask) => countPaths(net, { mask }),
    summary: (net, _, mask) => summary(net, { mask }),
  };
  for (const [name, call] of Object.entries(masked))
    for (const [value, message] of wrong)
      await refuses(() => call(network, params, value as Mask), message, `${name}: ${message}`);
  tf.dispose([params, mask, other, extra]);
});

test('what is no network is refused by every function', async () => {
  const params = initialise(network, { seed: 1 });
  const mask = ones(network);
  const all: Record<string, Call> = {
    ...calls,
    initialise: (net) => initialise(net, { seed: 1 }),
    effective: (net) => effective(net, mask),
    countPaths: (net) => countPaths(net),
    summary: (net) => summary(net),
    kernelsOf: (net) => nets.kernelsOf(net),
    unitFlows: (net) => paths.unitFlows(net, mask),
    pathJacobian: (net) => paths.pathJacobian(net, []),
  };
  const rule = '^invalid network; none such as fc\\(\\), buildNetwork\\(name\\) or a graphBuilder makes: ';
  const wrong: [value: unknown, what: string][] = [
    [undefined, 'undefined'],
    ['fc-100', 'fc-100'],
    [fc, 'a function fc'],
    [Promise.resolve(network), 'a promise, await it first'],
    [params, 'an object of dense1/kernel, dense1/bias, dense2/kernel, dense2/bias'],
  ];
  for (const [name, call] of Object.entries(all))
    for (const [value, what] of wrong)
      await refuses(() => call(value as Network, params), new RegExp(`${rule}${what}$`), `${name}: ${what}`);
  tf.dispose([params, mask]);
});

test('a network without kernels, or with one class, is named where it cannot do', async () => {
  const g = graphBuilder([3]);
  g.relu('relu', g.input);
  const bare = g.build('bare');
  const message =
    /^invalid network; has no kernels, the weights of dense and convolutional layers, for it: bare$/;
  for (const method of ['magnitude', 'synflow', 'random'])
    await refuses(() => prune(bare, {}, { method, density: 0.5 }), message, method);
  for (const call of [
    pathKernelTrace,
    (net: Network) => effective(net, {}),
    (net: Network) => paths.pathGradient(net, {}, 1),
  ])
    await refuses(() => call(bare, {}), message, call.name);
  assert.deepEqual(l1PathNorm(bare, {}).value, 3); // paths there are, of value 1
  const single = fc({ width: 5, depth: 2, input: [2, 2, 1], classes: 1 });
  const params = initialise(single, { seed: 1 });
  const one = datasets.makeDataset({
    ...parts,
    train: { ...parts.train, labels: new Uint8Array(12) },
    test: { ...parts.test, labels: new Uint8Array(6) },
    classes: 1,
  });
  const few = /^invalid network; fc-5 needs 2 classes or more for a cross-entropy, has: 1$/;
  for (const call of [
    () => train(single, params, { data: one, epochs: 1 }),
    () => testMetrics(single, params, one),
    () => prune(single, params, { method: 'snip', density: 0.5, data: one }),
  ])
    await refuses(call, few, String(call));
  assert.ok(pathKernelTrace(single, params).value > 0);
  tf.dispose(params);
});

test('images and labels that do not fit are refused', async () => {
  const params = initialise(network, { seed: 1 });
  const x = tf.ones([2, 2, 2, 1]);
  const labels = {
    int: tf.tensor1d([0, 2], 'int32'),
    float: tf.tensor1d([0, 1]),
    high: tf.tensor1d([0, 3], 'int32'),
  };
  const score = (batch: unknown) =>
    prune(network, params, { method: 'snip', density: 0.5, batch: batch as never });
  await refuses(
    () => score({ images: x, labels: labels.float }),
    /^invalid labels; not int32, take toInt\(\) of them: float32$/,
    'float',
  );
  await refuses(() => score({ images: x, labels: labels.high }), /^invalid labels; not 0 to 2: 3$/, 'high');
  await refuses(
    () => score({ images: x, labels: [0, 1] }),
    /^invalid batch; labels is no tensor but: a list$/,
    'list',
  );
  await refuses(
    () => score({ images: [1], labels: labels.int }),
    /^invalid batch; images is no tensor but: a list$/,
    'images',
  );
  await refuses(
    () => score({ labels: labels.int }),
    /^invalid batch; images is no tensor but: undefined$/,
    'none',
  );
  const wide = tf.ones([2, 3, 3, 1]);
  await refuses(
    () => score({ images: wide, labels: labels.int }),
    /^invalid input; fc-5 reads \[batch, 2, 2, 1\]: \[2, 3, 3, 1\]$/,
    'shape',
  );
  const trainer = createTrainer(network, params, { data });
  await refuses(
    () => trainer.gradients({ images: x as never, labels: labels.float }),
    /^invalid labels; not int32/,
    'gradients',
  );
  trainer.dispose();
  const [whole, none] = [tf.ones([2, 2, 2, 1], 'int32'), tf.zeros([0, 2, 2, 1])];
  await refuses(
    () => forward(network, params, whole),
    /^invalid input; not float32, take toFloat\(\) of it: int32$/,
    'int32',
  );
  await refuses(
    () => forward(network, params, none),
    /^invalid input; needs at least one sample: \[0, 2, 2, 1\]$/,
    'empty',
  );
  x.dispose();
  for (const call of [() => forward(network, params, x), () => l1PathNorm(network, params, { input: x })])
    await refuses(call, /^invalid input; x was disposed of, of shape: \[2, 2, 2, 1\]$/, 'disposed');
  for (const wrong of [undefined, Promise.resolve(data), 'mnist', {}])
    for (const call of [
      () => train(network, params, { data: wrong as never, epochs: 1 }),
      () => testMetrics(network, params, wrong as never),
    ])
      await refuses(call, /^invalid data; (is missing|a promise, await it|not a data set as)/, String(wrong));
  await refuses(
    () => saveParams('/nowhere/x', { a: x }),
    /^invalid tensors; a was disposed of/,
    'saveParams',
  );
  tf.dispose([params, labels, wide, whole, none]);
});

test('options of a wrong kind are refused, where they would count as something else', async () => {
  const params = initialise(network, { seed: 1 });
  const training = (options: object) => () => train(network, params, { data, epochs: 1, ...options });
  const pruning = (options: object) => () =>
    prune(network, params, { method: 'magnitude', density: 0.5, ...options });
  const cases: Record<string, [call: () => unknown, message: RegExp]> = {
    'a text for a density': [pruning({ density: '0.5' }), /^invalid density; not in \(0, 1\]: "0.5"$/],
    'a density of 0': [pruning({ density: 0 }), /^invalid density; not in \(0, 1\]: 0$/],
    'a density above 1': [pruning({ density: 1.01 }), /^invalid density; not in \(0, 1\]: 1.01$/],
    'a number for a layer': [
      pruning({ only: 1 }),
      /^invalid only; neither the name of a layer nor a regular expression: 1$/,
    ],
    'a text for a number of epochs': [
      training({ epochs: '5' }),
      /^invalid epochs; not a whole number of 0 or more: "5"$/,
    ],
    'a text for a batch': [training({ batch: '5' }), /^invalid batch; not a whole number of 1 or more: "5"$/],
    'a text for a flag': [training({ augment: 'false' }), /^invalid augment; not true or false: "false"$/],
    'a callback that is none': [training({ onEpoch: 'log' }), /^invalid onEpoch; not a function: log$/],
    'a controller for a signal': [
      training({ signal: new AbortController() }),
      /^invalid signal; not an AbortSignal/,
    ],
    'a number for frozen layers': [training({ freeze: [1] }), /^invalid freeze; not the name of a layer: 1$/],
    'null for frozen layers': [
      training({ freeze: null }),
      /^invalid freeze; not an object of tensors by name: null$/,
    ],
    'a number for a state': [training({ resume: 0 }), /^invalid options of resume; not an object: 0$/],
    'a text for a rate': [
      () => adam({ learningRate: '0.1' as never }),
      /^invalid learningRate; not a number: "0.1"$/,
    ],
    'a list for a decay': [
      () => adam({ weightDecay: [1] as never }),
      /^invalid weightDecay; not a number: \[1\]$/,
    ],
    'a text for Nesterov': [
      () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: 'no' as never }),
      /^invalid nesterov; not true or false: no$/,
    ],
    'a text for a shape': [
      () => fc({ input: '28' as never }),
      /^invalid network; input shape needs positive whole extents: "28"$/,
    ],
    'a text for a size': [
      () => graphBuilder([4, 4, 1]).conv2d('c', 'input', { filters: 1, size: '3' as never }),
      /^invalid network; size of c neither a number nor \[height, width\]: "3"$/,
    ],
    'a parameter that is none': [
      () => paths.pathGradient(network, params, 1, { names: ['dense1'] }),
      /^invalid parameter; unknown, did you mean/,
    ],
    'a text for a power': [
      () => paths.pathGradient(network, params, 1, { weight: '1' as never }),
      /^invalid weight; not 0, 1 or 2: "1"$/,
    ],
    'no rows': [
      () => figures.traceByMethod(undefined as never),
      /^invalid rows; not an array of rows: "undefined"$/,
    ],
    'a row that is none': [
      () => figures.lines([null as never], { title: '', x: '', y: '' }),
      /^invalid rows; row 0 is no record: null$/,
    ],
    'a report that is none': [
      () => figures.layerDensities([null as never]),
      /^invalid reports; no report of prune: null$/,
    ],
    'no eigenvalues': [
      () => figures.spectrum(null as never),
      /^invalid eigenvalues; neither a list nor lists by label: null$/,
    ],
    'no list to draw from': [
      () => figures.bootstrapInterval('12' as never, () => 0),
      /^invalid values; not a list: "12"$/,
    ],
  };
  for (const [name, [call, message]] of Object.entries(cases)) await refuses(call, message, name);
  tf.dispose(params);
});

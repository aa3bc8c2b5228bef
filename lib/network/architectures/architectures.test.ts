import assert from 'node:assert/strict';
import { test } from 'node:test';
import { product } from '../../base';
import { workedExample } from '../../testing/workedExample';
import type { Network } from '../graph';
import type { Node } from '../ops';
import { summary } from '../summary';
import { type Architecture, architectures, buildNetwork, registerModel } from './architectures';
import { fc } from './fc';
import reference from './fixtures/architectures.json';
import { resnet, resnet20 } from './resnet';
import { resnet18, wideResnet18 } from './resnet18';
import { vgg, vgg16 } from './vgg';

type Published = (typeof reference.models)[number];
type Module = readonly [type: string, output: number[]];

/** The name here of a published model: `tinyimagenet.vgg11_bn` is `vgg11-bn-tiny`. */
function nameHere(published: string): string {
  const [family, model] = published.split('.');
  if (model === 'fc') return 'fc-100';
  if (model === 'fc_orth') return 'fc-100-orth';
  // The threshold of its convolutions is learnt: a scalar each, beside the same weights.
  if (model === 'strconv') return 'conv';
  const name = model.replace('wide_', 'wide-').replace('_', '-');
  return family === 'tinyimagenet' && name.startsWith('vgg') ? `${name}-tiny` : name;
}

/** The published shape `[channels, height, width]` in the order used here. */
function channelsLast([channels, ...extents]: number[]): number[] {
  return [...extents, channels];
}

function build(published: Published): Network {
  const options = { input: channelsLast(published.input_shape), classes: published.classes };
  // Published as wide, but no wider than the plain one.
  const name = published.name.replace('wide_resnet18', 'resnet18');
  return buildNetwork(nameHere(name), options);
}

/** The node as the reference writes it: `conv 3>16 k3 s1 p1 bias`. */
function describe(network: Network, node: Node): Module {
  const [x] = node.inputs.map((id) => network.shapes[id]);
  const shape = network.shapes[node.id];
  const output = shape.length === 3 ? [shape[2], shape[0], shape[1]] : [...shape];
  switch (node.op) {
    case 'conv2d': {
      const bias = node.bias === undefined ? '' : ' bias';
      const [padding, ...others] = typeof node.padding === 'number' ? [node.padding] : node.padding;
      assert.ok(others.every((side) => side === padding) && node.size[0] === node.size[1]);
      return [`conv ${x[2]}>${node.filters} k${node.size[0]} s${node.stride} p${padding}${bias}`, output];
    }
    case 'dense':
      return [`linear ${x[0]}>${node.units}${node.bias === undefined ? '' : ' bias'}`, output];
    case 'batchNorm':
      return [`bn ${output[0]}`, output];
    case 'maxPool':
      return [`MaxPool2d k${node.size} s${node.stride}`, output];
    case 'relu':
      return ['ReLU', output];
    case 'flatten':
      return ['Flatten', output];
    case 'channelScale':
      return ['Identity2d', output];
    case 'globalAvgPool':
      return ['AdaptiveAvgPool2d (1, 1)', [...output, 1, 1]];
    default:
      return [node.op, output];
  }
}

const functional = new Set(['ReLU', 'Flatten', 'AdaptiveAvgPool2d (1, 1)', 'Identity2d', 'Dropout']);
const isModule = ([type]: Module): boolean => !functional.has(type) && type !== 'input' && type !== 'add';

function published(model: Published): Module[] {
  return model.modules.map(([, type, output]) => [type as string, output as number[]] as const);
}

function count(network: Network, ...roles: string[]): number {
  return network.parameters
    .filter(({ role }) => roles.includes(role))
    .reduce((sum, { shape }) => sum + product(shape), 0);
}

test('the published architectures are all here', () => {
  assert.equal(reference.models.length, 44);
});

for (const model of reference.models) {
  const title = `${model.name} for ${model.data}`;
  test(`${title} has the published layers, in order, with their sizes, strides, padding, biases and shapes`, () => {
    const network = build(model);
    const here = network.nodes.map((node) => describe(network, node)).filter(isModule);
    assert.deepEqual(here, published(model).filter(isModule));
  });

  test(`${title} has the published parameter counts`, () => {
    const network = build(model);
    const thresholds = model.name === 'mlp.strconv' ? 2 : 0;
    assert.equal(count(network, 'kernel'), model.prunable_weights);
    assert.equal(count(network, 'bias', 'beta'), model.biases_and_bn_shifts);
    assert.equal(
      count(network, 'kernel', 'bias', 'gamma', 'beta'),
      model.parameters_all_named - model.identity_shortcut_weights - thresholds,
    );
  });

  test(`${title} has its nonlinearities, flattening and pools where the published one lists them`, () => {
    const listed = new Set(published(model).map(([type]) => type));
    const compared = ([type]: Module) => isModule([type, []]) || (listed.has(type) && type !== 'Dropout');
    // The published code lists a ReLU module twice in a row where it is shared; a second ReLU changes nothing.
    const once = published(model).filter(
      ([type], index, all) => !(type === 'ReLU' && all[index - 1]?.[0] === 'ReLU'),
    );
    const network = build(model);
    const here = network.nodes.map((node) => describe(network, node));
    // Published residual nets list the ReLUs within a block, not the one after the addition.
    const sums = new Set(network.nodes.flatMap(({ op, id }) => (op === 'add' ? [id] : [])));
    const afterSum = network.nodes.map(({ op, inputs }) => op === 'relu' && sums.has(inputs[0]));
    // Published VGG for Tiny-ImageNet flattens by a reshape, which is not a module.
    assert.deepEqual(
      here.filter((module, index) => compared(module) && !afterSum[index]),
      once.filter((module) => compared(module) && module[0] !== 'Identity2d'),
    );
  });
}

test('identity shortcuts carry a weight a channel where asked for, and the counts equal the published ones', () => {
  for (const model of reference.models.filter(({ name }) => name.includes('resnet'))) {
    const name = nameHere(model.name.replace('wide_resnet18', 'resnet18'));
    const options = { input: channelsLast(model.input_shape), classes: model.classes };
    const network = buildNetwork(name, { ...options, identityWeights: true });
    assert.equal(count(network, 'scale'), model.identity_shortcut_weights);
    assert.equal(count(network, 'kernel', 'bias', 'gamma', 'beta', 'scale'), model.parameters_all_named);
    const here = network.nodes.map((node) => describe(network, node));
    const shortcuts = ([type]: Module) => type === 'Identity2d' || type.startsWith('conv');
    assert.deepEqual(here.filter(shortcuts), published(model).filter(shortcuts));
  }
});

test('shortcuts of zeros carry no weights: the counts are those of section 4.2 of He et al. and of their published form', () => {
  const counts = { 20: 269_722, 32: 464_154, 56: 853_018, 110: 1_727_962 };
  for (const [depth, expected] of Object.entries(counts)) {
    const network = resnet({ depth: Number(depth), shortcut: 'padding' });
    const trained = network.parameters.filter(({ role }) => role !== 'mean' && role !== 'variance');
    assert.equal(
      trained.reduce((sum, { shape }) => sum + product(shape), 0),
      expected,
    );
    const pads = network.nodes.flatMap((node) =>
      node.op === 'padChannels' ? [[node.stride, node.before, node.after]] : [],
    );
    assert.deepEqual(pads, [
      [2, 8, 8],
      [2, 16, 16],
    ]);
  }
  assert.throws(
    () => resnet20({ shortcut: 'A' as 'padding' }),
    /invalid shortcut; unknown, did you mean padding or projection: A/,
  );
});

test('wide-resnet18 is twice as wide as resnet18, where the published one is no wider', () => {
  const model = reference.models.find(({ name }) => name === 'tinyimagenet.wide_resnet18');
  assert.equal(model?.prunable_weights, count(resnet18(), 'kernel'));
  const [plain, wide] = [resnet18(), wideResnet18()].map((network) =>
    network.nodes.flatMap((node) => (node.op === 'conv2d' ? [node.filters] : [])),
  );
  assert.deepEqual(
    wide,
    plain.map((filters) => 2 * filters),
  );
});

test('every architecture is called by its name in the table', () => {
  for (const [name, architecture] of Object.entries(architectures)) assert.equal(architecture().name, name);
});

test('input shape and classes are options of every architecture', () => {
  for (const name of Object.keys(architectures)) {
    const network = buildNetwork(name, { input: [48, 40, 2], classes: 7 });
    assert.deepEqual([network.input, network.classes], [[48, 40, 2], 7]);
  }
});

test('the orthogonal variants differ from the plain ones by their initialiser alone', () => {
  for (const name of ['fc-100', 'conv']) {
    const { initialiser, name: _, ...orthogonal } = buildNetwork(`${name}-orth`);
    const { name: __, ...plain } = buildNetwork(name);
    assert.equal(initialiser, 'orthogonal');
    assert.deepEqual(orthogonal, plain);
  }
});

test('a fully connected network reads vectors as they are', () => {
  const network = fc({ width: 3, depth: 2, input: [5], classes: 2 });
  assert.deepEqual(
    network.nodes.map(({ id }) => id),
    ['input', 'dense1', 'relu1', 'dense2'],
  );
});

test('parameters are called by stage, block and layer', () => {
  const names = new Set(resnet20().parameters.map(({ name }) => name));
  for (const name of [
    'stem/conv/kernel',
    'stage2/block1/conv1/kernel',
    'stage2/block1/bn1/gamma',
    'stage2/block1/shortcut/conv/kernel',
    'fc/bias',
  ])
    assert.ok(names.has(name), name);
});

test("a model of one's own, that of CONTRIBUTING, is built by its name until it is taken out", () => {
  const { tiny } = workedExample('model', 'lib/network/architectures') as { tiny: Architecture };
  const takeOut = registerModel('mine', tiny);
  const network = buildNetwork('mine', { input: [6, 6, 2], classes: 3 });
  assert.equal(summary(network).at(-1)?.parameters, 9 * 2 * 8 + 8 * 3 + 3);
  takeOut();
  assert.throws(() => buildNetwork('mine'), /invalid model; unknown/);
  for (const name of ['fc', 'conv', 'a b']) assert.throws(() => registerModel(name, fc), /invalid model; /);
  assert.throws(() => registerModel('mine', 3 as never), {
    message: 'invalid model mine; not a function: 3',
  });
});

test('an unknown name is answered with the nearest ones', () => {
  assert.throws(
    () => buildNetwork('resnet-20'),
    /^InvalidError: invalid model; unknown, did you mean resnet20, /,
  );
});

test('sizes that make no network are refused', () => {
  assert.throws(() => fc({ width: 0 }), /units of dense1 not a positive whole number: 0/);
  assert.throws(() => fc({ depth: Number.NaN }), /invalid depth; not a positive whole number: NaN/);
  assert.throws(() => fc({ classes: 2.5 }), /units of dense6 not a positive whole number: 2.5/);
  assert.throws(() => fc({ input: [28, 0, 1] }), /input shape needs positive whole extents: \[28, 0, 1\]/);
  assert.throws(() => resnet({ depth: 21 }), /invalid depth; not 6n \+ 2 with n ≥ 1: 21/);
  assert.throws(() => resnet({ depth: 20, widen: 0 }), /invalid widen; channels must be positive/);
  assert.throws(() => vgg16({ input: [4, 4, 3] }), /window 2×2 with stride 2 does not fit at stage3\/pool/);
  assert.throws(() => vgg({ depth: 12 as 11 }), /invalid VGG depth; unknown/);
});

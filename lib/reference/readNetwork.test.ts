import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { graphBuilder, type Network, pytorchShapes } from '../network';
import { ops } from '../network/ops';
import { randomNetworks } from '../path/testRandomNetwork';
import type { Fields } from './jsonFields';
import { readNetwork } from './readNetwork';

/** Names of parameters in nodes here and in files; what files leave to the shapes of parameters. */
const named: Record<string, string> = { kernel: 'weight', gamma: 'scale', beta: 'shift', scale: 'weight' };
const implied: Record<string, string[]> = { conv2d: ['filters', 'size'], dense: ['units'] };

/** The nodes of a network as a file lists them. */
function listed({ nodes }: Network): Fields[] {
  return nodes.map(({ inputs, ...node }) => {
    if (node.op === 'input')
      return { ...node, input: [], shape: [node.shape[2], node.shape[0], node.shape[1]] };
    const entries = Object.entries(node).filter(([name]) => !implied[node.op]?.includes(name));
    const fieldOf = (name: string) =>
      node.op === 'parametricRelu' && name === 'slope' ? 'weight' : (named[name] ?? name);
    return { input: inputs, ...Object.fromEntries(entries.map(([name, value]) => [fieldOf(name), value])) };
  });
}

test('a network of any ops is read as it was written', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(randomNetworks, (network) => {
      let shapes: ReturnType<typeof pytorchShapes>;
      try {
        shapes = pytorchShapes(network);
      } catch (error) {
        assert.match(String(error), /PyTorch orders? differently/);
        return;
      }
      const read = readNetwork('random', JSON.parse(JSON.stringify(listed(network))), shapes);
      assert.deepEqual(read, network);
      for (const { op } of network.nodes) seen.add(op);
    }),
    { numRuns: 200, seed: 1 },
  );
  assert.deepEqual([...seen].sort(), Object.keys(ops).sort());
});

const input = { id: 'x', op: 'input', input: [], shape: [4, 9, 8] };
const conv = { id: 'c', op: 'conv2d', input: ['x'], weight: 'c.weight', stride: 1, padding: 0, groups: 2 };
const end = [
  { id: 'mean', op: 'globalAvgPool', input: ['pool'] },
  { id: 'out', op: 'dense', input: ['mean'], weight: 'out.weight', bias: null },
];
const shapes = { 'c.weight': [6, 2, 3, 2], 'out.weight': [5, 6] };

test('settings as PyTorch has them, pairs for rows and columns, are those of the builder', () => {
  const pool = { id: 'pool', op: 'maxPool', input: ['c'], size: [3, 3], stride: [2, 2], padding: [1, 0] };
  const read = readNetwork(
    'grouped',
    [
      input,
      { ...conv, stride: [1, 1], padding: [2, 1], dilation: [2, 2] },
      { ...pool, dilation: 1, ceil_mode: false },
      ...end,
    ],
    shapes,
  );
  const g = graphBuilder([9, 8, 4]);
  const c = g.conv2d('c', g.input, {
    filters: 6,
    size: [3, 2],
    padding: [2, 2, 1, 1],
    dilation: 2,
    groups: 2,
  });
  const pooled = g.maxPool('pool', c, { size: 3, stride: 2, padding: [1, 1, 0, 0] });
  g.dense('out', g.globalAvgPool('mean', pooled), { units: 5, bias: false });
  const expected = g.build('grouped');
  assert.deepEqual(read.shapes, expected.shapes);
  const names = (value: unknown) =>
    typeof value === 'string' ? value.replace(/\.weight$/, '/kernel') : value;
  assert.deepEqual(
    read.nodes.map((node) => Object.fromEntries(Object.entries(node).map(([key, v]) => [key, names(v)]))),
    expected.nodes,
  );
});

const refused: Record<string, { nodes: readonly Fields[]; says: RegExp }> = {
  'an op nobody knows': {
    nodes: [{ ...conv, op: 'conv3d' }],
    says: /invalid op of node c; unknown, did you mean conv2d/,
  },
  'a setting nobody knows': {
    nodes: [{ ...conv, dilate: 2 }],
    says: /invalid options of conv2d c; unknown, did you mean dilation, .*: dilate/,
  },
  'a window counted beyond the border': {
    nodes: [conv, { id: 'pool', op: 'maxPool', input: ['c'], size: 2, ceil_mode: true }],
    says: /invalid options of maxPool pool; unknown, did you mean .*: ceil_mode/,
  },
  'steps that differ': {
    nodes: [{ ...conv, stride: [1, 2] }],
    says: /size and stride of c must be positive whole/,
  },
  'a padding by name': {
    nodes: [{ ...conv, padding: 'same' }],
    says: /padding of c not whole or negative: same/,
  },
  'a layer without a weight': {
    nodes: [{ ...conv, weight: null }],
    says: /filters of c not a positive whole number: undefined/,
  },
  'a weight that is not listed': {
    nodes: [{ ...conv, weight: 'd' }],
    says: /a parameter that is not listed: d/,
  },
  'a weight that is no name': { nodes: [{ ...conv, weight: 3 }], says: /c\.weight must be a text: 3/ },
  'a weight where there is none': {
    nodes: [conv, { id: 'pool', op: 'relu', input: ['c'], weight: 'c.weight' }],
    says: /pool has no such parameter: weight/,
  },
  'a batch norm below 0': {
    nodes: [conv, { id: 'pool', op: 'batchNorm', input: ['c'], epsilon: -1 }],
    says: /epsilon of pool not 0 or more: -1/,
  },
};

for (const [what, { nodes, says }] of Object.entries(refused))
  test(`${what} is refused`, () => {
    assert.throws(() => readNetwork('refused', [input, ...nodes, ...end], shapes), says);
  });

test('a file whose first node is no input is refused', () => {
  assert.throws(() => readNetwork('headless', [conv], shapes), /the first node must be the input: c/);
});

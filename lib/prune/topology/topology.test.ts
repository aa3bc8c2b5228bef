import assert from 'node:assert/strict';
import propertyOf from 'fast-check';
import { graphBuilder, initialise, kernelsOf, type Network, type Params, resnet20 } from '../..';
import { randomMask, randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import { mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { componentsAt, forestMask, layerForests, networkForest, persistence, spanningForest } from '.';
import { maximumForest } from './maximumForest';

/** How many components a graph has, by search from node to node. */
function componentsOf(nodes: number, edges: readonly (readonly [number, number])[]): number {
  const seen = new Set<number>();
  const visit = (node: number): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const [a, b] of edges) {
      if (a === node) visit(b);
      if (b === node) visit(a);
    }
  };
  let count = 0;
  for (let node = 0; node < nodes; node++) {
    if (!seen.has(node)) count++;
    visit(node);
  }
  return count;
}

const graphs = propertyOf.integer({ min: 1, max: 8 }).chain((nodes) =>
  propertyOf.record({
    nodes: propertyOf.constant(nodes),
    edges: propertyOf.array(
      propertyOf.tuple(propertyOf.nat(nodes - 1), propertyOf.nat(nodes - 1), propertyOf.nat(5)),
      { maxLength: 16 },
    ),
  }),
);

test('a forest has at each threshold the components of its graph, and the largest weight of all forests', () => {
  propertyOf.assert(
    propertyOf.property(graphs, ({ nodes, edges }) => {
      const [from, to, weight] = [0, 1, 2].map((column) => edges.map((edge) => edge[column]));
      const taken = maximumForest(nodes, { from, to, weight });
      const forest = {
        nodes,
        components: nodes - taken.length,
        edges: taken.map((edge) => ({ input: from[edge], output: to[edge], weight: weight[edge], index: 0 })),
      };
      for (const threshold of [0, 1, 2, 3, 4, 5, 6]) {
        const left = edges.filter(([, , size]) => size >= threshold);
        const expected = componentsOf(
          nodes,
          left.map(([a, b]) => [a, b] as const),
        );
        assert.equal(componentsAt(forest, [threshold])[0], expected);
      }
      assert.equal(forest.components, componentsAt(forest, [0])[0]);
      // the cycle rule: an edge is in it where the edges before it, heaviest first, do not join its ends
      edges.forEach(([a, b, size], edge) => {
        const before = edges.filter(([, , other], i) => other > size || (other === size && i < edge));
        const joins = before.map(([c, d]) => [c, d] as const);
        const isBridge = componentsOf(nodes, [...joins, [a, b]]) < componentsOf(nodes, joins);
        assert.equal(taken.includes(edge), isBridge);
      });
    }),
  );
});

test('LeNet-300-100 has 1591 weights in the trees of its layers and 1193 in that of the network', () => {
  const network = lenet();
  const params = initialise(network, { seed: 1 });
  for (const by of ['magnitude', 'path-mass'] as const) {
    const counts = Object.values(layerForests(network, params, { by })).map(({ edges }) => edges.length);
    assert.deepEqual(counts, [1083, 399, 109]);
    const { nodes, components, edges } = networkForest(network, params, { by });
    assert.deepEqual([nodes, components, edges.length], [1194, 1, 1193]);
  }
  tf.dispose(params);
});

function lenet(): Network {
  const g = graphBuilder([784]);
  const first = g.relu('open1', g.dense('first', g.input, { units: 300, bias: false }));
  const second = g.relu('open2', g.dense('second', first, { units: 100, bias: false }));
  g.dense('third', second, { units: 10, bias: false });
  return g.build('lenet-300-100');
}

const withResidual = (body: (network: Network, params: Params) => void) => {
  const network = smallResidual();
  const params = randomParams(network);
  body(network, params);
  tf.dispose(params);
};

test('an edge of a convolution is its largest element, or the norm of all, and the largest is kept', () =>
  withResidual((_, params) => {
    const kernel = params['branch/kernel']; // [3, 3, 2, 2]
    const values = [...kernel.dataSync()];
    for (const norm of ['max', 'l2'] as const) {
      const forest = spanningForest(kernel, { norm });
      assert.deepEqual([forest.nodes, forest.components, forest.edges.length], [4, 1, 3]);
      for (const { input, output, weight, index } of forest.edges) {
        const own = values.filter((_, i) => i % 4 === input * 2 + output).map(Math.abs);
        assert.equal(Math.abs(values[index]), Math.max(...own));
        const expected = norm === 'max' ? Math.max(...own) : Math.hypot(...own);
        assert.ok(Math.abs(weight - expected) < 1e-12);
      }
    }
  }));

test('groups of a convolution have a tree each, and a mask leaves a forest of what it keeps', () => {
  const weights = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]); // of four inputs in two groups
  const grouped = spanningForest(weights, { groups: 2 });
  assert.deepEqual([grouped.nodes, grouped.components], [8, 2]);
  assert.ok(grouped.edges.every(({ input, output }) => Math.floor(input / 2) === Math.floor(output / 2)));
  const mask = tf.tensor4d([1, 0, 0, 0, 0, 0, 0, 1], [1, 1, 2, 4]);
  const { edges, components } = spanningForest(weights, { mask });
  assert.deepEqual(
    edges.map(({ input, output }) => [input, output]),
    [
      [1, 3],
      [0, 0],
    ],
  );
  assert.equal(components, 4);
  tf.dispose([weights, mask]);
});

test('channels that additions, pools and flattening join are one node of the network', () => {
  withResidual((network, params) => {
    // input 1; stem 2, read by branch and shortcut 2 → 2 that are added; out 2
    const { nodes, components, edges } = networkForest(network, params);
    assert.deepEqual([nodes, components, edges.length], [7, 1, 6]);
  });
});

test('a forest of the layers joins all that a layer joins, and of the network under any mask no more than its graph', () =>
  withResidual((network, params) => {
    for (let seed = 0; seed < 10; seed++) {
      const mask = randomMask(network, 0.3, seed);
      const whole = networkForest(network, params, { mask });
      const parts = layerForests(network, params, { mask });
      const largest = Object.values(parts).reduce((sum, { edges }) => sum + edges.length, 0);
      assert.ok(whole.edges.length <= largest);
      for (const forest of [whole, parts]) {
        const kept = forestMask(network, forest as typeof whole);
        for (const [name, bits] of Object.entries(mapRecord(kept, (tensor) => [...tensor.dataSync()]))) {
          const before = mask[name].dataSync();
          assert.ok(bits.every((bit, i) => bit <= before[i]));
        }
        tf.dispose(kept);
      }
      tf.dispose(mask);
    }
  }));

test('persistence is that of the deaths', () => {
  const weights = tf.tensor2d([4, 2, 1, 3], [2, 2]);
  const forest = spanningForest(weights); // 4, 3 and 2
  const { points, total, norm, normalised } = persistence(forest);
  assert.deepEqual(points, [
    [1, 1],
    [1, 0.75],
    [1, 0.5],
  ]);
  assert.deepEqual(
    [total, norm, normalised],
    [0.75, Math.hypot(0.25, 0.5), Math.hypot(0.25, 0.5) / Math.sqrt(3)],
  );
  assert.equal(persistence(forest, { largest: 8, power: 1 }).norm, 0.5 + 0.625 + 0.75);
  assert.deepEqual(componentsAt(forest, [5, 4, 3, 2, 0]), [4, 3, 2, 1, 1]);
  assert.throws(
    () => persistence(forest, { largest: 3 }),
    /invalid largest; not above 0 and 4, the largest edge: 3/,
  );
  assert.throws(() => persistence(forest, { power: 0 }), /invalid power/);
  const none = tf.zeros([2, 2]);
  const empty = spanningForest(weights, { mask: none });
  assert.deepEqual([empty.components, persistence(empty).total], [4, 0]);
  tf.dispose([weights, none]);
});

test('wrong weights, masks, norms and forests are refused', () => {
  const network = smallMlp();
  const params = randomParams(network);
  const vector = tf.ones([3]);
  const kernel = params['first/kernel'];
  assert.throws(() => spanningForest(vector), /invalid weights; no kernel of a layer/);
  assert.throws(
    () => spanningForest(kernel, { mask: vector }),
    /invalid mask; not of the weights’ shape \[3,4\]: \[3\]/,
  );
  assert.throws(() => spanningForest(kernel, { norm: 'l1' as never }), /invalid norm/);
  assert.throws(() => networkForest(network, params, { by: 'mass' as never }), /invalid by/);
  assert.throws(() => forestMask(network, { other: spanningForest(kernel) }), /invalid forest; .*: other/);
  tf.dispose([params, vector]);
});

test('spanning trees of ResNet-20 are a two-hundredth of it', () => {
  const network = resnet20();
  const params = initialise(network, { seed: 1 });
  const forests = layerForests(network, params);
  for (const { name, shape } of kernelsOf(network)) {
    const [inputs, outputs] = shape.slice(-2);
    assert.equal(forests[name].edges.length, inputs + outputs - 1);
  }
  tf.dispose(params);
});

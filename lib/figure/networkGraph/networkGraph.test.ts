import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  applyMask,
  forward,
  fc as fullyConnected,
  graphBuilder,
  initialise,
  type Network,
} from '../../network';
import { countPaths, enumeratePaths, pathActivity } from '../../path';
import { randomMask, randomParams } from '../../path/testNetworks';
import { randomNetworks } from '../../path/testRandomNetwork';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import type { Figure } from '../figure';
import { testDrawn } from '../testDrawn';
import { networkGraph } from './networkGraph';
import { readGraph, type Through } from './readGraph';

function toy(): Network {
  const g = graphBuilder([2]);
  const h1 = g.relu('relu1', g.dense('W1', g.input, { units: 3, bias: false }));
  const h2 = g.relu('relu2', g.dense('W2', h1, { units: 2, bias: false }));
  g.dense('W3', h2, { units: 2, bias: false });
  return g.build('toy');
}

/** A shortcut around a layer, convolutions side by side, and a pool. */
function branches(): Network {
  const g = graphBuilder([3, 3, 1]);
  const stem = g.relu('open', g.batchNorm('norm', g.conv2d('stem', g.input, { filters: 2 })));
  const added = g.add('sum', stem, g.conv2d('inner', stem, { filters: 2 }));
  const sides = [1, 3].map((size) => g.conv2d(`side${size}`, added, { filters: 2, size }));
  g.dense('out', g.globalAvgPool('pool', g.relu('open2', g.concat('both', ...(sides as [string, string])))), {
    units: 2,
  });
  return g.build('branches');
}

/** A network with random weights, a mask and inputs. */
function drawn(network: Network, options: { density?: number; n?: number } = {}): Figure {
  const params = randomParams(network);
  const mask = options.density === undefined ? undefined : randomMask(network, options.density);
  const inputs = options.n ? normalTensor([options.n, ...network.input], 5) : undefined;
  const figure = networkGraph(network, params, { mask, inputs });
  tf.dispose([params, mask ?? {}, inputs ?? {}]);
  return figure;
}

testDrawn({
  'networkGraph-inputs': drawn(toy(), { n: 2 }),
  'networkGraph-mask': drawn(toy(), { density: 0.6 }),
  'networkGraph-branches': drawn(branches(), { density: 0.6, n: 1 }),
});

function assertThrough(found: Through, values: readonly number[], text: string): void {
  const sum = values.reduce((total, value) => total + value, 0);
  const size = values.reduce((total, value) => total + Math.abs(value), 0);
  assert.equal(found.count, values.length, text);
  assert.ok(Math.abs(found.sum - sum) <= 1e-9 * size, `${text}: ${found.sum} is not ${sum}`);
}

for (const density of [undefined, 0.7])
  test(`paths through units and weights of random networks are those that enumeration finds${density ? ', with a mask' : ''}`, () => {
    const property = (network: Network, seed: number) => {
      if (countPaths(network).count > 2000n) return;
      tf.tidy(() => {
        const params = randomParams(network, { seed });
        const mask = density === undefined ? undefined : randomMask(network, density, seed);
        const x = normalTensor([2, ...network.input], seed);
        const graph = readGraph(network, params, { mask, x, most: 1000 });
        const own = mask ? applyMask(network, params, mask) : params;
        const paths = enumeratePaths(network, params, { mask });
        const starts = x.reshape([2, -1]).arraySync() as number[][];
        const activity = [paths.map(() => 1), ...pathActivity(network, own, paths, x)];
        graph.states.forEach((state, i) => {
          const start = (input: number) => (i === 0 ? 1 : starts[i - 1][input]);
          const open = paths.flatMap((path, p) =>
            activity[i][p] === 0
              ? []
              : [{ ...path, v: activity[i][p] * path.value * path.constant * start(path.input) }],
          );
          assertThrough(
            state.total,
            open.map(({ v }) => v),
            'total',
          );
          graph.lines.forEach(({ node, weights }, line) => {
            if (weights.length === 0) return;
            const some = new Set(weights);
            const on = open.filter((path) =>
              path.weights.some(({ name, index }) => name === `${node}/kernel` && some.has(index)),
            );
            assertThrough(
              state.lines[line],
              on.map(({ v }) => v),
              `line of ${node}`,
            );
          });
          for (const { id, first, size } of graph.columns) {
            const kernel = network.parameters.find(({ name }) => name === `${id}/kernel`);
            for (let unit = first; kernel && unit < first + size; unit++) {
              const into = open.filter((path) =>
                path.weights.some(({ name, index }) => name === kernel.name && index % size === unit - first),
              );
              assertThrough(
                state.units[unit],
                into.map(({ v }) => v),
                `unit of ${id}`,
              );
            }
          }
        });
        const outputs = forward(network, own, x).arraySync();
        const last = graph.columns[graph.columns.length - 1];
        for (const [sample, row] of outputs.entries())
          for (const [k, output] of row.entries()) {
            const found = graph.states[sample + 1].activations[last.first + k][last.id];
            assert.ok(Math.abs(found - output) <= 1e-6, `${found} is not ${output}`);
          }
      });
    };
    fc.assert(fc.property(randomNetworks, fc.nat(99), property), { numRuns: 40, seed: 1 });
  });

test('each of the terms of a sum has a line, and with padding and flattening every unit is that of its channel', () => {
  const network = branches();
  tf.tidy(() => {
    const graph = readGraph(network, randomParams(network), { most: 12 });
    assert.deepEqual(
      graph.columns.map(({ id, size, nodes }) => [id, size, nodes.slice(1).join()]),
      [
        ['input', 1, ''],
        ['stem', 2, 'norm,open'],
        ['inner', 2, ''],
        ['sum', 2, ''],
        ['side1', 2, 'both,open2,pool'],
        ['side3', 2, 'both,open2,pool'],
        ['out', 2, ''],
      ],
    );
    const [state] = graph.states;
    const [stem, inner, sum] = [1, 3, 5].map((first) => [0, 1].map((c) => state.units[first + c].count));
    graph.lines.forEach(({ node, from, to }, line) => {
      if (node === 'sum') assert.equal(to, from === 1 || from === 3 ? 5 : 6);
      if (node === 'sum' && from >= 3) assert.equal(state.lines[line].count, inner[from - 3]);
    });
    const around = graph.lines.flatMap(({ node, from }, line) =>
      node === 'sum' && from < 3 ? [state.lines[line].count] : [],
    );
    const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    assert.deepEqual(
      [total(stem), total(sum), total(inner) + total(around)],
      Array(3).fill(state.total.count),
    );
    assert.equal(BigInt(state.total.count), countPaths(network).count);
  });
});

test('of a large layer the units with most paths are drawn, pixel by pixel where an image is flattened first', () => {
  const network = fullyConnected({ width: 40, depth: 2, input: [6, 6, 1], classes: 3 });
  const params = initialise(network, { seed: 1 });
  const mask = Object.fromEntries(
    network.parameters.flatMap(({ name, role, shape }) =>
      role === 'kernel' ? [[name, tf.zeros([...shape])]] : [],
    ),
  );
  mask['dense1/kernel'].dispose();
  mask['dense1/kernel'] = tf.tidy(() => tf.oneHot(tf.fill([36], 33, 'int32'), 40).toFloat());
  mask['dense2/kernel'].dispose();
  mask['dense2/kernel'] = tf.ones([40, 3]);
  const { layout, data } = networkGraph(network, params, { mask, most: 5 });
  assert.deepEqual(layout.xaxis.ticktext, ['flatten<br>5 of 36', 'dense1<br>5 of 40', 'dense2']);
  assert.match(layout.title.text, /156 weights kept; 108 paths; k of n/);
  const unit = data.find(({ name }) => name === 'unit') as { text?: string[] };
  assert.deepEqual(unit.text, ['1', '2', '3', '4', '5', '34', '1', '2', '3']);
  tf.dispose([params, mask]);
});

test('networks and options that cannot be drawn are refused', () => {
  const network = toy();
  const params = initialise(network, { seed: 1 });
  const large = fullyConnected({ width: 200, depth: 3, input: [10, 10, 1] });
  const many = initialise(large, { seed: 1 });
  const x = tf.ones([1, 3]);
  assert.throws(
    () => networkGraph(network, params, { most: 0 }),
    /invalid most; not a whole number from 1: 0/,
  );
  assert.throws(() => networkGraph(network, params, { inputs: x }), /invalid input; toy reads \[batch, 2\]/);
  assert.throws(
    () => networkGraph(network, params, { names: ['a'] }),
    /invalid names; not one name for each of 0: 1/,
  );
  assert.throws(() => networkGraph(network, params, { unts: 1 } as never), /did you mean/);
  assert.throws(() => networkGraph(network, many), /invalid params/);
  assert.throws(
    () => networkGraph(large, many, { most: 200 }),
    /invalid network; would have more than 20,000 lines drawn, lower most: /,
  );
  tf.dispose([params, many, x]);
});

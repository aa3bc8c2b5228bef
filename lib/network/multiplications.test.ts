import assert from 'node:assert/strict';
import fc from 'fast-check';
import { randomMask } from '../path/testNetworks';
import { randomNetworks } from '../path/testRandomNetwork';
import { tf } from '../tensor';
import { test } from '../testing';
import {
  buildNetwork,
  conv,
  graphBuilder,
  kernelsOf,
  type Mask,
  multiplications,
  type Network,
  nodeShapes,
  opOf,
} from '.';

/** The edges over weights, visited one by one. */
function counted(network: Network, mask?: Mask): Record<string, number> {
  const counts = network.nodes.map((node): [string, number] => {
    const op = opOf(node);
    const name = op.weight?.(node) ?? '';
    let count = 0;
    node.inputs.forEach((_, place) => {
      const visit = (_: number, __: number, weight: number) => {
        if (weight >= 0) count++;
      };
      op.edges(node, nodeShapes(network, node), visit, { place, kept: mask?.[name]?.dataSync() });
    });
    return [node.id, count];
  });
  return Object.fromEntries(counts);
}

test('multiplications are the edges over weights, of any network, with a mask and without', () => {
  fc.assert(
    fc.property(randomNetworks, fc.nat(9), (network, tenths) => {
      tf.tidy(() => {
        const mask = randomMask(network, tenths / 10);
        assert.deepEqual(multiplications(network), counted(network));
        assert.deepEqual(multiplications(network, mask), counted(network, mask));
      });
    }),
    { numRuns: 100, seed: 1 },
  );
});

test('a mask of ones leaves all multiplications and one of zeros those of no kernel', () => {
  const network = conv({ input: [8, 8, 1] });
  const all = (value: number) =>
    Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, tf.fill([...shape], value)]));
  tf.tidy(() => {
    assert.deepEqual(multiplications(network, all(1)), multiplications(network));
    for (const count of Object.values(multiplications(network, all(0)))) assert.equal(count, 0);
  });
});

test('multiplications by hand: padding has none, and groups divide them', () => {
  const g = graphBuilder([4, 4, 6]);
  const x = g.conv2d('conv', g.input, { filters: 9, groups: 3 });
  const y = g.maxPool('pool', g.relu('relu', g.batchNorm('norm', x)));
  g.dense('fc', g.flatten('flat', y), { units: 5 });
  assert.deepEqual(multiplications(g.build('small')), {
    input: 0,
    conv: 10 * 10 * 2 * 9, // of 3 places that a tap may see by height and by width, ends see 2: 3 + 4 + 3
    norm: 4 * 4 * 9,
    relu: 0,
    pool: 0,
    flat: 0,
    fc: 2 * 2 * 9 * 5,
  });
});

test('the convolutions of VGG-16 by hand', () => {
  const network = buildNetwork('vgg16-bn', { input: [32, 32, 3], classes: 10 });
  const counts = multiplications(network);
  const stages = [
    [32, 3, 64, 64],
    [16, 64, 128, 128],
    [8, 128, 256, 256, 256],
    [4, 256, 512, 512, 512],
    [2, 512, 512, 512, 512],
  ];
  assert.deepEqual(
    network.nodes.filter(({ op }) => op === 'conv2d').map(({ id }) => counts[id]),
    stages.flatMap(([extent, ...channels]) =>
      channels.slice(1).map((filters, i) => (3 * extent - 2) ** 2 * channels[i] * filters),
    ),
  );
});

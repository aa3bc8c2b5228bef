import assert from 'node:assert/strict';
import fc from 'fast-check';
import { graphBuilder, initialise, type Mask, type Network, nodeShapes, opOf, type Params } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { alongEdges } from './alongEdges';
import { averagePathLength } from './averagePathLength';
import { countPaths } from './countPaths';
import { enumeratePaths, type Path } from './enumeratePaths';
import { pathLengths } from './pathLengths';
import type { PathWeighting } from './sumsOverLengths';
import { randomMask, randomParams, smallMlp } from './testNetworks';
import { randomNetworks } from './testRandomNetwork';

/** Four hidden layers of four units beside a single connection: 256 paths of length 4 and one of length 0. */
function besideOneConnection(): Network {
  const g = graphBuilder([1]);
  let x = g.input;
  for (let layer = 1; layer <= 4; layer++)
    x = g.relu(`open${layer}`, g.dense(`hidden${layer}`, x, { units: 4, bias: false }));
  g.add('sum', g.dense('out', x, { units: 1 }), g.dense('skip', g.input, { units: 1 }));
  return g.build('beside-one-connection');
}

test('of the 257 paths of four layers of four beside one connection the mean length is 1024 / 257, of the walks 2', () => {
  const network = besideOneConnection();
  const params = initialise(network, { seed: 1 });
  const mean = (weighting: PathWeighting) => averagePathLength(network, params, { weighting }).mean ?? 0;
  assert.ok(Math.abs(mean('unnormalised') - 1024 / 257) < 1e-14);
  assert.equal(mean('normalised'), 2);
  assertNear(pathLengths(network, params), [1 / 257, 0, 0, 0, 256 / 257], 'shares');
  assert.deepEqual(pathLengths(network, params, { weighting: 'normalised' }), [0.5, 0, 0, 0, 0.5]);
  tf.dispose(params);
});

type Lengths = Record<string, number | number[]>;

/** What a path adds up on its way. */
function lengthOf({ gates }: Path, lengths: Lengths): number {
  return gates.reduce((sum, { node, to }) => {
    const length = lengths[node] ?? 0;
    return sum + (typeof length === 'number' ? length : length[to % length.length]);
  }, 0);
}

/** The means over listed paths that count as said, to each output and to all. */
function overPaths(
  network: Network,
  paths: readonly Path[],
  lengths: Lengths,
  count: (path: Path) => number,
) {
  const sums = Array.from({ length: network.classes }, () => [0, 0]);
  for (const path of paths) {
    sums[path.output][0] += count(path);
    sums[path.output][1] += count(path) * lengthOf(path, lengths);
  }
  const mean = ([weight, sum]: number[]) => (weight > 0 ? sum / weight : null);
  return {
    mean: mean([0, 1].map((i) => sums.reduce((all, one) => all + one[i], 0))),
    byOutput: sums.map(mean),
  };
}

/** The mean length of a walk back from each output: over its live edges, one by one. */
function overWalks(network: Network, mask: Mask | undefined, lengths: Lengths) {
  type Unit = { edges: number; sum: number };
  const ends = alongEdges<Unit>(
    network,
    {
      start: () => ({ edges: 1, sum: 0 }),
      none: () => ({ edges: 0, sum: 0 }),
      along: ({ id }) => {
        const own = lengths[id] ?? 0;
        return (at, before, _, to) => {
          if (before.edges === 0) return at;
          const length = typeof own === 'number' ? own : own[to % own.length];
          return { edges: at.edges + 1, sum: at.sum + before.sum / before.edges + length };
        };
      },
    },
    { mask },
  );
  const byOutput = ends.map(({ edges, sum }) => (edges > 0 ? sum / edges : null));
  const live = byOutput.filter((length) => length !== null);
  return { mean: live.length > 0 ? live.reduce((a, b) => a + b, 0) / live.length : null, byOutput };
}

function assertNear(found: (number | null)[], expected: (number | null)[], what: string): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) => {
    const one = found[i];
    if (value === null || one === null) assert.equal(one, value, what);
    else assert.ok(Math.abs(one - value) <= 1e-12 * Math.max(1, value), `${what}: ${one} is not ${value}`);
  });
}

/** What activations add by themselves, as written in a network's nodes and parameters. */
function bendsOf(network: Network, params: Params): Lengths {
  return Object.fromEntries(
    network.nodes.flatMap((node): [string, number | number[]][] => {
      if (node.op === 'relu') return [[node.id, 1]];
      if (node.op === 'leakyRelu') return [[node.id, Math.abs(1 - node.slope)]];
      if (node.op !== 'parametricRelu') return [];
      return [[node.id, [...params[node.slope].dataSync()].map((slope) => Math.abs(1 - slope))]];
    }),
  );
}

test('on random networks of every op, masked and whole, all three are the means over listed paths and walks', () => {
  fc.assert(
    fc.property(randomNetworks, fc.nat(99), fc.boolean(), (network, seed, isMasked) => {
      if (countPaths(network).count > 3000n) return;
      tf.tidy(() => {
        const params = randomParams(network, { seed });
        const mask = isMasked ? randomMask(network, 0.6, seed) : undefined;
        const paths = enumeratePaths(network, params, { mask });
        const own = network.nodes.flatMap((node, i): [string, number | number[]][] => {
          if (!opOf(node).gate || i % 2 === seed % 2) return [];
          const { output } = nodeShapes(network, node);
          return [[node.id, Array.from({ length: output[output.length - 1] }, (_, c) => (c + 1) / 3)]];
        });
        const ones = Object.fromEntries(Object.keys(bendsOf(network, params)).map((id) => [id, 1]));
        const counted = pathLengths(network, params, { mask, lengths: ones });
        const listed = counted.map(
          (_, length) => paths.filter((path) => lengthOf(path, ones) === length).length / (paths.length || 1),
        );
        assertNear(counted, listed, 'shares by length');
        const whole = (values: number[]) => values.map((value) => Math.min(1, value));
        const choices = [
          {},
          Object.fromEntries(own),
          Object.fromEntries(own.map(([id, of]) => [id, whole([of].flat())])),
        ];
        for (const given of choices) {
          const lengths = { ...bendsOf(network, params), ...given };
          const expected = {
            unnormalised: overPaths(network, paths, lengths, () => 1),
            normalised: overWalks(network, mask, lengths),
            energy: overPaths(network, paths, lengths, ({ value, constant }) => constant * value ** 2),
          };
          for (const weighting of ['unnormalised', 'normalised', 'energy'] as const) {
            const found = averagePathLength(network, params, { mask, weighting, lengths: given });
            const theirs = expected[weighting];
            assertNear([found.mean, ...found.byOutput], [theirs.mean, ...theirs.byOutput], weighting);
            const shares = pathLengths(network, params, { mask, weighting, lengths: given });
            const isWhole = Object.values(lengths)
              .flat()
              .every((length) => length <= 1);
            const sum = shares.reduce((a, b) => a + b, 0);
            assertNear([sum], [theirs.mean === null ? 0 : 1], 'sum of shares');
            const mean = shares.reduce((a, share, length) => a + share * length, 0);
            if (isWhole) assertNear([mean], [theirs.mean ?? 0], 'mean of shares');
          }
        }
      });
    }),
    { numRuns: 40, seed: 1 },
  );
});

test('counts and energies of paths far outside float64 leave the lengths as they are', () => {
  const g = graphBuilder([50]);
  let x = g.input;
  for (let layer = 1; layer <= 250; layer++)
    x = g.relu(`open${layer}`, g.dense(`layer${layer}`, x, { units: 50 }));
  const short = g.dense('short', g.input, { units: 3 }); // beside 50²⁵⁰ paths it counts nothing, but in the walk
  g.add('sum', g.dense('out', x, { units: 3 }), short);
  const network = g.build('deep');
  tf.tidy(() => {
    const params = initialise(network, { seed: 1 });
    const scaled = (by: number) =>
      Object.fromEntries(Object.entries(params).map(([name, tensor]) => [name, tensor.mul(by)]));
    const mean = (weighting: PathWeighting, at = params) =>
      averagePathLength(network, at, { weighting }).mean ?? Number.NaN;
    assert.ok(countPaths(network).log > 970);
    assertNear([mean('unnormalised')], [250], 'unnormalised');
    assert.equal(mean('normalised'), 125);
    assertNear([mean('energy', scaled(100))], [250], 'large weights');
    assert.equal(mean('energy', scaled(0.01)), 0); // e^-1000 of the energy is on the deep paths
  });
});

test('outputs that no path reaches have no length and take no part', () => {
  const network = smallMlp();
  tf.tidy(() => {
    const params = randomParams(network);
    const ones = Object.fromEntries(
      Object.entries(params).map(([name, tensor]) => [name, tf.onesLike(tensor)]),
    );
    const last = tf.tensor2d([1, 0, 1, 0, 1, 0], [3, 2]);
    for (const weighting of ['unnormalised', 'normalised', 'energy'] as const) {
      const one = averagePathLength(network, params, { weighting, mask: { ...ones, 'third/kernel': last } });
      assertNear([one.mean, ...one.byOutput], [2, 2, null], weighting);
      const none = averagePathLength(network, params, {
        weighting,
        mask: { ...ones, 'second/kernel': tf.zerosLike(params['second/kernel']) },
      });
      assert.deepEqual(none, { mean: null, byOutput: [null, null] });
    }
    const zero = { ...params, 'second/kernel': tf.zerosLike(params['second/kernel']) };
    assert.equal(averagePathLength(network, zero, { weighting: 'energy' }).mean, null);
    assertNear([averagePathLength(network, zero).mean], [2], 'weights of 0 that are kept');
  });
});

test('a wrong weighting, an unknown node and lengths that are none are refused by name', () => {
  const network = smallMlp();
  const params = randomParams(network);
  const lengths = (value: unknown) => ({ lengths: { open1: value as number } });
  const refused: [object, RegExp][] = [
    [{ weighting: 'energetic' }, /invalid weighting; unknown, did you mean energy/],
    [{ lengths: { open3: 1 } }, /invalid lengths; unknown, did you mean open1/],
    [lengths([1, 2]), /invalid lengths; of open1 neither a number nor one for each of 4: /],
    [lengths(-1), /invalid lengths; of open1 not finite numbers of 0 or more: -1/],
    [lengths([1, 1, Number.NaN, 1]), /invalid lengths; of open1 not finite numbers of 0 or more: NaN/],
    [lengths('1'), /invalid lengths; of open1 neither/],
    [{ weights: 1 }, /invalid options of path lengths; unknown/],
    [{ mask: {} }, /invalid mask; no tensor first\/kernel/],
  ];
  for (const [options, message] of refused)
    assert.throws(() => averagePathLength(network, params, options), message);
  tf.dispose(params);
});

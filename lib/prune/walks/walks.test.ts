import assert from 'node:assert/strict';
import fc from 'fast-check';
import { graphBuilder, initialise, kernelsOf, type Network, type Params } from '../../network';
import { randomMask, randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import { randomNetworks } from '../../path/testRandomNetwork';
import { createRandom, tf } from '../../tensor';
import { test } from '../../testing';
import { aliasTable, inverseCdf } from '../select/samplers';
import { type Direction, expectedWeights, occupancy, randomWalks, walksInTurn } from '.';

const directions: readonly Direction[] = ['forward', 'reverse'];

/** conv → identity block → block with projection → flatten → dense, of few channels. */
function blocks({ isSwapped = false, shortcut = 'projection' as 'projection' | 'padding' } = {}): Network {
  const g = graphBuilder([4, 4, 2]);
  const add = (id: string, a: string, b: string) =>
    g.relu(`${id}Open`, isSwapped ? g.add(id, b, a) : g.add(id, a, b));
  const stem = g.relu('stemOpen', g.conv2d('stem', g.input, { filters: 3 }));
  const a1 = g.relu('a1Open', g.conv2d('a1', stem, { filters: 3 }));
  const a = add('a', g.batchNorm('a2Norm', g.conv2d('a2', a1, { filters: 3 })), stem);
  const projection = { filters: 4, size: 1, stride: 2 };
  const way = () =>
    shortcut === 'padding' ? g.padChannels('p', a, { after: 1, stride: 2 }) : g.conv2d('p', a, projection);
  const early = isSwapped ? way() : undefined;
  const b1 = g.relu('b1Open', g.conv2d('b1', a, { filters: 2, stride: 2 }));
  const b2 = g.conv2d('b2', b1, { filters: 4 });
  const b = add('b', b2, early ?? way());
  g.dense('out', g.flatten('flat', b), { units: 3, bias: false });
  return g.build('blocks');
}

function withParams<T>(network: Network, body: (params: Params) => T): T {
  const params = randomParams(network);
  try {
    return body(params);
  } finally {
    tf.dispose(params);
  }
}

const draws = (chances: readonly number[]) =>
  [aliasTable, inverseCdf].map((samplerOf) => {
    const sampler = samplerOf(chances);
    const counts = chances.map(() => 0);
    for (let i = 0; i < 10_000; i++) counts[sampler((i + 0.5) / 10_000)]++;
    return counts.map((count) => count / 10_000);
  });

test('alias tables and cumulative sums give each entry its chance', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), (sizes) => {
      const sum = sizes.reduce((total, size) => total + size, 0);
      fc.pre(sum > 0);
      const chances = sizes.map((size) => size / sum);
      for (const found of draws(chances))
        found.forEach((share, i) => {
          assert.ok(Math.abs(share - chances[i]) <= 2e-3, `${share} for ${chances}`);
          if (chances[i] === 0) assert.equal(share, 0);
        });
    }),
  );
});

/** Σ (seen − expected)² / expected over weights that are expected to be seen five times, and how many these are. */
function chiSquare(seen: ArrayLike<number>, chances: Float64Array, count: number) {
  let [statistic, degrees] = [0, 0];
  chances.forEach((chance, i) => {
    if (chance * count < 5) return;
    statistic += (seen[i] - chance * count) ** 2 / (chance * count);
    degrees++;
  });
  return { statistic, degrees };
}

test('walks come by weights as often as the closed form says', () => {
  const COUNT = 20_000;
  for (const network of [smallMlp(), smallResidual(), blocks()])
    withParams(network, (params) => {
      for (const power of [0, 1, 2, -1])
        for (const direction of directions) {
          const walks = randomWalks(network, params, { power });
          const expected = occupancy(walks, direction);
          const seen = Object.fromEntries(
            kernelsOf(network).map(({ name }) => [name, expected.weights[name].map(() => 0)]),
          );
          const ends = expected.arrival.map(() => 0);
          const random = createRandom(`${power} ${direction}`);
          for (let i = 0; i < COUNT; i++) {
            const starts = walks.starts[direction];
            const walk = walks.walk(direction, starts[i % starts.length], () => random.uniform());
            for (const { name, index } of walk.weights) seen[name][index]++;
            ends[walk.end]++;
          }
          const tests = [
            ...kernelsOf(network).map(({ name }) => chiSquare(seen[name], expected.weights[name], COUNT)),
            chiSquare(ends, expected.arrival, COUNT),
          ];
          for (const { statistic, degrees } of tests) {
            assert.ok(degrees > 0);
            // One in 10⁵ of χ² is beyond about 4.3 standard deviations and a little more for few degrees.
            assert.ok(
              statistic < degrees + 4.3 * Math.sqrt(2 * degrees) + 12,
              `${direction} ${power}: ${statistic} of ${degrees}`,
            );
          }
        }
    });
});

test('a block with weights is walked and its identity never; a fair coin chooses between block and projection', () => {
  for (const isSwapped of [false, true]) {
    const network = blocks({ isSwapped });
    withParams(network, (params) => {
      const walks = randomWalks(network, params);
      for (const direction of directions) {
        const { weights } = occupancy(walks, direction);
        const sums = Object.fromEntries(
          Object.entries(weights).map(([name, chances]) => [
            name.split('/')[0],
            chances.reduce((sum, p) => sum + p, 0),
          ]),
        );
        for (const [layer, sum] of Object.entries(sums))
          assert.ok(
            Math.abs(sum - (['b1', 'b2', 'p'].includes(layer) ? 0.5 : 1)) < 1e-12,
            `${direction} ${layer} ${sum}`,
          );
      }
      // the first half of the coin is the block, in whichever order it is added
      let draw = 0;
      const numbers = [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.2];
      const { weights } = walks.walk('forward', 0, () => numbers[draw++] ?? 0.3);
      assert.ok(weights.some(({ name }) => name.startsWith('b1')));
    });
  }
});

test('a shortcut that pads channels is walked no more than an identity', () => {
  const network = blocks({ shortcut: 'padding' });
  withParams(network, (params) => {
    const { weights } = occupancy(randomWalks(network, params), 'reverse');
    for (const name of ['b1/kernel', 'b2/kernel'])
      assert.ok(Math.abs(weights[name].reduce((sum, p) => sum + p, 0) - 1) < 1e-12);
  });
});

test('under a mask walks keep to its weights, and take an identity where nothing else is left', () => {
  const network = blocks();
  withParams(network, (params) => {
    const mask = Object.fromEntries(
      kernelsOf(network).map(({ name, shape }) => [
        name,
        name === 'a1/kernel' ? tf.zeros([...shape]) : tf.ones([...shape]),
      ]),
    );
    for (const direction of directions) {
      const { weights, arrival } = occupancy(randomWalks(network, params, { mask }), direction);
      assert.ok(weights['a1/kernel'].every((chance) => chance === 0));
      assert.ok(weights['a2/kernel'].every((chance) => chance === 0));
      assert.ok(Math.abs(arrival.reduce((sum, p) => sum + p, 0) - 1) < 1e-12);
    }
    tf.dispose(mask);
  });
});

test('walks of any network with any mask go from its input to its output along kept weights, or there is none', () => {
  fc.assert(
    fc.property(randomNetworks, fc.nat(99), fc.constantFrom(0.3, 0.6, 2), (network, seed, density) => {
      const params = randomParams(network, { seed });
      const mask = randomMask(network, density, seed);
      try {
        const walks = randomWalks(network, params, { mask });
        const random = createRandom(seed);
        const all = directions.map((direction) => occupancy(walks, direction));
        for (const { arrival } of all) assert.ok(Math.abs(arrival.reduce((sum, p) => sum + p, 0) - 1) < 1e-9);
        let left = 20;
        for (const { direction, end, weights } of walksInTurn(walks, () => random.uniform())) {
          const { weights: chances, arrival } = all[directions.indexOf(direction)];
          assert.ok(arrival[end] > 0);
          for (const { name, index } of weights) {
            assert.equal(mask[name].dataSync()[index], 1);
            assert.ok(chances[name][index] > 0);
          }
          if (--left === 0) break;
        }
      } catch (error) {
        assert.match(
          String(error),
          /^InvalidError: invalid mask; no walk leads from the input to an output of: random$/,
        );
      } finally {
        tf.dispose([params, mask]);
      }
    }),
    { numRuns: 100 },
  );
});

test('no walk begins at a channel that is padding', () => {
  const g = graphBuilder([4, 4, 2]);
  const padded = g.padChannels('pad', g.input, { after: 1 });
  g.dense('out', g.globalAvgPool('pool', padded), { units: 2 });
  const network = g.build('padded');
  const params = randomParams(network);
  const [whole, padding] = [
    [1, 1, 1, 1, 1, 1],
    [0, 0, 0, 0, 0, 1],
  ].map((bits) => ({
    'out/kernel': tf.tensor2d(bits, [3, 2]),
  }));
  const { arrival } = occupancy(randomWalks(network, params, { mask: whole }), 'forward');
  assert.ok(Math.abs(arrival.reduce((sum, p) => sum + p, 0) - 1) < 1e-9);
  assert.throws(() => randomWalks(network, params, { mask: padding }), /invalid mask; no walk leads from/);
  tf.dispose([params, whole, padding]);
});

test('the number of weights that so many walks come by is the mean of what they do', () => {
  const network = smallResidual();
  withParams(network, (params) => {
    const walks = randomWalks(network, params);
    const RUNS = 2000;
    for (const count of [1, 7]) {
      const expected = Object.values(expectedWeights(walks, count)).reduce((sum, mean) => sum + mean, 0);
      const found = Array.from({ length: RUNS }, (_, run) => {
        const random = createRandom(run);
        const seen = new Set<string>();
        let left = count;
        for (const { weights } of walksInTurn(walks, () => random.uniform())) {
          for (const { name, index } of weights) seen.add(`${name} ${index}`);
          if (--left === 0) break;
        }
        return seen.size;
      });
      const mean = found.reduce((sum, size) => sum + size, 0) / RUNS;
      const deviation = Math.sqrt(found.reduce((sum, size) => sum + (size - mean) ** 2, 0) / RUNS);
      assert.ok(
        Math.abs(mean - expected) < (5 * deviation) / Math.sqrt(RUNS) + 1e-9,
        `${mean} for ${expected}`,
      );
    }
  });
});

test('an early coin jumps from before the layer in front of the block to the projection', () => {
  const network = blocks();
  withParams(network, (params) => {
    const walks = randomWalks(network, params, { coin: 'early' });
    const layersOf = (uniforms: number) =>
      walks.walk('forward', 0, () => uniforms).weights.map(({ name }) => name.split('/')[0]);
    assert.deepEqual(layersOf(0.3), ['stem', 'a1', 'a2', 'b1', 'b2', 'out']);
    assert.deepEqual(layersOf(0.7), ['stem', 'a1', 'p', 'out']); // reads a channel of a1, not of a
    const back = walks.walk('reverse', 0, () => 0.7).weights.map(({ name }) => name.split('/')[0]);
    assert.deepEqual(back, ['out', 'p', 'a2', 'a1', 'stem']);
  });
});

test('wrong starts, directions, powers and samplings are refused', () => {
  const network = smallMlp();
  const params = initialise(network, { seed: 1 });
  const walks = randomWalks(network, params);
  assert.throws(() => walks.walk('forward', 3, () => 0.5), {
    message: 'invalid start; no channel that a forward walk leads from: 3',
  });
  assert.throws(() => walks.walk('back' as Direction, 0, () => 0.5), /invalid direction/);
  assert.throws(() => occupancy(walks, 'reverse', -1), /invalid start/);
  assert.throws(() => expectedWeights(walks, 1.5), /invalid count/);
  assert.throws(() => walksInTurn(walks, () => 0.5, []).next(), /invalid directions/);
  assert.throws(() => randomWalks(network, params, { power: Number.NaN }), /invalid power/);
  assert.throws(() => randomWalks(network, params, { sampling: 'cdf' as never }), /invalid sampling/);
  tf.dispose(params);
});

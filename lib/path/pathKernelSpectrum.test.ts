import assert from 'node:assert/strict';
import fc from 'fast-check';
import { randomVector, symmetricEigen } from '../linalg';
import {
  buildNetwork,
  defineNetwork,
  initialise,
  kernelsOf,
  type Mask,
  type Network,
  ops,
  type Params,
} from '../network';
import { createRandom, mapRecord, readDoubles, tf } from '../tensor';
import { test } from '../testing';
import { countPaths } from './countPaths';
import { enumeratedPolicy } from './enumeratedPolicy';
import { enumeratePaths } from './enumeratePaths';
import { pathJacobian } from './pathJacobian';
import { pathKernelOperator } from './pathKernelOperator';
import { pathKernelSpectrum } from './pathKernelSpectrum';
import { randomMask, randomParams, smallMlp, smallResidual } from './testNetworks';
import { randomNetworks } from './testRandomNetwork';

/** JᵀJ of the enumerated paths, by kernel entries in order. */
function gramOf(network: Network, params: Params, mask?: Mask): Float64Array[] {
  const paths = enumeratePaths(network, params, { mask });
  const { columns, rows } = pathJacobian(network, paths, { constants: true });
  const gram = columns.map(() => new Float64Array(columns.length));
  for (const row of rows) {
    const used = [...row.keys()].filter((i) => row[i] !== 0);
    for (const i of used) for (const j of used) gram[i][j] += row[i] * row[j];
  }
  return gram;
}

/** The rows and columns that a mask keeps. */
function blockOf(gram: readonly Float64Array[], network: Network, trainable: Mask): Float64Array[] {
  const kept = kernelsOf(network).flatMap(({ name }) => [...trainable[name].dataSync()]);
  const rows = gram.filter((_, i) => kept[i] === 1);
  return rows.map((row) => row.filter((_, i) => kept[i] === 1));
}

/** Distinct values with how often they come, largest first; those of rounding left out. */
function distinct(values: Float64Array): { value: number; multiplicity: number }[] {
  const groups: { value: number; multiplicity: number }[] = [];
  for (const value of values) {
    if (!(value > 1e-12 * values[0])) break;
    const group = groups.at(-1);
    if (group && group.value - value <= 1e-8 * values[0]) group.multiplicity++;
    else groups.push({ value, multiplicity: 1 });
  }
  return groups;
}

const policy = enumeratedPolicy;

test('leading eigenvalues with multiplicities, trace and rank are those of enumerated paths, every op', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(randomNetworks, fc.nat(99), fc.boolean(), async (network, seed, isMasked) => {
      if (countPaths(network).count > 2000n) return;
      const params = randomParams(network, { seed });
      const mask = isMasked ? randomMask(network, 0.7, seed) : undefined;
      try {
        const gram = gramOf(network, params, mask);
        if (gram.length > 160 || gram.every((row, i) => row[i] === 0)) return;
        const expected = distinct(symmetricEigen(gram).values);
        const k = Math.min(4, expected.length);
        const found = await pathKernelSpectrum(network, params, { mask, policy, k, probes: 0 });
        const trace = gram.reduce((sum, row, i) => sum + row[i], 0);
        assert.ok(Math.abs(found.trace.value - trace) <= 1e-10 * trace);
        found.eigenvalues.forEach(({ value, multiplicity }, i) => {
          assert.ok(
            Math.abs(value - expected[i].value) <= 1e-8 * value,
            `${value} is not ${expected[i].value}`,
          );
          assert.equal(multiplicity, expected[i].multiplicity);
        });
        const rank = expected.reduce((sum, group) => sum + group.multiplicity, 0);
        assert.ok(rank <= found.rank.bound, `rank ${rank} above ${found.rank.bound}`);
        compared++;
      } finally {
        tf.dispose([params, ...(mask ? [mask] : [])]);
      }
    }),
    { numRuns: 60, seed: 3 },
  );
  assert.ok(compared > 20, `only ${compared} networks were compared`);
});

test('the operator is symmetric, positive and that of enumerated paths', async () => {
  for (const network of [smallMlp(), smallResidual()]) {
    const params = randomParams(network, { seed: 4 });
    const mask = randomMask(network, 0.8);
    const operator = pathKernelOperator(network, params, { mask, policy });
    const gram = gramOf(network, params, mask);
    const random = createRandom(5);
    const u = randomVector(operator.sizes, random);
    const product = await operator.apply(u);
    const flat = (vector: readonly tf.Tensor[]) => vector.flatMap((part) => [...readDoubles(part)]);
    const [from, to] = [flat(u), flat(product)];
    gram.forEach((row, i) => {
      const expected = row.reduce((sum, x, j) => sum + x * from[j], 0);
      const size = row.reduce((sum, x, j) => sum + Math.abs(x * from[j]), 0);
      assert.ok(Math.abs(to[i] * operator.trace.value - expected) <= 1e-12 * size + 1e-300);
    });
    assert.ok(from.reduce((sum, x, i) => sum + x * to[i], 0) >= 0);
    tf.dispose([params, mask, ...u, ...product].flat());
    operator.dispose();
  }
});

test('what is estimated of the whole spectrum lies in its interval as often as it says', async () => {
  const network = smallResidual();
  const params = randomParams(network, { seed: 6 });
  const { values } = symmetricEigen(gramOf(network, params));
  const all = values.filter((value) => value > 1e-12 * values[0]);
  const trace = all.reduce((sum, value) => sum + value, 0);
  const squares = all.reduce((sum, value) => sum + value ** 2, 0);
  const entropy = all.reduce((sum, value) => sum - (value / trace) * Math.log(value / trace), 0);
  const expected = {
    frobenius: Math.sqrt(squares),
    participationRatio: trace ** 2 / squares,
    effectiveRank: Math.exp(entropy),
  };
  const held = { frobenius: 0, participationRatio: 0, effectiveRank: 0 };
  const seeds = 40;
  for (let seed = 0; seed < seeds; seed++) {
    const found = await pathKernelSpectrum(network, params, { policy, k: 2, seed, probes: 8, steps: 20 });
    for (const name of Object.keys(held) as (keyof typeof held)[]) {
      const { low, high, estimate } = found[name] as { low: number; high: number; estimate: number };
      assert.ok(low <= estimate && estimate <= high && high - low < estimate);
      if (low <= expected[name] && expected[name] <= high) held[name]++;
    }
  }
  // Of 40 intervals at 95 % fewer than 33 hold the value less than once in two thousand times.
  for (const [name, count] of Object.entries(held)) assert.ok(count >= 33, `${name}: ${count} of ${seeds}`);
  tf.dispose(params);
});

test('the density holds all eigenvalues that differ from 0', async () => {
  const network = smallMlp();
  const params = randomParams(network, { seed: 1 });
  const { density, rank } = await pathKernelSpectrum(network, params, { k: 3, probes: 20 });
  const area = (of: 'density' | 'low' | 'high') =>
    density
      .slice(1)
      .reduce(
        (sum, row, i) => sum + ((row[of] + density[i][of]) / 2) * (row.logValue - density[i].logValue),
        0,
      );
  assert.ok(
    area('low') <= rank.bound && rank.bound <= area('high'),
    `${area('low')} to ${area('high')}: ${rank.bound}`,
  );
  tf.dispose(params);
});

test('the density leaves out the zeros of the structure, also where its nodes are too few to tell them', async () => {
  const network = buildNetwork('fc-100', { input: [28, 28, 1] });
  const params = initialise(network, { seed: 1 });
  const { density, rank, spectralNorm } = await pathKernelSpectrum(network, params, {
    k: 1,
    tolerance: 1e-3,
    probes: 4,
    steps: 12,
  });
  assert.ok(density[0].logValue > Math.log10(spectralNorm) - 4, `begins at ${density[0].logValue}`);
  const area = density
    .slice(1)
    .reduce((sum, row, i) => sum + row.density * (row.logValue - density[i].logValue), 0);
  assert.ok(Math.abs(area - rank.bound) < 0.02 * rank.bound, `${area} of ${rank.bound}`);
  tf.dispose(params);
});

test('eigenvectors are of G, and their masses add up', async () => {
  const network = smallResidual();
  const params = randomParams(network, { seed: 2 });
  const gram = gramOf(network, params);
  const { eigenvalues, eigenvectors, perLayer } = await pathKernelSpectrum(network, params, {
    policy,
    k: 4,
    vectors: true,
    probes: 0,
  });
  assert.ok(eigenvectors.length >= 3);
  for (const { index, parts } of eigenvectors) {
    const u = Object.values(parts).flatMap((part) => [...part]);
    const { value } = eigenvalues[index - 1];
    gram.forEach((row, i) => {
      const product = row.reduce((sum, x, j) => sum + x * u[j], 0);
      assert.ok(Math.abs(product - value * u[i]) <= 1e-7 * eigenvalues[0].value);
    });
    const rows = perLayer.filter((row) => row.index === index);
    assert.ok(Math.abs(rows.reduce((sum, { mass }) => sum + mass, 0) - 1) < 1e-10);
    for (const { name, participation } of rows) assert.ok(participation <= parts[name].length + 1e-9);
  }
  tf.dispose(params);
});

test('a network of one layer has one eigenvalue, for each weight', async () => {
  const network = defineNetwork('one', [
    ops.input.node('input', [3]),
    ops.dense.node('out', 'input', { units: 2, bias: false }),
  ]);
  const params = randomParams(network, { seed: 3 });
  const { eigenvalues, rank } = await pathKernelSpectrum(network, params, { k: 1, probes: 0 });
  assert.deepEqual(
    eigenvalues.map(({ value, multiplicity }) => [Number(value.toFixed(12)), multiplicity]),
    [[1, 6]],
  );
  assert.equal(rank.bound, 6);
  tf.dispose(params);
});

test('equal eigenvalues of a wide first layer come once, with their number', async () => {
  const network = buildNetwork('fc-100', { input: [28, 28, 1] });
  const params = initialise(network, { seed: 1 });
  const { eigenvalues, isComplete } = await pathKernelSpectrum(network, params, { k: 12, probes: 0 });
  assert.ok(isComplete);
  assert.ok(eigenvalues.some(({ multiplicity }) => multiplicity === 9 || multiplicity === 783));
  tf.dispose(params);
});

test('bad input to the spectrum is refused', async () => {
  const network = smallMlp();
  const params = randomParams(network, { seed: 1 });
  const full = randomMask(network, 1);
  const empty = mapRecord(full, (tensor) => tf.zerosLike(tensor));
  const beyond =
    /invalid k; more than the \d+ (distinct eigenvalues that differ|eigenvalues that can differ) from 0/;
  await assert.rejects(pathKernelSpectrum(network, params, { k: 200 }), beyond);
  await assert.rejects(pathKernelSpectrum(network, params, { k: 23 }), beyond);
  await assert.rejects(
    pathKernelSpectrum(network, params, { k: 0 }),
    /invalid k; not a positive whole number: 0/,
  );
  await assert.rejects(pathKernelSpectrum(network, params, { probes: 1 }), /invalid probes; not 0, nor/);
  await assert.rejects(
    pathKernelSpectrum(network, params, { k: 2, memory: 100 }),
    /invalid memory; holds 0 vectors/,
  );
  await assert.rejects(
    pathKernelSpectrum(network, params, { mask: empty }),
    /invalid network; no path is left from input to output: small-mlp/,
  );
  const infinite = { ...params, 'second/kernel': params['second/kernel'].mul(Number.NaN) };
  await assert.rejects(pathKernelSpectrum(network, infinite), /invalid params; /);
  await assert.rejects(
    pathKernelSpectrum(network, params, { nonsense: 1 } as object),
    /invalid options of the spectrum; unknown/,
  );
  tf.dispose([params, full, empty, infinite['second/kernel']]);
});

test('where weights are frozen the spectrum is that of the block of the others, which the rank bounds', async () => {
  let [compared, equal] = [0, 0];
  await fc.assert(
    fc.asyncProperty(randomNetworks, fc.nat(99), fc.boolean(), async (network, seed, isMasked) => {
      if (countPaths(network).count > 1000n) return;
      const params = randomParams(network, { seed });
      const mask = isMasked ? randomMask(network, 0.8, seed) : undefined;
      const trainable = randomMask(network, 0.6, seed + 100);
      try {
        const gram = blockOf(gramOf(network, params, mask), network, trainable);
        const trace = gram.reduce((sum, row, i) => sum + row[i], 0);
        if (gram.length > 120 || trace === 0) return;
        const expected = distinct(symmetricEigen(gram).values);
        const k = Math.min(4, expected.length);
        const found = await pathKernelSpectrum(network, params, { mask, trainable, policy, k, probes: 0 });
        assert.ok(Math.abs(found.trace.value - trace) <= 1e-10 * trace);
        found.eigenvalues.forEach(({ value, multiplicity }, i) => {
          assert.ok(
            Math.abs(value - expected[i].value) <= 1e-8 * value,
            `${value} is not ${expected[i].value}`,
          );
          assert.equal(multiplicity, expected[i].multiplicity);
        });
        const rank = expected.reduce((sum, group) => sum + group.multiplicity, 0);
        assert.ok(rank <= found.rank.bound, `rank ${rank} above ${found.rank.bound}`);
        if (rank === found.rank.bound) equal++;
        compared++;
      } finally {
        tf.dispose([params, trainable, ...(mask ? [mask] : [])]);
      }
    }),
    { numRuns: 50, seed: 5 },
  );
  assert.ok(compared >= 20, `only ${compared} networks were compared`);
  assert.ok(equal >= 0.9 * compared, `the rank was met in ${equal} of ${compared}`);
});

test('no path through a trainable weight is an error that says so', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const trainable = mapRecord(randomMask(network, 0.5), (tensor) => tensor);
  const none = mapRecord(trainable, (tensor) => tf.zerosLike(tensor));
  await assert.rejects(
    pathKernelSpectrum(network, params, { trainable: none }),
    /invalid network; no path is left from input to output through a trainable weight: small-mlp/,
  );
  await assert.rejects(pathKernelSpectrum(network, params, { trainable: {} }), /invalid trainable; /);
  tf.dispose([params, trainable, none]);
});

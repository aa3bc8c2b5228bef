import assert from 'node:assert/strict';
import { forward, kernelsOf, type Network, type Params } from '../../network';
import { randomMask, randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import { compiled, createRandom, mapRecord, readDoubles, tf } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import { methods } from '../methods';
import { prune } from '../prune';
import { ntkSapParts, ntkSapWith } from './ntkSap';

const kernelNames = (network: Network) => kernelsOf(network).map(({ name }) => name);

/** A batch of NTK-SAP. */
function batchOf(network: Network) {
  const theta = randomParams(network, { shifts: true });
  const delta = Object.fromEntries(
    kernelNames(network).map((name, i) => [name, normalTensor(theta[name].shape, 70 + i)]),
  );
  return { theta, delta, inputs: normalTensor([6, ...network.input], 9) };
}

for (const [build, statistics] of [
  [() => smallMlp(true), 'running'],
  [smallResidual, 'running'],
  [smallResidual, 'batch'],
] as const)
  test(`the slope of NTK-SAP is that of the distance of outputs by the mask: ${build().name}, ${statistics}`, () => {
    const network = build();
    const { theta, delta, inputs } = batchOf(network);
    const mask = mapRecord(randomMask(network, 0.8), (tensor) => tensor);
    const found = ntkSapParts(network, {
      theta,
      delta,
      inputs,
      mask,
      epsilon: 0.3,
      statistics,
      precision: 'double',
    });
    // The statistics stay where the mask moves.
    const own: Params = {};
    if (statistics === 'batch') {
      const masked = mapRecord(theta, (tensor, name) =>
        mask[name] ? tensor.mul(mask[name]) : tensor.clone(),
      );
      forward(network, masked, inputs, {
        mode: 'training',
        onStatistics(node, mean, variance) {
          own[node.mean] = tf.keep(mean.clone());
          own[node.variance] = tf.keep(variance.clone());
        },
      }).dispose();
      tf.dispose(masked);
    }
    const distance = compiled(
      ({
        at,
        bits,
        z,
        x,
        epsilon,
      }: {
        at: Params;
        bits: Params;
        z: Params;
        x: tf.Tensor;
        epsilon: tf.Tensor;
      }) => {
        const outputs = (weights: Params) =>
          forward(network, { ...at, ...mapRecord(bits, (bit, name) => weights[name].mul(bit)) }, x);
        const moved = mapRecord(z, (tensor, name) => at[name].add(tensor.mul(epsilon)));
        return outputs(at).sub(outputs(moved)).square().sum();
      },
      { precision: 'double' },
    );
    const epsilon = tf.scalar(0.3);
    const valueAt = (bits: Params) => {
      const result = distance({ at: { ...theta, ...own }, bits, z: delta, x: inputs, epsilon });
      const [value] = readDoubles(result);
      result.dispose();
      return value;
    };
    const [whole] = readDoubles(found.distance);
    assert.ok(Math.abs(whole - valueAt(mask)) <= 1e-5 * whole);
    const step = 2 ** -10;
    for (const name of kernelNames(network))
      for (const index of [0, 3]) {
        const at = (by: number) => {
          const values = mask[name].dataSync().slice();
          values[index] += by;
          const bent = tf.tensor(values, mask[name].shape);
          const value = valueAt({ ...mask, [name]: bent });
          bent.dispose();
          return value;
        };
        const slope = (at(step) - at(-step)) / (2 * step);
        const own = readDoubles(found.slopes[name])[index];
        // The statistics of the batch came in as float32.
        assert.ok(
          Math.abs(own - slope) <= 1e-4 * (Math.abs(slope) + valueAt(mask)),
          `${name}: ${own}, ${slope}`,
        );
      }
    tf.dispose([theta, delta, inputs, mask, found, own, epsilon]);
    distance.dispose();
  });

async function scoresOf(network: Network, params: Params, options = {}, context = {}) {
  const scored = await ntkSapWith(options).score(network, params, { random: createRandom(1), ...context });
  return mapRecord(scored, (values) => {
    if (!(values instanceof tf.Tensor)) return [...values];
    const numbers = [...values.dataSync()];
    values.dispose();
    return numbers;
  });
}

test('NTK-SAP sees of a network its structure, the mask and the stream of random numbers, not its weights', async () => {
  const network = smallResidual();
  const [a, b] = [randomParams(network), randomParams(network, { seed: 1, shifts: true })];
  const first = await scoresOf(network, a);
  assert.deepEqual(await scoresOf(network, b), first);
  assert.notDeepEqual(await scoresOf(network, a, {}, { random: createRandom(2) }), first);
  const mask = randomMask(network, 0.5);
  const cut = await scoresOf(network, a, {}, { mask });
  for (const [name, values] of Object.entries(cut)) {
    const bits = mask[name].dataSync();
    assert.ok(values.every((value, i) => bits[i] === 1 || value === 0));
    assert.ok(values.some((value) => value > 0));
  }
  tf.dispose([a, b, mask]);
});

test('each round of NTK-SAP has as many inputs as asked for, in batches of weights of their own, whose slopes are summed', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const one = await scoresOf(network, params, { rounds: 1 });
  assert.deepEqual(await scoresOf(network, params, { rounds: 1, batchSize: 20 }), one, '2 classes, 10 each');
  for (const options of [{ rounds: 2 }, { rounds: 1, batchSize: 10 }, { rounds: 1, perClass: 9 }])
    assert.notDeepEqual(await scoresOf(network, params, options), one);
  tf.dispose(params);
});

test('of a small ε the scores of NTK-SAP are a multiple of ε²', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const [small, smaller] = [
    await scoresOf(network, params, { epsilon: 0.002, rounds: 1 }),
    await scoresOf(network, params, { epsilon: 0.001, rounds: 1 }),
  ];
  for (const [name, values] of Object.entries(small)) {
    const largest = Math.max(...values);
    values.forEach((value, i) => {
      assert.ok(Math.abs(value - 4 * smaller[name][i]) < 0.05 * largest, `${name}[${i}]: ${value}`);
    });
  }
  tf.dispose(params);
});

test('NTK-SAP prunes in twenty iterations, each of new weights, to the number asked for', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  const options = { method: 'ntk-sap', density: 0.3 } as const;
  const { mask, report } = await prune(network, params, options);
  assert.equal(report.iterations, 20);
  assert.equal(report.kept, Math.round(0.3 * report.size));
  const again = await prune(network, params, options);
  const other = await prune(network, params, { ...options, seed: 2 });
  const bits = (of: Params) => Object.values(of).map((tensor) => [...tensor.dataSync()].join(''));
  assert.deepEqual(bits(again.mask), bits(mask));
  assert.notDeepEqual(bits(other.mask), bits(mask));
  await assert.rejects(
    prune(network, params, { ...options, batchNorm: 'training' }),
    /ntk-sap looks at no images/,
  );
  tf.dispose([params, mask, again.mask, other.mask]);
});

test('settings of NTK-SAP that make no sense are refused', () => {
  assert.throws(() => ntkSapWith({ epsilon: 0 }), { message: 'invalid epsilon; not a positive number: 0' });
  assert.throws(() => ntkSapWith({ epsilon: Number.NaN }), /invalid epsilon/);
  assert.throws(() => ntkSapWith({ rounds: 1.5 }), {
    message: 'invalid rounds; not a positive whole number: 1.5',
  });
  assert.throws(() => ntkSapWith({ perClass: 0 }), /invalid perClass/);
  assert.throws(() => ntkSapWith({ batchSize: -1 }), /invalid batchSize/);
  assert.equal(methods['ntk-sap'].iterations, 20);
});

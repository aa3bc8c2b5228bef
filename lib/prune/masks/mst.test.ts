import assert from 'node:assert/strict';
import { fc, initialise, kernelsOf, type Mask, type Network, type Params } from '../..';
import { randomMask, randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import { mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { type PruneOptions, prune } from '../prune';
import { keeping, selections } from '../select';
import { forestMask, layerForests, networkForest } from '../topology';

const bitsOf = (mask: Mask) => mapRecord(mask, (tensor) => [...tensor.dataSync()]);
const isWithin = (inner: Mask, outer: Mask) =>
  Object.entries(bitsOf(inner)).every(([name, bits]) => {
    const others = outer[name].dataSync();
    return bits.every((bit, i) => bit <= others[i]);
  });

async function maskedBy(network: Network, params: Params, options: PruneOptions): Promise<Mask> {
  return (await prune(network, params, options)).mask;
}

const forestOf: Record<string, (network: Network, params: Params) => Mask> = {
  mst: (network, params) => forestMask(network, layerForests(network, params)),
  'mst/path-mass': (network, params) =>
    forestMask(network, layerForests(network, params, { by: 'path-mass' })),
  'mst/network': (network, params) => forestMask(network, networkForest(network, params)),
};

test('masks of trees keep their forest, exactly round(d · N) weights, and lie in those of larger densities', async () => {
  const network = fc({ width: 20, depth: 3, input: [12], classes: 4 });
  const params = initialise(network, { seed: 2 });
  const size = kernelsOf(network).reduce((sum, { name }) => sum + params[name].size, 0);
  for (const [method, forest] of Object.entries(forestOf)) {
    const tree = forest(network, params);
    const masks = [tree];
    for (const density of [0.16, 0.3, 0.7, 1]) {
      const mask = await maskedBy(network, params, { method, density });
      const kept = Object.values(bitsOf(mask)).flat();
      assert.equal(
        kept.reduce((sum, bit) => sum + bit, 0),
        Math.round(density * size),
      );
      assert.ok(isWithin(masks[masks.length - 1], mask), `${method} ${density}`);
      masks.push(mask);
    }
    tf.dispose(masks);
  }
  tf.dispose(params);
});

test('trees above the density are refused, with the smallest one', async () => {
  const network = smallMlp(); // 30 weights, trees of 6, 6 and 4, one of 11 in the whole
  const params = randomParams(network);
  for (const method of ['mst', 'mst/path-mass'])
    await assert.rejects(prune(network, params, { method, density: 0.5 }), {
      message:
        'invalid density; the spanning forests are 16 of 30, the smallest density 0.5333333333333333: 0.5',
    });
  await assert.rejects(prune(network, params, { method: 'mst/network', density: 0.3 }), {
    message:
      'invalid density; the weights to keep in any case are 11 of 30, the smallest density 0.36666666666666664: 0.3',
  });
  for (const [method, density] of [
    ['mst', 16 / 30],
    ['mst/network', 11 / 30],
  ] as const)
    tf.dispose(await maskedBy(network, params, { method, density }));
  tf.dispose(params);
});

test('every weight of the layers’ trees is on a path, of the network’s tree not: no unit is lost', async () => {
  const network = fc({ width: 30, depth: 4, input: [16], classes: 5 });
  const params = initialise(network, { seed: 1 });
  const reportOf = async (method: string, forest: Mask) => {
    const kept = Object.values(bitsOf(forest)).flat();
    const density = kept.reduce((sum, bit) => sum + bit, 0) / kept.length;
    const { mask, report } = await prune(network, params, { method, density });
    tf.dispose([mask, forest]);
    return report;
  };
  for (const method of ['mst', 'mst/path-mass']) {
    const report = await reportOf(method, forestOf[method](network, params));
    assert.equal(report.effective, report.kept);
    assert.ok(report.rows.every(({ units, effectiveUnits }) => units === effectiveUnits));
    const synflow = await prune(network, params, { method: 'synflow', density: report.density });
    assert.ok(synflow.report.rows.some(({ units, effectiveUnits }) => effectiveUnits < units));
    tf.dispose(synflow.mask);
  }
  const whole = await reportOf('mst/network', forestOf['mst/network'](network, params));
  assert.ok(whole.effective < whole.kept);
  tf.dispose(params);
});

test('the selection `forest` is that of mst, and keeps what hangs together step by step', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  const once = await maskedBy(network, params, { method: 'magnitude', select: 'forest', density: 0.5 });
  const built = await maskedBy(network, params, { method: 'mst', density: 0.5 });
  assert.deepEqual(bitsOf(once), bitsOf(built));
  // as iterative magnitude pruning does: other weights at each level, from the last mask on
  let mask: Mask | undefined;
  for (const [level, density] of [0.7, 0.5, 0.35].entries()) {
    const trained = randomParams(network, { seed: level });
    const next = await maskedBy(network, trained, { method: 'magnitude', select: 'forest', density, mask });
    const forests = layerForests(network, trained, { mask: next });
    for (const { components } of Object.values(forests)) assert.equal(components, 1);
    if (mask) assert.ok(isWithin(next, mask));
    tf.dispose([mask ?? {}, trained]);
    mask = next;
  }
  const iterated = await maskedBy(network, params, { method: 'synflow', select: 'forest', density: 0.4 });
  for (const { components } of Object.values(layerForests(network, params, { mask: iterated })))
    assert.equal(components, 1);
  tf.dispose([once, built, mask ?? {}, iterated, params]);
});

test('weights to keep in any case are kept by any selection that counts', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const given = Object.fromEntries(
    kernelsOf(network).map(({ name, shape: [inputs, units] }) => [
      name,
      tf.tensor2d(
        Array.from({ length: inputs }, () => Array.from({ length: units }, (_, unit) => Number(unit === 0))),
      ),
    ]),
  );
  for (const select of [keeping(given), keeping(given, selections.random)]) {
    const mask = await maskedBy(network, params, { method: 'magnitude', density: 0.6, select });
    assert.ok(isWithin(given, mask));
    assert.equal(
      Object.values(bitsOf(mask))
        .flat()
        .reduce((sum, bit) => sum + bit, 0),
      18,
    );
    tf.dispose(mask);
  }
  const start = tf.tidy(() => mapRecord(given, (bits) => tf.onesLike(bits).sub(bits)));
  await assert.rejects(
    prune(network, params, { method: 'magnitude', density: 0.5, mask: start, select: keeping(given) }),
    /invalid select; of the weights to keep in any case some are cut already in: first\/kernel/,
  );
  tf.dispose([given, start, params]);
});

test('a starting mask and layers that are not pruned are kept to', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  for (const method of Object.keys(forestOf)) {
    for (let seed = 0; seed < 5; seed++) {
      const start = randomMask(network, 0.6, seed);
      const left = Object.values(bitsOf(start)).flat();
      const density = (0.8 * left.reduce((sum, bit) => sum + bit, 0)) / left.length;
      const mask = await maskedBy(network, params, { method, density, mask: start });
      assert.ok(isWithin(mask, start), method);
      tf.dispose([start, mask]);
    }
    const { mask, report } = await prune(network, params, { method, density: 0.3, only: 'branch' });
    assert.deepEqual(
      report.rows.map(({ kept }) => kept),
      [18, 11, 4, 4],
    );
    tf.dispose(mask);
  }
  tf.dispose(params);
});

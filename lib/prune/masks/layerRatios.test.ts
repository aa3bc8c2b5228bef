import assert from 'node:assert/strict';
import * as check from 'fast-check';
import { fc, kernelsOf, type Network, resnet20, vgg16Bn } from '../../network';
import { randomMask, randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import {
  type LayerRatioName,
  layerQuotas,
  layerRatios,
  layerSizeOf,
  type Method,
  type MethodName,
  methods,
  prune,
  randomLike,
} from '..';
import { exactCounts } from './exactCounts';

const rules = Object.keys(layerRatios).filter((name) => !name.includes('/')) as LayerRatioName[];
const networks: Network[] = [resnet20(), vgg16Bn(), fc()];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('each rule keeps exactly as many as asked for, no layer more than it has, and shares within a weight of its density', () => {
  for (const network of networks)
    for (const ratio of rules)
      for (const density of [1, 0.5, 0.1, 0.05, 0.02]) {
        const quotas = layerQuotas(network, { ratio, density });
        const what = `${network.name}, ${ratio}, ${density}`;
        assert.equal(
          sum(quotas.map(({ kept }) => kept)),
          Math.round(density * sum(quotas.map(({ size }) => size))),
          what,
        );
        for (const { layer, size, density: own, kept } of quotas) {
          assert.ok(0 < kept && kept <= size && own <= 1, `${what}: ${layer}`);
          if (ratio !== 'smart-ratio') assert.ok(Math.abs(kept - own * size) < 1, `${what}: ${layer}`);
        }
      }
});

test('ER and ERK give a layer ε r or keep it whole, and all together the density', () => {
  const sizes = check.array(
    check.tuple(
      check.integer({ min: 1, max: 40 }),
      check.integer({ min: 1, max: 40 }),
      check.constantFrom(0, 1, 3),
    ),
    { minLength: 1, maxLength: 8 },
  );
  check.assert(
    check.property(sizes, check.double({ min: 0.01, max: 1, noNaN: true }), (layers, density) => {
      const given = layers.map(([i, o, w]) => layerSizeOf(w === 0 ? [i, o] : [w, w, i, o]));
      const total = sum(given.map(({ size }) => size));
      const raw = {
        er: ({ inputs, outputs }: (typeof given)[0]) => 1 / inputs + 1 / outputs,
        erk: ({ inputs, outputs, window, size }: (typeof given)[0]) =>
          (inputs + outputs + sum([...window])) / size,
      };
      for (const rule of ['er', 'erk'] as const) {
        const { densities, epsilon, dense } = layerRatios[rule](given, density, false);
        const kept = sum(densities.map((own, i) => own * given[i].size));
        assert.ok(Math.abs(kept - density * total) < 1e-9 * total);
        densities.forEach((own, i) => {
          const free = epsilon! * raw[rule](given[i]);
          assert.ok(dense!.includes(i) ? own === 1 : Math.abs(own - free) < 1e-9 && own <= 1 + 1e-9);
        });
      }
    }),
  );
});

test('one weight more goes where most is missing, and to no layer that is full', () => {
  assert.deepEqual(exactCounts({ densities: [0.5, 0.5, 0.5] }, [3, 3, 3], 5), [2, 2, 1]);
  assert.deepEqual(exactCounts({ densities: [1, 0.26, 0.25] }, [2, 10, 10], 8), [2, 3, 3]);
  assert.deepEqual(exactCounts({ densities: [1, 1, 0.1] }, [2, 2, 10], 9), [2, 2, 5]);
  assert.deepEqual(exactCounts({ densities: [0.1, 0.1] }, [2304, 36864], 3917), [231, 3686]); // 230.4 and 3686.4 are equal
});

test('a layer left without a weight is named, and so is one that is kept whole where it is too large', () => {
  const network = smallResidual();
  assert.throws(() => layerQuotas(network, { ratio: 'uniform', density: 0.1 }), {
    message: 'invalid density; leaves none of the 4 weights of shortcut: 0.1',
  });
  const wide = fc({ width: 100, depth: 2, input: [4], classes: 10 });
  assert.throws(() => layerQuotas(wide, { ratio: 'erk-plus', density: 0.5 }), {
    message: 'invalid density; less than the 1000 weights of the layer that is kept whole: 0.5',
  });
  assert.throws(() => layerQuotas(wide, { ratio: 'smart-ratio', density: 0.2 }), {
    message:
      'invalid density; smart ratio keeps 300 weights of the dense layers, and no more is asked for: 0.2',
  });
  assert.throws(() => layerQuotas(wide, { ratio: 'erg' as never, density: 0.2 }), {
    message: /invalid ratio; unknown, did you mean er.*: erg/,
  });
  assert.throws(() => layerQuotas(wide, { ratio: 'er' }), /invalid density; give density/);
});

const densitiesOf = async (network: Network, method: Method | MethodName, more: object = {}) => {
  const params = randomParams(network);
  try {
    const { mask, report } = await prune(network, params, { method, density: 0.5, ...more });
    const bits = kernelsOf(network).map(({ name }) => [...mask[name].dataSync()]);
    tf.dispose(mask);
    return { bits, kept: report.rows.map(({ kept }) => kept), report };
  } finally {
    tf.dispose(params);
  }
};

test('random masks by a rule have its counts in every layer, other weights for another seed', async () => {
  const network = smallResidual();
  for (const ratio of rules) {
    const quotas = layerQuotas(network, { ratio, density: 0.5 });
    const first = await densitiesOf(network, `random/${ratio}`);
    assert.deepEqual(
      first.kept,
      quotas.map(({ kept }) => kept),
      ratio,
    );
    assert.deepEqual((await densitiesOf(network, `random/${ratio}`)).bits, first.bits);
    assert.notDeepEqual((await densitiesOf(network, `random/${ratio}`, { seed: 2 })).bits, first.bits);
  }
  await assert.rejects(
    densitiesOf(network, 'random/uniform', { density: 0.1 }),
    /leaves none of the 4 weights of shortcut/,
  );
});

test('of layers that are pruned alone the rule shares out their weights', async () => {
  const network = smallMlp();
  const { kept, report } = await densitiesOf(network, 'random/erk', { except: 'third' });
  assert.equal(kept[2], report.rows[2].size);
  assert.equal(kept[0] + kept[1], 12);
});

test('under a starting mask what is drawn lies in it, and what is short is said', async () => {
  const network = smallMlp();
  const start = randomMask(network, 0.7);
  const { bits, report } = await densitiesOf(network, 'random/erk-plus', { mask: start });
  const before = kernelsOf(network).map(({ name }) => [...start[name].dataSync()]);
  bits.forEach((layer, k) => {
    layer.forEach((bit, i) => {
      assert.ok(bit <= before[k][i]);
    });
  });
  const short = Math.round(0.5 * report.size) - report.kept;
  assert.ok(short > 0);
  assert.ok(report.warnings.includes(`keeps ${short} weights fewer than asked for`));
  tf.dispose(start);
});

test('the layer densities of another method are taken over exactly, of any method', async () => {
  const network = smallMlp(true);
  const batch = { images: normalTensor([8, 3], 4), labels: tf.tensor1d([0, 1, 1, 0, 1, 0, 0, 1], 'int32') };
  for (const name of ['snip', 'synflow', 'grasp'] as const) {
    const more = methods[name].needs === 'batch' ? { batch } : {};
    const [own, alike] = [
      await densitiesOf(network, name, more),
      await densitiesOf(network, `random/${name}`, more),
    ];
    assert.deepEqual(alike.kept, own.kept, name);
    assert.notDeepEqual(alike.bits, own.bits, name);
  }
  const force = await densitiesOf(network, randomLike(methods.force), { batch });
  assert.deepEqual(force.kept, (await densitiesOf(network, 'force', { batch })).kept);
  const rule = await densitiesOf(network, randomLike(methods['random/er']));
  assert.deepEqual(rule.kept, (await densitiesOf(network, 'random/er')).kept);
  assert.throws(
    () => randomLike('snip' as never),
    /invalid method; not an entry of methods, as methods.snip is: snip/,
  );
  tf.dispose([batch.images, batch.labels]);
});

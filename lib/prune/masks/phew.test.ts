import assert from 'node:assert/strict';
import {
  fc,
  graphBuilder,
  initialise,
  kernelsOf,
  type Mask,
  type Network,
  type Params,
  resnet20,
} from '../..';
import { randomMask, randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import { mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { jaccardIndex } from '../jaccardIndex';
import { type PruneOptions, prune } from '../prune';

const variants = ['phew', 'phew2', 'phew/uniform', 'phew/inverse', 'phew/kernel', 'phew/reverse'];

const bitsOf = (mask: Mask) => mapRecord(mask, (tensor) => [...tensor.dataSync()]);
const countOf = (mask: Mask) =>
  Object.values(bitsOf(mask))
    .flat()
    .reduce((sum, bit) => sum + bit, 0);
const isWithin = (inner: Mask, outer: Mask) =>
  Object.entries(bitsOf(inner)).every(([name, bits]) => {
    const others = outer[name].dataSync();
    return bits.every((bit, i) => bit <= others[i]);
  });

async function withMasks(
  network: Network,
  params: Params,
  choices: readonly PruneOptions[],
  body: (masks: Mask[], kept: number[]) => void,
): Promise<void> {
  const pruned = [];
  for (const choice of choices) pruned.push(await prune(network, params, choice));
  body(
    pruned.map(({ mask }) => mask),
    pruned.map(({ report }) => report.kept),
  );
  tf.dispose(pruned.map(({ mask }) => mask));
}

test('each variant keeps exactly round(d · N), and masks of one seed lie in those of larger densities', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  const size = kernelsOf(network).reduce((sum, { name }) => sum + params[name].size, 0);
  const densities = [0.1, 0.3, 0.55, 0.9, 0.99, 1];
  for (const method of variants)
    await withMasks(
      network,
      params,
      densities.map((density) => ({ method, density, seed: 3 })),
      (masks, kept) => {
        assert.deepEqual(
          kept,
          densities.map((density) => Math.round(density * size)),
        );
        for (let i = 1; i < masks.length; i++) assert.ok(isWithin(masks[i - 1], masks[i]), `${method} ${i}`);
      },
    );
  tf.dispose(params);
});

test('another seed is another mask, by each variant', async () => {
  const network = fc({ width: 20, depth: 3, input: [10], classes: 4 });
  const params = initialise(network, { seed: 1 });
  for (const method of [...variants, 'phew/as-published'])
    await withMasks(
      network,
      params,
      [1, 2, 1].map((seed) => ({ method, density: 0.2, seed })),
      ([first, other, again]) => {
        assert.deepEqual(bitsOf(first), bitsOf(again));
        assert.ok(jaccardIndex(first, other) < 0.9, method);
      },
    );
  tf.dispose(params);
});

test('as published walks are whole: between floor(d · N) and a walk more', async () => {
  const network = smallMlp(); // 12 + 12 + 6 weights, walks of three
  const params = randomParams(network);
  for (const [density, least] of [
    [0.5, 15],
    [0.58, 17],
    [0.3, 9],
  ])
    await withMasks(network, params, [{ method: 'phew/as-published', density }], ([mask]) => {
      const kept = countOf(mask);
      assert.ok(least <= kept && kept < least + 3, `${kept} at ${density}`);
      const live = mapRecord(mask, (tensor) => [...tensor.dataSync()]);
      for (let unit = 0; unit < 4; unit++) {
        const into = [0, 1, 2].some((input) => live['first/kernel'][input * 4 + unit]);
        const out = [0, 1, 2].some((next) => live['second/kernel'][unit * 3 + next]);
        assert.equal(into, out, 'a unit that a walk comes to it leaves');
      }
    });
  tf.dispose(params);
});

test('whole kernels are taken, but for the last', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  await withMasks(network, params, [{ method: 'phew/kernel', density: 0.5 }], ([mask]) => {
    const parts = kernelsOf(network).flatMap(({ name, shape }) => {
      const pairs = shape[shape.length - 2] * shape[shape.length - 1];
      const bits = mask[name].dataSync();
      return Array.from({ length: pairs }, (_, pair) => {
        const own = [...bits].filter((_, i) => i % pairs === pair);
        return own.reduce((sum, bit) => sum + bit, 0) / own.length;
      });
    });
    assert.ok(parts.filter((part) => part > 0 && part < 1).length <= 1);
    assert.ok(parts.filter((part) => part === 1).length > 3);
  });
  tf.dispose(params);
});

test('layers that are not pruned are walked and left whole, and only the others count', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  for (const method of ['phew', 'phew/as-published', 'phew/kernel']) {
    const { mask, report } = await prune(network, params, { method, density: 0.5, only: 'branch' });
    for (const { layer, kept, size } of report.rows)
      assert.equal(kept, layer === 'branch' ? 18 : size, method);
    tf.dispose(mask);
  }
  const { mask, report } = await prune(network, params, {
    method: 'phew',
    density: 0.4,
    except: ['stem', 'out'],
  });
  assert.deepEqual(
    report.rows.filter(({ layer }) => layer === 'stem' || layer === 'out').map(({ density }) => density),
    [1, 1],
  );
  tf.dispose([mask, params]);
});

test('a starting mask is kept to; where it leaves no walk, or walks come by too few weights, that is said', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const full = tf.tidy(() =>
    Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, tf.ones([...shape])])),
  );
  const start = { ...full, 'second/kernel': tf.tensor([1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0], [4, 3]) };
  // 12 + 5 + 6 weights are kept; walks come by 3 units of the first and 2 of the second layer: 9 + 5 − … weights
  await withMasks(network, params, [{ method: 'phew', density: 0.4, mask: start }], ([mask], [kept]) => {
    assert.equal(kept, 12);
    assert.ok(isWithin(mask, start));
  });
  await assert.rejects(prune(network, params, { method: 'phew', density: 0.7, mask: start }), {
    message: 'invalid density; walks come by 17 of 30 weights, at most 0.5666666666666667: 0.7',
  });
  const none = { ...full, 'second/kernel': tf.zeros([4, 3]) };
  for (const method of variants)
    await assert.rejects(prune(network, params, { method, density: 0.4, mask: none }), {
      message: 'invalid mask; no walk leads from the input to an output of: small-mlp',
    });
  tf.dispose([params, full, start['second/kernel'], none['second/kernel']]);
});

test('any starting mask keeps what is within it, or says why not', async () => {
  const network = smallResidual();
  const params = randomParams(network);
  let pruned = 0;
  for (let seed = 0; seed < 20; seed++) {
    const mask = randomMask(network, 0.5, seed);
    const size = countOf(mask);
    const density = (0.5 * size) / 62;
    try {
      await withMasks(network, params, [{ method: 'phew', density, mask }], ([found], [kept]) => {
        assert.ok(isWithin(found, mask));
        assert.equal(kept, Math.round(density * 62));
      });
      pruned++;
    } catch (error) {
      assert.match(String(error), /invalid (density; (walks come by|the starting mask)|mask; no walk)/);
    }
    tf.dispose(mask);
  }
  assert.ok(pruned > 3);
  tf.dispose(params);
});

test('a weight of 0 is not drawn while there are others', async () => {
  const g = graphBuilder([2]);
  const hidden = g.relu('open', g.dense('first', g.input, { units: 2, bias: false }));
  g.dense('second', hidden, { units: 2, bias: false });
  const network = g.build('zeros');
  const params = {
    'first/kernel': tf.tensor([1, 0, -1, 1], [2, 2]),
    'second/kernel': tf.tensor([1, 1, 1, 1], [2, 2]),
  };
  for (const method of ['phew', 'phew2', 'phew/inverse'])
    await withMasks(network, params, [{ method, density: 7 / 8 }], ([mask]) => {
      assert.deepEqual([...mask['first/kernel'].dataSync()], [1, 0, 1, 1], method);
    });
  tf.dispose(params);
});

test('walks keep the width that SynFlow-L2 gives up, at any seed', async () => {
  const network = fc({ width: 100, depth: 4, input: [64], classes: 10 });
  const params = initialise(network, { seed: 1 });
  const narrowest = async (options: PruneOptions) => {
    const { mask, report } = await prune(network, params, options);
    tf.dispose(mask);
    return Math.min(...report.rows.slice(0, -1).map(({ effectiveUnits }) => effectiveUnits));
  };
  const density = 0.02;
  const bottleneck = await narrowest({ method: 'synflow-l2', density });
  for (const seed of [1, 2, 3]) {
    const width = await narrowest({ method: 'phew', density, seed });
    assert.ok(width > 2 * bottleneck, `${width} and ${bottleneck}`);
  }
  tf.dispose(params);
});

test('ResNet-20 at a hundredth keeps all its weights on paths', async () => {
  const network = resnet20();
  const params = initialise(network, { seed: 1 });
  const { mask, report } = await prune(network, params, { method: 'phew', density: 0.01 });
  assert.equal(report.kept, 2709);
  assert.ok(report.effective >= 2700, `${report.effective}`);
  assert.deepEqual(report.warnings, []);
  tf.dispose([mask, params]);
});

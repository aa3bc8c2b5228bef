import assert from 'node:assert/strict';
import { makeDataset, pruningBatch } from '../data';
import { buildNetwork, initialise, kernelsOf, type Network, type Params } from '../network';
import { enumeratePaths, l1PathNorm, pathKernelTrace } from '../path';
import { randomParams, smallMlp, smallResidual } from '../path/testNetworks';
import { createRandom, mapRecord, type TensorRecord, tf } from '../tensor';
import { test } from '../testing';
import { type MethodName, methods, type PruneOptions, prune } from '.';

/** Twenty 4×4 images of two classes. */
function images() {
  const random = createRandom(3);
  const split = (count: number) => ({
    pixels: Uint8Array.from({ length: count * 16 }, () => random.integer(256)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
    count,
  });
  return makeDataset({ name: 'noise', shape: [4, 4, 1], classes: 2, train: split(20), test: split(2) });
}

const bits = (mask: TensorRecord) => mapRecord(mask, (tensor) => [...tensor.dataSync()]);
const kept = (mask: TensorRecord) =>
  Object.values(bits(mask))
    .flat()
    .reduce((sum, bit) => sum + bit, 0);

async function withResidual(body: (network: Network, params: Params) => Promise<void>): Promise<void> {
  const network = smallResidual();
  const params = randomParams(network);
  await body(network, params);
  tf.dispose(params);
}

test('every method that takes single weights keeps exactly round(d · N), in masks of the kernels’ shapes', () =>
  withResidual(async (network, params) => {
    const data = images();
    for (const method of Object.keys(methods).filter((name) => !methods[name].about?.structured)) {
      const { mask, report } = await prune(network, params, { method, density: 0.5, data, iterations: 3 });
      if (method === 'phew/as-published')
        assert.ok(kept(mask) >= 0.5 * report.size); // of whole walks
      else assert.equal(kept(mask), Math.round(0.5 * report.size), method);
      assert.equal(report.kept, kept(mask));
      assert.deepEqual(
        mapRecord(mask, ({ shape }) => shape),
        Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, [...shape]])),
      );
      assert.ok(
        Object.values(bits(mask))
          .flat()
          .every((bit) => bit === 0 || bit === 1),
      );
      tf.dispose(mask);
    }
  }));

test('compression is the inverse of density', () =>
  withResidual(async (network, params) => {
    const a = await prune(network, params, { method: 'magnitude', density: 0.25 });
    const b = await prune(network, params, { method: 'magnitude', compression: 4 });
    assert.deepEqual(bits(a.mask), bits(b.mask));
    tf.dispose([a.mask, b.mask]);
  }));

test('magnitude keeps the largest weights', () =>
  withResidual(async (network, params) => {
    const { mask } = await prune(network, params, { method: 'magnitude', density: 0.3 });
    const sizes = Object.entries(bits(mask)).flatMap(([name, layer]) => {
      const values = params[name].dataSync();
      return layer.map((bit, i) => ({ bit, size: Math.abs(values[i]) }));
    });
    const smallestKept = Math.min(...sizes.filter(({ bit }) => bit === 1).map(({ size }) => size));
    assert.ok(sizes.every(({ bit, size }) => bit === 1 || size <= smallestKept));
    tf.dispose(mask);
  }));

test('iterative SynFlow is scoring and pruning in turn by hand', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const { mask } = await prune(network, params, { method: 'synflow', density: 0.3, iterations: 5 });
  const size = 4 * 3 + 4 * 3 + 3 * 2;
  let current = mapRecord(params, (tensor) => [...tensor.dataSync()]);
  for (let k = 1; k <= 5; k++) {
    const at = mapRecord(current, (values, name) => tf.tensor(values, params[name].shape));
    const sums = mapRecord(current, (values) => values.map(() => 0));
    for (const { weights, value } of enumeratePaths(network, at))
      for (const { name, index } of weights) sums[name][index] += Math.abs(value);
    const wanted = Math.round(0.3 ** (k / 5) * size);
    const threshold = Object.values(sums)
      .flat()
      .sort((a, b) => b - a)[wanted - 1];
    current = mapRecord(current, (values, name) =>
      values.map((value, i) => (sums[name][i] >= threshold ? value : 0)),
    );
    tf.dispose(at);
  }
  assert.deepEqual(
    bits(mask),
    mapRecord(current, (values) => values.map((value) => (value === 0 ? 0 : 1))),
  );
  tf.dispose([params, mask]);
});

test('the same images give the same Dist masks by data and by a batch, normalised or not', () =>
  withResidual(async (network, params) => {
    const data = images();
    for (const method of ['synflow-dist', 'synflow-l2-dist/as-published'] as const) {
      const options = { method, density: 0.3, iterations: 4 } as const;
      const byData = await prune(network, params, { ...options, data, perClass: 5, seed: 2 });
      for (const normalise of [true, false]) {
        const batch = pruningBatch(data, { perClass: 5, seed: 2, normalise });
        const byBatch = await prune(network, params, { ...options, batch });
        assert.deepEqual(bits(byBatch.mask), bits(byData.mask), `${method}, normalise ${normalise}`);
        tf.dispose([byBatch.mask, batch.images, batch.labels]);
      }
      tf.dispose(byData.mask);
    }
  }));

test('the same seed prunes the same weights, another one others', () =>
  withResidual(async (network, params) => {
    const run = (seed?: number) => prune(network, params, { method: 'random', density: 0.5, seed });
    const [a, b, c, d] = [await run(1), await run(1), await run(2), await run()];
    assert.deepEqual(bits(a.mask), bits(b.mask));
    assert.deepEqual(bits(a.mask), bits(d.mask));
    assert.notDeepEqual(bits(a.mask), bits(c.mask));
    tf.dispose([a, b, c, d].map(({ mask }) => mask));
  }));

test('layer scope keeps the same share of every layer', () =>
  withResidual(async (network, params) => {
    const { mask, report } = await prune(network, params, { method: 'random', density: 0.5, scope: 'layer' });
    for (const row of report.rows) assert.equal(row.kept, Math.round(0.5 * row.size));
    tf.dispose(mask);
  }));

test('the report counts what the mask keeps and what of it lies on a complete path', () =>
  withResidual(async (network, params) => {
    const { mask, report } = await prune(network, params, { method: 'random', density: 0.35, seed: 4 });
    const onPath = new Set(
      enumeratePaths(network, params, { mask }).flatMap(({ weights }) =>
        weights.map(({ name, index }) => `${name}/${index}`),
      ),
    );
    for (const row of report.rows) {
      const layer = bits(mask)[row.name];
      assert.equal(
        row.kept,
        layer.reduce((sum, bit) => sum + bit, 0),
      );
      assert.equal(row.density, row.kept / row.size);
      const live = [...layer.keys()].filter((i) => onPath.has(`${row.name}/${i}`));
      assert.equal(row.effective, live.length);
      assert.equal(row.effectiveUnits, new Set(live.map((i) => i % row.units)).size);
    }
    assert.equal(report.effectiveDensity, report.effective / report.size);
    assert.ok(report.effective < report.kept);
    tf.dispose(mask);
  }));

test('the report gives path norms and trace before and after', () =>
  withResidual(async (network, params) => {
    const { mask, report } = await prune(network, params, { method: 'synflow', density: 0.5 });
    assert.equal(report.before.logL1, l1PathNorm(network, params).log);
    assert.equal(report.after.logL1, l1PathNorm(network, params, { mask }).log);
    assert.equal(report.after.logTrace, pathKernelTrace(network, params, { mask }).log);
    assert.equal(report.iterations, 100);
    assert.equal(report.caption, 'synflow keeps 31 of the 62 weights of small-residual');
    assert.deepEqual(report.warnings, []);
    tf.dispose(mask);
  }));

test('at the limit of one weight a layer SynFlow leaves a connected network, magnitude warns by name', async () => {
  const network = buildNetwork('fc-100', { input: [6, 6, 1] });
  const params = initialise(network, { seed: 1 });
  const compression = (36 * 100 + 4 * 100 * 100 + 100 * 10) / 6;
  const flow = await prune(network, params, { method: 'synflow', compression });
  assert.equal(flow.report.kept, 6);
  assert.ok(flow.report.rows.every((row) => row.kept === 1 && row.effective === 1));
  assert.deepEqual(flow.report.warnings, ['9 of 10 outputs have no path to them']);
  const size = await prune(network, params, { method: 'magnitude', compression });
  assert.match(
    size.report.warnings[0],
    /^disconnected: no path leads from input to output, none gets through /,
  );
  const [empty] = size.report.rows.filter((row) => row.kept === 0);
  assert.ok(
    size.report.warnings.includes(`layer collapse: ${empty.layer} keeps none of its ${empty.size} weights`),
  );
  assert.ok(size.report.caption.includes('disconnected'));
  assert.equal(size.report.after.logL1, Number.NEGATIVE_INFINITY);
  tf.dispose([params, flow.mask, size.mask]);
});

test('a shortcut without weights is a collapse that does not disconnect', () =>
  withResidual(async (network, params) => {
    const weak = { ...params, 'shortcut/kernel': params['shortcut/kernel'].mul(1e-6) };
    const { mask, report } = await prune(network, weak, { method: 'magnitude', density: 0.9 });
    assert.deepEqual(report.warnings, [
      'layer collapse: shortcut keeps none of its 4 weights, other branches lead around it',
    ]);
    tf.dispose([mask, weak['shortcut/kernel']]);
  }));

test('ResNet-110 and VGG-19 are pruned within float32', async () => {
  for (const [name, options] of [
    ['resnet110', { input: [8, 8, 3] }],
    ['vgg19', {}],
  ] as const) {
    const network = buildNetwork(name, options);
    const params = initialise(network, { seed: 1 });
    const { mask, report } = await prune(network, params, {
      method: 'synflow-l2',
      density: 0.1,
      iterations: 1,
    });
    for (const figures of [report.before, report.after])
      assert.ok(Object.values(figures).every(Number.isFinite), JSON.stringify(figures));
    assert.equal(report.kept, Math.round(0.1 * report.size));
    tf.dispose([params, mask]);
  }
});

test('progress counts the iterations', () =>
  withResidual(async (network, params) => {
    const seen: number[] = [];
    const { mask } = await prune(network, params, {
      method: 'synflow',
      density: 0.5,
      iterations: 3,
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    assert.deepEqual(seen, [1 / 3, 2 / 3, 1]);
    tf.dispose(mask);
  }));

test('an aborted run throws the reason and leaves nothing behind', () =>
  withResidual(async (network, params) => {
    const controller = new AbortController();
    const running = prune(network, params, {
      method: 'grasp',
      density: 0.5,
      iterations: 50,
      data: images(),
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 2) controller.abort(new Error('enough'));
      },
    });
    await assert.rejects(running, { message: 'enough' });
  }));

test('bad options are refused by name, rule and value', () =>
  withResidual(async (network, params) => {
    const cases: [Partial<PruneOptions>, string | RegExp][] = [
      [{}, 'invalid density; give density (fraction kept) or compression (1 / density): undefined'],
      [{ density: 0.5, compression: 2 }, 'invalid density; give density or compression, not both: [0.5, 2]'],
      [{ density: 0 }, 'invalid density; not in (0, 1]: 0'],
      [{ density: 1.01 }, 'invalid density; not in (0, 1]: 1.01'],
      [{ density: Number.NaN }, 'invalid density; not in (0, 1]: NaN'],
      [{ compression: 0.9 }, 'invalid compression; not 1 or more: 0.9'],
      [{ compression: Number.NaN }, 'invalid compression; not 1 or more: NaN'],
      [
        { compression: 20 },
        'invalid compression; beyond one weight a layer, 15.5; small-residual has 4 layers with 62 weights: 20',
      ],
      [{ compression: Number.POSITIVE_INFINITY }, /^invalid compression; beyond one weight a layer, 15.5/],
      [{ density: 0.05 }, /^invalid density; below one weight a layer, 0.0645/],
      [{ density: 0.5, iterations: 0 }, 'invalid iterations; not a positive whole number: 0'],
      [{ density: 0.5, iterations: 2.5 }, 'invalid iterations; not a positive whole number: 2.5'],
      [
        { density: 0.5, method: 'synflaw' as MethodName },
        /^invalid method; unknown, did you mean synflow.*: synflaw$/,
      ],
      [
        { density: 0.5, scope: 'local' as 'layer' },
        /^invalid scope; unknown, did you mean .*global.*: local$/,
      ],
      [{ density: 0.5, select: 'tip' as 'top' }, /^invalid select; unknown, did you mean .*top.*: tip$/],
      [{ density: 0.5, batchNorm: 'training' }, 'invalid batchNorm; magnitude looks at no images: training'],
      [{ density: 0.5, seed: Number.NaN }, 'invalid seed; not a finite number: NaN'],
      [
        { density: 0.5, method: 'snip' },
        'invalid data; snip scores with images; give data or a batch: undefined',
      ],
      [
        { density: 0.5, method: 'grasp', data: images(), perClass: 11 },
        /^invalid perClass; class 0 has only 10/,
      ],
    ];
    for (const [options, message] of cases)
      await assert.rejects(prune(network, params, { method: 'magnitude', ...options }), { message });
  }));

test('images that do not fit the network are refused, with nothing left behind', () =>
  withResidual(async (network, params) => {
    const batch = { images: tf.zeros([2, 5, 5, 1]), labels: tf.tensor1d([0, 1], 'int32') };
    await assert.rejects(prune(network, params, { method: 'snip', density: 0.5, batch }), /invalid input/);
    tf.dispose([batch.images, batch.labels]);
  }));

test('scores that are not numbers are refused, with nothing left behind', () =>
  withResidual(async (network, params) => {
    const broken = { ...params, 'out/kernel': tf.fill([2, 2], Number.NaN) };
    await assert.rejects(
      prune(network, broken, { method: 'magnitude', density: 0.5 }),
      /invalid scores; .*NaN/,
    );
    tf.dispose(broken['out/kernel']);
  }));

test('a misspelt option, a density that is no number and a method that gives nothing are refused', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const attempt = (options: object) => prune(network, params, options as PruneOptions);
  const mine = { description: 'mine', needs: 'nothing', iterations: 1 };
  const cases: [object, string][] = [
    [
      { metod: 'synflow', density: 0.5 },
      'options of prune; unknown, did you mean method, seed or batch: metod',
    ],
    [
      { method: 'synflow', density: 0.5, iteration: 3 },
      'options of prune; unknown, did you mean iterations, method or batch: iteration',
    ],
    [{ method: 'synflow', density: '0.5' }, 'density; not in (0, 1]: "0.5"'],
    [
      { method: { ...mine, score: () => ({}), need: 'batch' }, density: 0.5 },
      'options of a method; unknown, did you mean needs, build or about: need',
    ],
    [
      { method: 'snip', density: 0.5, batch: { images: 1, lables: 2 } },
      'options of batch; unknown, did you mean labels, images or normalisedBy: lables',
    ],
    [{ method: 'synflow', compression: [2] }, 'compression; not 1 or more: [2]'],
    [
      { method: { ...mine, score: () => undefined }, density: 0.5 },
      'scores; not an object of scores by kernel name: undefined',
    ],
    [
      { method: { ...mine, iterations: undefined, build: () => undefined }, density: 0.5 },
      'mask; not an object of tensors by name: undefined',
    ],
  ];
  for (const [options, message] of cases)
    await assert.rejects(attempt(options), { message: `invalid ${message}` });
  tf.dispose(params);
});

import assert from 'node:assert/strict';
import { kernelsOf } from '../network';
import { randomMask, randomParams, smallMlp } from '../path/testNetworks';
import { mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { workedExample } from '../testing/workedExample';
import { type Method, methodNamed, methods, prune, registerMethod } from '.';

/** Keeps the smallest weights, by plain numbers. */
const smallest: Method = {
  description: '−|θ|',
  needs: 'nothing',
  iterations: 1,
  score: (network, params) =>
    Object.fromEntries(
      kernelsOf(network).map(({ name }) => [
        name,
        Float64Array.from(params[name].dataSync(), (x) => -Math.abs(x)),
      ]),
    ),
};

const bits = (mask: Readonly<Record<string, tf.Tensor>>) =>
  Object.values(mask).flatMap((tensor) => [...tensor.dataSync()]);

test('a method of one’s own prunes as an object and, once registered, by its name', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const asObject = await prune(network, params, { method: smallest, density: 0.5 });
  const sizes = kernelsOf(network).flatMap(({ name }) => Array.from(params[name].dataSync(), Math.abs));
  const cut = [...sizes].sort((a, b) => a - b)[sizes.length / 2];
  assert.deepEqual(
    bits(asObject.mask),
    sizes.map((size) => (size < cut ? 1 : 0)),
  );
  assert.equal(asObject.report.method, '−|θ|');
  const forget = registerMethod('smallest', smallest);
  try {
    const byName = await prune(network, params, { method: 'smallest', density: 0.5 });
    assert.deepEqual(bits(byName.mask), bits(asObject.mask));
    assert.equal(byName.report.method, 'smallest');
    registerMethod('smallest', { ...smallest, version: 2 }); // as when a cell is run again
    assert.equal(methodNamed('smallest').version, 2);
    assert.throws(() => methodNamed('smalest'), /invalid method; unknown, did you mean smallest.*: smalest/);
    tf.dispose(byName.mask);
  } finally {
    forget();
  }
  tf.dispose([params, asObject.mask]);
});

test('a method that builds a mask is held to the starting mask and to the layers that are pruned', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const start = randomMask(network, 0.6);
  /** Every second weight of each kernel. */
  const alternate: Method = {
    description: 'every second weight',
    needs: 'nothing',
    build: (net, _, { density, kernels, mask }) => {
      assert.equal(density, 0.5);
      assert.ok(kernels.length > 0 && kernels.every(({ layer }) => layer !== 'second'));
      assert.equal(mask === undefined, false);
      return Object.fromEntries(
        kernelsOf(net).map(({ name, shape }) => [
          name,
          tf.tidy(() =>
            tf
              .range(0, tf.util.sizeFromShape([...shape]))
              .mod(2)
              .reshape([...shape]),
          ),
        ]),
      );
    },
  };
  const options = { density: 0.5, mask: start, except: 'second' } as const;
  const narrow = await prune(network, params, { method: alternate, ...options });
  const wide = await prune(network, params, { method: { ...alternate, readmits: true }, ...options });
  for (const { name, layer } of kernelsOf(network)) {
    const before = [...start[name].dataSync()];
    const half = before.map((_, i) => i % 2);
    const expected = layer === 'second' ? before : before.map((bit, i) => bit * half[i]);
    assert.deepEqual([...narrow.mask[name].dataSync()], expected, name);
    assert.deepEqual([...wide.mask[name].dataSync()], layer === 'second' ? before : half, name);
  }
  assert.ok(!narrow.report.warnings.join().includes('are back'));
  assert.match(wide.report.warnings.join(), /weights outside the starting mask are back, as the method lets/);
  assert.ok(!narrow.report.warnings.join().includes('has not looked at'));
  const asked = await prune(network, params, {
    ...options,
    ...{ method: alternate, iterations: 5, scope: 'layer', select: 'unit' },
  });
  assert.match(asked.report.warnings.join(), /at one go and has not looked at iterations, scope, select/);
  tf.dispose([params, start, narrow.mask, wide.mask, asked.mask]);
});

test('a method that readmits is given all weights with the mask, and takes back what it cut', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const seen: number[] = [];
  /** Keeps the largest weights at first, then the smallest. */
  const fickle: Method = {
    description: 'one way, then the other',
    needs: 'nothing',
    iterations: 2,
    readmits: true,
    score(net, at, { mask }) {
      const sign = mask ? -1 : 1;
      seen.push(
        kernelsOf(net).reduce((n, { name }) => n + at[name].dataSync().filter((x) => x !== 0).length, 0),
      );
      return tf.tidy(() =>
        Object.fromEntries(kernelsOf(net).map(({ name }) => [name, at[name].abs().mul(sign)])),
      );
    },
  };
  const { mask } = await prune(network, params, { method: fickle, density: 0.25 });
  const expected = await prune(network, params, { method: smallest, density: 0.25 });
  assert.deepEqual(bits(mask), bits(expected.mask));
  assert.deepEqual(seen, [30, 30]);
  tf.dispose([params, mask, expected.mask]);
});

test('what is no method, and scores that do not fit, are refused', async () => {
  const network = smallMlp();
  const params = randomParams(network);
  const wrong: [unknown, RegExp][] = [
    [undefined, /invalid method; neither a name nor a method: undefined/],
    [{ ...smallest, description: 1 }, /invalid method; its description is not a text: 1/],
    [{ ...smallest, needs: 'image' }, /invalid method.needs; unknown, did you mean meanImage.*: image/],
    [{ ...smallest, version: 0 }, /invalid method; its version is not a positive whole number: 0/],
    [{ ...smallest, iterations: 0 }, /invalid method; its iterations are not a positive whole number: 0/],
    [{ ...smallest, score: undefined }, /invalid method; has not one of the functions score and build/],
    [{ ...smallest, build: () => ({}) }, /invalid method; has not one of the functions score and build/],
    [{ ...smallest, score: () => ({}) }, /invalid scores; the method gave none of: first\/kernel/],
    [
      { ...smallest, score: () => ({ 'first/kernel': Float32Array.of(1) }) },
      /invalid scores; not the 12 of first\/kernel: 1/,
    ],
  ];
  for (const [method, message] of wrong)
    await assert.rejects(prune(network, params, { method: method as Method, density: 0.5 }), message);
  assert.throws(() => registerMethod('', smallest), /invalid method; not a name of a letter/);
  assert.throws(() => registerMethod('snip', smallest), /invalid method; .*snip/);
  tf.dispose(params);
});

test('methods whose meaning has changed say so by their version', () => {
  const versions = mapRecord(methods, ({ version = 1 }) => version);
  const changed = Object.keys(versions).filter((name) => versions[name] > 1);
  assert.deepEqual(changed, [
    ...['snip', 'snip/as-published', 'grasp', 'grasp/as-published'],
    ...['synflow-dist', 'synflow-dist/as-published'],
    ...['synflow-l2-dist', 'synflow-l2-dist/as-published', 'synflow-l2-dist/px'],
    ...['random/snip', 'random/grasp'], // with those that they take their densities from
  ]);
});

test('the method of CONTRIBUTING is one file that prunes by its name', async () => {
  const { standardised } = workedExample('method', 'lib/prune/scores') as { standardised: Method };
  const network = smallMlp();
  const params = randomParams(network);
  const forget = registerMethod('standardised', standardised);
  const { mask } = await prune(network, params, { method: 'standardised', density: 0.5 });
  forget();
  const scores = kernelsOf(network).flatMap(({ name, shape }) =>
    Array.from(params[name].dataSync(), (x) => Math.abs(x) * Math.sqrt(shape[0] / 2)),
  );
  const cut = [...scores].sort((a, b) => b - a)[scores.length / 2 - 1];
  assert.deepEqual(
    bits(mask),
    scores.map((score) => (score >= cut * (1 - 1e-6) ? 1 : 0)),
  );
  tf.dispose([params, mask]);
});

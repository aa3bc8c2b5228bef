import assert from 'node:assert/strict';
import { fc, initialise, kernelsOf, type Mask } from '../network';
import { pathDensity } from '../path';
import { createRandom, tf } from '../tensor';
import { test } from '../testing';
import { blockDensities } from './blockDensities';
import { prune } from './prune';

test('inputs and outputs are sorted by what they keep, and each block has the share of its weights', () => {
  const kernel = tf.tensor2d([
    [0, 1, 0, 0],
    [1, 1, 0, 1],
    [0, 0, 0, 0],
    [1, 1, 0, 0],
  ]);
  assert.deepEqual(blockDensities(kernel, { blocks: 2 }), [
    [1, 1 / 4],
    [1 / 4, 0],
  ]);
  assert.deepEqual(blockDensities(kernel, { blocks: 1 }), [[6 / 16]]);
  assert.deepEqual(blockDensities(kernel, { blocks: 4 })[0], [1, 1, 1, 0]);
  const taps = tf.tidy(() => tf.stack([kernel, tf.zerosLike(kernel)]).expandDims(1)); // [2, 1, 4, 4]
  assert.deepEqual(blockDensities(taps, { blocks: 2 }), [
    [1 / 2, 1 / 8],
    [1 / 8, 0],
  ]);
  tf.dispose([kernel, taps]);
  const wide = tf.ones([3, 5]);
  assert.deepEqual(blockDensities(wide, { blocks: 2 }), [
    [1, 1],
    [1, 1],
  ]);
  for (const blocks of [0, 1.5, 4, Number.NaN])
    assert.throws(() => blockDensities(wide, { blocks }), /invalid blocks; not a whole number from 1 to 3/);
  const flat = tf.tensor1d([1]);
  assert.throws(() => blockDensities(flat), /invalid kernel; not a mask/);
  tf.dispose([wide, flat]);
});

/** The largest less the smallest block of a hidden layer, under a method's mask. */
async function spread(width: number, method: 'random' | 'snip'): Promise<number> {
  const network = fc({ width, depth: 3, input: [20], classes: 4 });
  const params = initialise(network, { seed: 1 });
  const random = createRandom(2);
  const images = tf.tensor(
    Float32Array.from({ length: 400 }, () => random.normal()),
    [20, 20],
  );
  const labels = tf.tensor1d(
    Int32Array.from({ length: 20 }, (_, i) => i % 4),
    'int32',
  );
  const batch = method === 'snip' ? { batch: { images, labels } } : {};
  const { mask } = await prune(network, params, { method, density: 0.2, scope: 'layer', ...batch });
  const densities = blockDensities(mask['dense2/kernel'], { blocks: 4 }).flat();
  tf.dispose([params, images, labels, mask]);
  return Math.max(...densities) - Math.min(...densities);
}

test('with width a random mask becomes even, one of SNIP does not', async () => {
  const [narrow, wide] = [await spread(40, 'random'), await spread(320, 'random')];
  assert.ok(wide < narrow / 2, `${narrow}, ${wide}`);
  assert.ok(wide < 0.15, `${wide}`);
  assert.ok((await spread(320, 'snip')) > 0.4);
});

test('of random masks the part of paths that is left is c^L on average', () => {
  const network = fc({ width: 30, depth: 4, input: [20], classes: 5 });
  const random = createRandom(5);
  const c = 0.3;
  const draws = Array.from({ length: 40 }, () => {
    const mask: Mask = Object.fromEntries(
      kernelsOf(network).map(({ name, shape }) => {
        const bits = Float32Array.from({ length: shape[0] * shape[1] }, () => Number(random.uniform() < c));
        return [name, tf.tensor(bits, [...shape])];
      }),
    );
    const { value } = pathDensity(network, mask);
    tf.dispose(mask);
    return value / c ** 4;
  });
  const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
  const deviation = Math.sqrt(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / (draws.length - 1));
  assert.ok(Math.abs(mean - 1) < (4 * deviation) / Math.sqrt(draws.length), `${mean}`);
  assert.ok(deviation < 0.2, `${deviation}`);
});

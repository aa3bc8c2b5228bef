import assert from 'node:assert/strict';
import { fc, initialise, kernelsOf, type Network, type Params, resnet20 } from '../network';
import { mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { type Pruned, type PruneOptions, prune } from '.';

const network = fc({ width: 20, depth: 3, input: [4, 4, 1], classes: 4 });
const size = 16 * 20 + 20 * 20 + 20 * 4;

const withParams = async (
  of: Network,
  change: (name: string, x: tf.Tensor) => tf.Tensor,
  body: (params: Params) => Promise<void>,
) => {
  const drawn = initialise(of, { seed: 1 });
  const params = mapRecord(drawn, (x, name) => change(name, x));
  await body(params);
  tf.dispose([drawn, params]);
};

const bitsOf = ({ mask }: Pruned) => kernelsOf(network).flatMap(({ name }) => [...mask[name].dataSync()]);

/** Prunes and hands the result on before its mask goes. */
async function pruned<T>(
  of: Network,
  params: Params,
  options: PruneOptions,
  look: (result: Pruned) => T,
): Promise<T> {
  const result = await prune(of, params, options);
  const seen = look(result);
  tf.dispose(result.mask);
  return seen;
}

test('of equal weights every layer keeps its part, the same ones for the same seed, and the report says so', () =>
  withParams(
    network,
    (_, x) => tf.onesLike(x),
    async (params) => {
      const options = { method: 'magnitude', density: 0.3 } as const;
      const kept = Math.round(0.3 * size);
      const look = (result: Pruned) => ({ bits: bitsOf(result), report: result.report });
      const [one, again, other] = await Promise.all(
        [1, 1, 2].map((seed) => pruned(network, params, { ...options, seed }, look)),
      );
      assert.deepEqual(one.report.ties, { zero: 0, kept, cut: size - kept });
      assert.deepEqual(one.report.warnings, [
        `ties: ${kept} of the ${kept} weights kept had the same score as ${size - kept} that were cut, drawn by the seed`,
      ]);
      assert.match(one.report.caption, /ties: 240 of the 240/);
      for (const { kept: own, size: all } of one.report.rows) {
        const deviation = Math.sqrt(all * 0.3 * 0.7);
        assert.ok(Math.abs(own - 0.3 * all) < 4 * deviation, `${own} of ${all}`);
      }
      assert.deepEqual(one.bits, again.bits);
      assert.notDeepEqual(one.bits, other.bits);
    },
  ));

test('an early tie counts for the weights that are left of it in the end', () =>
  withParams(
    network,
    (_, x) => tf.onesLike(x),
    async (params) => {
      let step = 0;
      const fickle: PruneOptions['method'] = {
        description: 'equal at first',
        needs: 'nothing',
        iterations: 2,
        score: (of) => {
          step++;
          return mapRecord(
            Object.fromEntries(kernelsOf(of).map(({ name }) => [name, params[name].size])),
            (n) => Float64Array.from({ length: n }, (_, i) => (step === 1 ? 1 : i + 1)),
          );
        },
      };
      const report = await pruned(
        network,
        params,
        { method: fickle, density: 0.25 },
        (result) => result.report,
      );
      assert.equal(report.ties?.kept, 200);
      assert.equal(report.ties?.cut, 400); // at the first of two steps, each to a half; the indices of the second hardly meet
      assert.equal(report.ties?.zero, 0);
    },
  ));

test('where every score is 0 every layer keeps its part: black images, and a ResNet whose blocks end in γ = 0', async () => {
  await withParams(
    network,
    (_, x) => x.clone(),
    async (params) => {
      const images = tf.zeros([8, 4, 4, 1]) as tf.Tensor4D;
      const labels = tf.tensor1d([0, 1, 2, 3, 0, 1, 2, 3], 'int32');
      const options = { method: 'snip', density: 0.3, batch: { images, labels } } as const;
      const { ties, rows, warnings } = await pruned(network, params, options, ({ report }) => report);
      assert.equal(ties?.zero, 240);
      assert.match(warnings.join(), /ties: 240 of the 240 weights kept .*; 240 have the score 0/);
      for (const { density } of rows) assert.ok(0.1 < density && density < 0.5);
      tf.dispose([images, labels]);
    },
  );
  const residual = resnet20({ input: [8, 8, 3] });
  await withParams(
    residual,
    (name, x) => (name.endsWith('bn2/gamma') ? tf.zerosLike(x) : x.clone()),
    async (params) => {
      const options = { method: 'synflow', compression: 10, iterations: 3 } as const;
      const { rows, ties, kept, warnings } = await pruned(residual, params, options, ({ report }) => report);
      assert.ok(ties && ties.zero > 0.5 * kept && ties.kept >= ties.zero);
      assert.match(warnings.join(), /ties: .* have the score 0/);
      const densities = ['stage1', 'stage2', 'stage3'].map((stage) => {
        const own = rows.filter(({ layer }) => layer.startsWith(stage) && !layer.includes('shortcut'));
        return own.reduce((sum, row) => sum + row.kept, 0) / own.reduce((sum, row) => sum + row.size, 0);
      });
      for (const density of densities)
        assert.ok(Math.abs(density / densities[2] - 1) < 0.2, densities.join());
    },
  );
});

test('units of equal means are drawn too, and the published threshold says how many more it cut', () =>
  withParams(
    network,
    (_, x) => tf.onesLike(x),
    async (params) => {
      const look = ({ report }: Pruned) => report;
      const units = await pruned(
        network,
        params,
        { method: 'magnitude', density: 0.5, select: 'unit' },
        look,
      );
      assert.ok(units.rows.every(({ kept }) => kept > 0));
      assert.deepEqual([units.ties?.kept, units.ties?.cut], [units.kept, size - units.kept]);
      const cut = await pruned(
        network,
        params,
        { method: 'magnitude', density: 0.3, select: 'threshold' },
        look,
      );
      assert.equal(cut.kept, 0);
      assert.match(cut.warnings.join(), /ties: 240 more weights were cut than asked for/);
    },
  ));

test('scores that differ leave nothing to a draw', () =>
  withParams(
    network,
    (_, x) => x.clone(),
    async (params) => {
      for (const method of ['synflow', 'magnitude', 'random'] as const) {
        const { ties, warnings } = await pruned(
          network,
          params,
          { method, density: 0.3 },
          ({ report }) => report,
        );
        assert.deepEqual(ties, { zero: 0, kept: 0, cut: 0 }, method);
        assert.ok(!warnings.join().includes('ties'), method);
      }
      const { ties } = await pruned(
        network,
        params,
        { method: 'synflow', density: 1 },
        ({ report }) => report,
      );
      assert.deepEqual(ties, { zero: 0, kept: 0, cut: 0 });
    },
  ));

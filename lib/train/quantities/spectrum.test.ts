import assert from 'node:assert/strict';
import { pathKernelSpectrum } from '../../path';
import { mapRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { tinyDataset, tinyNetwork, tinyStart } from '../../testing/tinyTraining';
import { train } from '..';

const names = ['spectralNorm', 'effectiveRank', 'participationRatio', 'stableRank'] as const;
const network = tinyNetwork();

const record = (quantities: readonly string[]) => ({
  quantities: [...quantities],
  trace: false as const,
  test: false,
});
const options = { data: tinyDataset(), epochs: 1, batch: 10 };

test('the spectrum of each epoch is that of the masked network, where it is asked for', async () => {
  const { params, mask } = tinyStart(network);
  const { rows, params: end } = await train(network, params, { ...options, mask, record: record(names) });
  for (const [epoch, at] of [params, end].entries()) {
    const exact = await pathKernelSpectrum(network, at, { mask, k: 1, probes: 40, steps: 60 });
    const expected = {
      spectralNorm: Math.log(exact.spectralNorm),
      effectiveRank: exact.effectiveRank?.estimate as number,
      participationRatio: exact.participationRatio?.estimate as number,
      stableRank: exact.stableRank,
    };
    for (const name of names) {
      const value = rows[epoch][name] as number;
      assert.ok(Math.abs(value - expected[name]) < 0.1 * Math.abs(expected[name]), `${name}: ${value}`);
    }
    assert.ok(Math.abs((rows[epoch].spectralNorm as number) - expected.spectralNorm) < 1e-6);
  }
  const without = await train(network, params, { ...options, epochs: 0, record: record([]) });
  for (const name of names) assert.ok(!(name in without.rows[0]));
  tf.dispose([params, mask, end, without.params]);
});

test('where no path is left there is no spectrum', async () => {
  const { params, mask } = tinyStart(network);
  const none = mapRecord(mask, (tensor) => tf.zerosLike(tensor));
  const { rows, params: end } = await train(network, params, {
    ...options,
    mask: none,
    epochs: 0,
    record: record(names),
  });
  assert.deepEqual(
    names.map((name) => rows[0][name]),
    [null, null, null, null],
  );
  tf.dispose([params, mask, none, end]);
});

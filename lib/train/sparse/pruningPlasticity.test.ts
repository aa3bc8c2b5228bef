import assert from 'node:assert/strict';
import { initialise } from '../../network';
import { prune } from '../../prune';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { tinyDataset, tinyNetwork } from '../../testing/tinyTraining';
import { type PlasticityOptions, pruningPlasticity, sgd, train } from '..';

const data = tinyDataset();
const network = tinyNetwork();
const options = { data, batch: 8, optimiser: sgd({ learningRate: 0.02, momentum: 0.9 }), seed: 3 };

test('a branch is the dense training up to a prune, which goes on with the mask, as done by hand', async () => {
  const params = initialise(network, { seed: 1 });
  const rows = await pruningPlasticity(network, params, {
    ...options,
    at: [0, 2],
    recovery: 2,
    density: 0.2,
  });
  const { mask } = await prune(network, params, { method: 'magnitude', density: 0.2, seed: 3 });
  const branch = await train(network, params, { ...options, mask, epochs: 2 });
  const dense = await train(network, params, { ...options, epochs: 4 });
  assert.deepEqual(
    rows.map(({ epoch }) => epoch),
    [0, 2],
  );
  assert.equal(rows[0].pruned, branch.rows[0].testTop1);
  assert.equal(rows[0].recovered, branch.rows[2].testTop1);
  assert.deepEqual(
    rows.map((row) => row.dense),
    [2, 4].map((epoch) => dense.rows[epoch].testTop1),
  );
  tf.dispose([params, mask, branch.params, dense.params]);
});

test('times that are none, and options of a training with a mask, are refused', async () => {
  const params = initialise(network, { seed: 1 });
  const refused: [Partial<PlasticityOptions>, RegExp][] = [
    [{ at: [] }, /invalid at; not epochs, whole numbers that rise/],
    [{ at: [2, 1] }, /invalid at;/],
    [{ at: [0.5] }, /invalid at;/],
    [{ recovery: 0 }, /invalid recovery; not a whole number of epochs from 1: 0/],
    [{ mask: {} } as object, /invalid options of pruningPlasticity; unknown, did you mean .*: mask/],
    [{ density: 0 }, /invalid density; not in \(0, 1\]: 0/],
  ];
  for (const [more, message] of refused)
    await assert.rejects(
      pruningPlasticity(network, params, { ...options, at: [0], density: 0.5, ...more }),
      message,
    );
  tf.dispose(params);
});

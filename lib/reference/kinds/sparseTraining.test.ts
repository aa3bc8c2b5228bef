import assert from 'node:assert/strict';
import { test } from '../../testing';
import { compared } from './testCompared';

for (const [name, count] of Object.entries({ schedules: 374, update: 286 }))
  test(`all of sparse_training_${name} is compared and agrees`, async () => {
    assert.deepEqual(await compared(`sparse_training_${name}`), { count, wrong: [] });
  });

test('a number of either file that is off does not agree', async () => {
  const schedules: [(string | number)[], unknown][] = [
    [['granet', 0, 'rows', 3, 'sparsity'], 0.1],
    [['granet', 0, 'rows', 36, 'sparsity'], 0.9],
    [['granet', 2, 'rows', 1, 'regeneration_rate'], 0.1],
    [['granet', 1, 'prunings_n'], 27],
    [['gmp', 1, 'rows', 2, 'sparsity'], 0.4],
    [['rigl', 0, 'updates'], 250],
    [['drop_counts', 4, 'exact_half_up'], 3],
  ];
  const results = (...path: (string | number)[]) => ['cases', 0, 'results', ...path];
  const updates: [(string | number)[], unknown][] = [
    [results('set_exact', 1, 'mask', 'a', 0), 0],
    [results('rigl_code', 0, 'raw_weights', 'b', 1), 0.5],
    [results('granet_code', 1, 'momentum', 'a', 0), 0.5],
    [results('granet_exact', 0, 'mask_after_global_prune', 'b', 0), 1],
    [results('rigl_exact', 0, 'counts', 'a', 'dropped_then_grown_again'), [1]],
    [results('set_code', 0, 'counts', 'a', 'dropped_and_grown'), 4],
  ];
  for (const [name, changes] of Object.entries({ schedules, update: updates }))
    for (const [path, value] of changes) {
      const { wrong } = await compared(`sparse_training_${name}`, [[path, () => value]]);
      assert.equal(wrong.length, 1, path.join());
    }
});

test('a convention that is none is named', async () => {
  const misspelt = (results: object) => ({ ...results, rigl_cod: [{}] });
  await assert.rejects(compared('sparse_training_update', [[['cases', 0, 'results'], misspelt]]), {
    message: /^invalid results; unknown, did you mean rigl_code/,
  });
});

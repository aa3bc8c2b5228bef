import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from '../../testing';
import { checkReference, isWithin, readReferenceFile, reportLine } from '..';
import type { Fields } from '../jsonFields';
import type { ReferenceFile } from '../readReferenceFile';

const file = (name: string) =>
  readReferenceFile(join(__dirname, '..', 'fixtures', `sparse_training_${name}.json`));

/** Quantities that do not agree, or are not compared, and how many were. */
async function wrongIn(of: ReferenceFile): Promise<{ wrong: string[]; compared: number }> {
  const wrong: string[] = [];
  let compared = 0;
  for await (const finding of checkReference(of)) {
    compared++;
    if (finding.measure === 'not yet' || !isWithin(finding)) wrong.push(reportLine(of.name, finding));
  }
  return { wrong, compared };
}

for (const [name, compared] of Object.entries({ schedules: 374, update: 286 }))
  test(`all of sparse_training_${name} is compared and agrees`, async () => {
    assert.deepEqual(await wrongIn(file(name)), { wrong: [], compared });
  });

/** The file with one number, or one entry of a list, changed. */
function changed(name: string, path: readonly (string | number)[], value: unknown): ReferenceFile {
  const { fields, ...rest } = file(name);
  const copy = JSON.parse(JSON.stringify(fields)) as Fields;
  let at = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path[path.length - 1];
  assert.notDeepEqual(at[last], value, path.join());
  at[last] = value;
  return { ...rest, fields: copy };
}

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
    for (const [path, value] of changes)
      assert.equal((await wrongIn(changed(name, path, value))).wrong.length, 1, path.join());
});

test('a convention that is none is named', async () => {
  await assert.rejects(wrongIn(changed('update', ['cases', 0, 'results', 'rigl_cod'], [{}])), {
    message: /^invalid results; unknown, did you mean rigl_code/,
  });
});

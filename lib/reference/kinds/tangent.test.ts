import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from '../../testing';
import { checkReference, isWithin, readReferenceFile } from '..';

/** What is found in a file, changed or not. */
async function findings(name: string, change: (fields: Record<string, never>) => void = () => {}) {
  const file = readReferenceFile(join(__dirname, '..', 'fixtures', `${name}.json`));
  const fields = structuredClone(file.fields) as Record<string, never>;
  change(fields);
  const found = [];
  for await (const finding of checkReference({ ...file, fields })) found.push(finding);
  return found;
}

for (const name of ['tangent_tiny_resbn', 'tangent_resnet20'])
  test(`every quantity of ${name} agrees with the reference, and none is passed over`, async () => {
    const found = await findings(name);
    assert.ok(found.length >= 48, `only ${found.length} quantities`);
    for (const finding of found)
      assert.ok(finding.measure !== 'not yet' && isWithin(finding), JSON.stringify(finding));
  });

test('a kernel, an alignment, a distance, a linearised output or a bound that is off fails', async () => {
  const found = await findings('tangent_tiny_resbn', ({ ntk, linearised }) => {
    const { weights, all, kernel_distance: distance, bound } = ntk as Record<string, Record<string, never>>;
    (all.full as number[])[7] += 1e-6;
    (weights as Record<string, number>).alpha_centred *= 1 + 1e-6;
    (distance.weights_full as Record<string, number>).distance *= 1 + 1e-6;
    (bound as Record<string, number>).ln_bound *= 1 + 1e-6;
    ((linearised as Record<string, number[]>).f_lin as number[])[3] += 1e-6;
  });
  assert.deepEqual(
    found
      .filter((finding) => finding.measure !== 'not yet' && !isWithin(finding))
      .map(({ quantity }) => quantity),
    [
      'ntk.weights.alpha_centred',
      'ntk.all.full',
      'linearised.f_lin',
      'ntk.kernel_distance.weights_full.distance',
      'ntk.bound.ln_bound',
    ],
  );
});

import '../exactConvolutions';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from '../../testing';
import { checkReference, isWithin, readReferenceFile } from '..';

type Change = [path: readonly (string | number)[], to: (value: number) => number | null];

/** What of the file is not compared, and what does not agree, after some changes. */
async function unequal(changes: readonly Change[] = []): Promise<string[]> {
  const file = readReferenceFile(join(__dirname, '..', 'fixtures', 'path_length.json'));
  const fields = structuredClone(file.fields);
  for (const [path, to] of changes) {
    type Holder = Record<string | number, unknown>;
    const last = path[path.length - 1];
    const holder = path.slice(0, -1).reduce((at, key) => at[key] as Holder, fields as Holder);
    holder[last] = to(holder[last] as number);
  }
  const found: string[] = [];
  for await (const finding of checkReference({ ...file, fields }))
    if (finding.measure === 'not yet' || !isWithin(finding)) found.push(finding.quantity);
  return found;
}

test('all of a file of path lengths is compared, and what is off is found', async () => {
  assert.deepEqual(await unequal(), []);
  const more = (value: number) => value + 1;
  const off = await unequal([
    [['results', 'mlp', 'dense', 'all_nonlinear', 'normalised_by_output', 1], (value) => value + 1e-9],
    [['results', 'mlp', 'kept_0.6', 'by_channel', 'energy_weighted'], () => null],
    [['results', 'paths_257', 'dense', 'kept_weights'], more],
    [['results', 'tiny_resbn', 'kept_0.5', 'all_nonlinear', 'paths'], more],
    [['networks', 'tiny_resbn', 'deltas', 'by_channel', 'relu3', 0], (value) => value + 1e-6],
  ]);
  assert.deepEqual(
    off.filter((name) => !name.includes('tiny_resbn') || name.endsWith('paths')),
    [
      'results.paths_257.dense.kept_weights',
      'results.tiny_resbn.kept_0.5.all_nonlinear.paths',
      'results.mlp.dense.all_nonlinear.normalised_by_output',
      'results.mlp.kept_0.6.by_channel.energy_weighted',
    ],
  );
  assert.equal(off.filter((name) => /tiny_resbn.*by_channel/.test(name)).length, 10);
});

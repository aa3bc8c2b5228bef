import '../exactConvolutions';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from '../../testing';
import { checkReference, isWithin, readReferenceFile, reportLine } from '..';
import { type Fields, isFields } from '../jsonFields';
import type { ReferenceFile } from '../readReferenceFile';

const file = () => readReferenceFile(join(__dirname, '..', 'fixtures', 'px_spread.json'));

/** Quantities that do not agree, or are not compared. */
async function wrongIn(of: ReferenceFile): Promise<string[]> {
  const wrong: string[] = [];
  for await (const finding of checkReference(of))
    if (finding.measure === 'not yet' || !isWithin(finding)) wrong.push(reportLine(of.name, finding));
  return wrong;
}

test('all of px_spread is compared and agrees', async () => {
  let compared = 0;
  for await (const _ of checkReference(file())) compared++;
  assert.equal(compared, 144);
  assert.deepEqual(await wrongIn(file()), []);
});

/** The file with one number, list or text of its network of dense layers changed. */
function changed(path: readonly string[]): ReferenceFile {
  const { fields, ...rest } = file();
  const copy = JSON.parse(JSON.stringify(fields)) as Fields;
  let at = (copy.networks as Fields).tiny_mlp_paths as Record<string, unknown>;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  const last = path[path.length - 1];
  const value = at[last];
  assert.ok(value !== undefined && !isFields(value), path.join());
  if (typeof value === 'number') at[last] = value * 1.001 + 1;
  else if (typeof value === 'string') at[last] = value.replace('1', '0');
  else at[last] = (value as number[]).map((entry) => entry + 1);
  return { ...rest, fields: copy };
}

test('a number, a list or a mask of px_spread that is off does not agree', async () => {
  const paths = [
    ['c_k'],
    ['c_spread', 'relative'],
    ['spearman_px_l2'],
    ['tightness'],
    ['px_scores', '3.weight'],
    ['masks', '0.2', 'px_mask'],
    ['iterated', 'iterations', '2', 'c_k'],
    ['iterated', 'iterations', '3', 'l2_mask'],
  ];
  for (const path of paths) assert.equal((await wrongIn(changed(path))).length, 1, path.join());
});

test('a network of a file that is not there is named', async () => {
  const { fields, ...rest } = file();
  const networks = { other: { file: 'nowhere.json' } };
  await assert.rejects(wrongIn({ ...rest, fields: { ...fields, networks } }), {
    message: 'invalid reference file; px_spread.json speaks of a file that is not there: nowhere.json',
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from '../../testing';
import { checkReference, isWithin, readReferenceFile } from '..';
import type { ReferenceFile } from '../readReferenceFile';

const files = { phew_mlp: 39, phew_conv: 46, phew_residual: 64 };

const read = (name: string) => readReferenceFile(join(__dirname, '..', 'fixtures', `${name}.json`));

/** How many quantities were compared, and those that do not agree or are not compared. */
async function findings(file: ReferenceFile): Promise<{ compared: number; wrong: string[] }> {
  let compared = 0;
  const wrong: string[] = [];
  for await (const finding of checkReference(file)) {
    compared++;
    if (finding.measure === 'not yet' || !isWithin(finding)) wrong.push(finding.quantity);
  }
  return { compared, wrong };
}

for (const [name, compared] of Object.entries(files))
  test(`walks of ${name} are replayed one by one, and all its chances agree`, async () => {
    assert.deepEqual(await findings(read(name)), { compared, wrong: [] });
  });

test('a walk, a chance or a uniform number that is off does not agree', async () => {
  const { fields, ...rest } = read('phew_residual');
  const changes: [(file: typeof fields) => void, string[]][] = [
    [({ replay }) => ((replay as Replay).walks[5].weights[2][1] ^= 1), ['replay.walks']],
    [({ kernel }) => ((kernel as Lists)['conv1.weight'][3] *= 1 + 1e-9), ['kernel.conv1.weight']],
    [
      ({ transition }) => ((transition as Record<string, Lists>)['fc.weight'].reverse[1] += 1e-9),
      ['transition.fc.weight.reverse'],
    ],
    [
      ({ expected_distinct }) => ((expected_distinct as Record<string, number>)[20] += 1e-6),
      ['expected_distinct.20'],
    ],
    [({ replay }) => ((replay as Record<string, number>).surplus = 1), ['replay.surplus']],
  ];
  for (const [change, wrong] of changes) {
    const copy = structuredClone(fields);
    change(copy);
    assert.deepEqual((await findings({ ...rest, fields: copy })).wrong, wrong);
  }
  const copy = structuredClone(fields);
  (copy.replay as Replay).uniforms[9] = 1 - (copy.replay as Replay).uniforms[9];
  assert.ok((await findings({ ...rest, fields: copy })).wrong.includes('replay.walks'));
});

type Lists = Record<string, number[]>;
type Replay = { walks: { weights: number[][] }[]; uniforms: number[] };

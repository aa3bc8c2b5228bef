import assert from 'node:assert/strict';
import { test } from '../../testing';
import { type Change, compared } from './testCompared';

const files = { phew_mlp: 39, phew_conv: 46, phew_residual: 64 };

for (const [name, count] of Object.entries(files))
  test(`walks of ${name} are replayed one by one, and all its chances agree`, async () => {
    assert.deepEqual(await compared(name), { count, wrong: [] });
  });

test('a walk, a chance or a uniform number that is off does not agree', async () => {
  const changes: [...Change, string[]][] = [
    [['replay', 'walks', 5, 'weights', 2, 1], (index: number) => index ^ 1, ['replay.walks']],
    [['kernel', 'conv1.weight', 3], (chance: number) => chance * (1 + 1e-9), ['kernel.conv1.weight']],
    [
      ['transition', 'fc.weight', 'reverse', 1],
      (chance: number) => chance + 1e-9,
      ['transition.fc.weight.reverse'],
    ],
    [['expected_distinct', 20], (count: number) => count + 1e-6, ['expected_distinct.20']],
    [['replay'], (replay: object) => ({ ...replay, surplus: 1 }), ['replay.surplus']],
  ];
  for (const [path, to, wrong] of changes)
    assert.deepEqual((await compared('phew_residual', [[path, to]])).wrong, wrong);
  const other = await compared('phew_residual', [
    [['replay', 'uniforms', 9], (uniform: number) => 1 - uniform],
  ]);
  assert.ok(other.wrong.includes('replay.walks'));
});

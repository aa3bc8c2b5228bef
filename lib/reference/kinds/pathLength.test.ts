import assert from 'node:assert/strict';
import { test } from '../../testing';
import { compared } from './testCompared';

test('all of a file of path lengths is compared, and what is off is found', async () => {
  assert.deepEqual((await compared('path_length')).wrong, []);
  const more = (value: number) => value + 1;
  const { wrong: off } = await compared('path_length', [
    [
      ['results', 'mlp', 'dense', 'all_nonlinear', 'normalised_by_output', 1],
      (value: number) => value + 1e-9,
    ],
    [['results', 'mlp', 'kept_0.6', 'by_channel', 'energy_weighted'], () => null],
    [['results', 'paths_257', 'dense', 'kept_weights'], more],
    [['results', 'tiny_resbn', 'kept_0.5', 'all_nonlinear', 'paths'], more],
    [['networks', 'tiny_resbn', 'deltas', 'by_channel', 'relu3', 0], (value: number) => value + 1e-6],
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

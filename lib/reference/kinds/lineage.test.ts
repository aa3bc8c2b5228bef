import assert from 'node:assert/strict';
import { test } from '../../testing';
import { type Change, compared } from './testCompared';

type Path = Change[0];

/** What of a file is not compared, or does not agree, after some of its numbers have been changed. */
async function unequal(
  name: string,
  changes: readonly Path[] = [],
  to = (value: unknown): unknown => Number(value) + 1e-6,
): Promise<string[]> {
  const { wrong } = await compared(
    name,
    changes.map((path): Change => [path, to]),
  );
  return wrong;
}

test('all of a file of lineages is compared, and what is off is found', async () => {
  assert.deepEqual(await unequal('lineage'), []);
  const off = await unequal('lineage', [
    ['results', 3, 'L1'],
    ['results', 4, 'L2_reported'],
    ['results', 7, 'log_sum_exp'],
    ['found', 'L2', '0.5', 0],
    ['linear_layer', 'results', 3, 'L2'],
  ]);
  assert.deepEqual(off, [
    'results.0.1.0.L1',
    'results.0.1.0.01.L2_reported',
    'results.1.0.0.01.log_sum_exp',
    'found.L2.0.5',
    'linear_layer.results.3.L2',
  ]);
  const child = await unequal('lineage', [['children', 1, 'fc0.weight', 3]], (value) => Number(value) + 1e-3);
  assert.ok(child.length >= 12 && child.every((name) => /^results\.[01]\.1\./.test(name)), child.join());
  await assert.rejects(
    unequal('lineage', [['about', 'features']], () => 'some'),
    {
      message: 'invalid reference file; about.features must name its node `ID`: some',
    },
  );
});

test('all of a file on architecture proxies is compared, and what is off is found', async () => {
  assert.deepEqual(await unequal('architecture_proxy'), []);
  const off = await unequal('architecture_proxy', [
    ['networks', 3, 'ln_trace_by_seed', 1],
    ['networks', 5, 'ln_R2'],
    ['networks', 7, 'paths'],
    ['statistics', 'ln_R1', 'partial_kendall'],
    ['statistics', 'parameters', 'pairs', 'tied_in_a'],
  ]);
  assert.deepEqual(off, [
    'networks.3.ln_trace_by_seed',
    'networks.5.ln_R2',
    'networks.7.paths',
    'statistics.ln_R1.partial_kendall',
    'statistics.parameters.pairs.tied_in_a',
  ]);
  const other = await unequal('architecture_proxy', [['accuracies', 4]], () => 0.9);
  assert.ok(other.every((name) => name.startsWith('statistics.')) && other.length > 20, other.join());
  await assert.rejects(
    unequal('architecture_proxy', [['about', 'networks']], () => 'some'),
    {
      message: 'invalid reference file; about.networks must say `input N` and `dense to K`: some',
    },
  );
});

test('all of a file of rank statistics is compared, and what is off, or defined where it is not, is found', async () => {
  assert.deepEqual(await unequal('rank_statistics'), []);
  const off = await unequal('rank_statistics', [
    ['cases', 1, 'results', 'kendall_tau_b'],
    ['cases', 2, 'results', 'partial_spearman_two_controls'],
    ['cases', 4, 'results', 'spearman'], // null
  ]);
  assert.deepEqual(off, [
    'cases.1.kendall_tau_b',
    'cases.2.partial_spearman_two_controls',
    'cases.4.spearman',
  ]);
});

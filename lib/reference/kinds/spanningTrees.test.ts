import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from '../../testing';
import { checkReference, isWithin, readReferenceFile } from '..';

type Holder = Record<string | number, unknown>;

/** How much of the file is compared, and what does not agree or is not compared after a change of one value. */
async function findings(path: readonly (string | number)[] = [], to: unknown = undefined) {
  const file = readReferenceFile(join(__dirname, '..', 'fixtures', 'zeroth_order_topology.json'));
  const fields = structuredClone(file.fields) as Holder;
  if (path.length > 0) {
    const holder = path.slice(0, -1).reduce((at, key) => at[key] as Holder, fields);
    holder[path[path.length - 1]] = to;
  }
  let compared = 0;
  const wrong: string[] = [];
  for await (const finding of checkReference({ ...file, fields })) {
    compared++;
    if (finding.measure === 'not yet' || !isWithin(finding)) wrong.push(finding.quantity);
  }
  return { compared, wrong };
}

test('all of a file of spanning trees is compared and agrees', async () => {
  const { compared, wrong } = await findings();
  assert.deepEqual(wrong, []);
  assert.ok(compared > 200, `${compared}`);
});

test('an edge, a count, a persistence or a path mass that is off does not agree', async () => {
  const changes: [(string | number)[], unknown, string][] = [
    [['dense', 'forest', 3], [0, 0], 'dense.forest'],
    [['dense_masked', 'components_at_threshold', 2], 99, 'dense_masked.components_at_threshold'],
    [['conv', 'channels_l2', 'kept_weights'], 99, 'conv.channels_l2.kept_weights'],
    [['conv', 'channels_max', 'kept_kernel_element', 1], 99, 'conv.channels_max.kept_kernel_element'],
    [['mlp', 'path_mass', 'fc1.weight', 2], 99, 'mlp.path_mass.fc1.weight'],
    [
      ['mlp', 'whole_graph_path_mass', 'complete_paths_left'],
      99,
      'mlp.whole_graph_path_mass.complete_paths_left',
    ],
    [['mlp', 'per_layer_magnitude', 1, 'total_weight'], 99, 'mlp.per_layer_magnitude'],
    [['large_mlp', 'whole_graph', 'forest_edges'], 99, 'large_mlp.whole_graph.forest_edges'],
  ];
  for (const [path, to, wrong] of changes)
    assert.deepEqual((await findings(['cases', ...path], to)).wrong, [`cases.${wrong}`]);
});

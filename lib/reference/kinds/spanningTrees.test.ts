import assert from 'node:assert/strict';
import { test } from '../../testing';
import { compared } from './testCompared';

const FILE = 'zeroth_order_topology';

test('all of a file of spanning trees is compared and agrees', async () => {
  const { count, wrong } = await compared(FILE);
  assert.deepEqual(wrong, []);
  assert.ok(count > 200, `${count}`);
});

test('an edge, a count, a persistence or a path mass that is off does not agree', async () => {
  const changes: [(string | number)[], unknown, string][] = [
    [['dense', 'forest', 3], [0, 0], 'dense.forest'],
    [['dense_masked', 'components_at_threshold', 2], 99, 'dense_masked.components_at_threshold'],
    [['conv', 'channels_l2', 'total_weight'], 99, 'conv.channels_l2.total_weight'],
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
    assert.deepEqual((await compared(FILE, [[['cases', ...path], () => to]])).wrong, [`cases.${wrong}`]);
  const unknown = (tree: object) => ({ ...tree, kept_weights: 99 });
  const { wrong } = await compared(FILE, [[['cases', 'conv', 'channels_l2'], unknown]]);
  assert.deepEqual(wrong, ['cases.conv.channels_l2.kept_weights']);
});

import assert from 'node:assert/strict';
import { test } from '../../testing';
import { compared } from './testCompared';

test('saliencies, orders and smaller networks of coupled channels are those of the reference', async () => {
  const { count, wrong } = await compared('dfpc_residual');
  assert.deepEqual(wrong, []);
  assert.ok(count > 120, `${count}`);
  const more = (value: number) => value * 1.001;
  const off = await compared('dfpc_residual', [
    [['couplings', 0, 'saliency', 1], more],
    [['couplings', 3, 'l1', 0], more],
    [['couplings', 0, 'pairs', 0, 'b'], () => 'fc.weight'],
    [['order', 4, 'channel'], (channel: number) => channel + 1],
    [['order_l1', 2, 'score'], more],
    [['after', 1, 'outputs', 3], (value: number) => value + 0.01],
    [['after_given', 0, 'shapes', 'fc.weight', 1], (width: number) => width - 1],
    [['after_l1', 2, 'prunable_weights_left'], (left: number) => left - 1],
  ]);
  assert.deepEqual(off.wrong, [
    'couplings.stream1.saliency',
    'couplings.stream1.pairs.reachable',
    'couplings.stream1.pairs.conv1.weight.fc.weight',
    'couplings.stream2.l1',
    'order.channels',
    'after.5.outputs',
    'after.5.outputs_masked',
    'order_l1.scores',
    'after_l1.10.prunable_weights_left',
    'after_given.1.shapes.fc.weight',
  ]);
});

test('total variation and its bounds are those of the reference, and what is off is found', async () => {
  const { count, wrong } = await compared('total_variation');
  assert.deepEqual(wrong, []);
  assert.ok(count > 40, `${count}`);
  const off = await compared('total_variation', [
    [['grid', 6, 'tv'], (value: number) => value + 1e-9],
    [['table', 0, 'witness_lower_pair', 0], (label: number) => label - 1],
    [['diagonal', 2, 'bhattacharyya', 1], (value: number) => value + 1e-9],
    [['class_mean_gap', 'as_published_first_pairs', 'kept', '0.9', 2], () => 1],
  ]);
  assert.deepEqual(off.wrong, [
    'grid.tv',
    'table.witness_lower_pair',
    'diagonal.bhattacharyya',
    'class_mean_gap.as_published_first_pairs.kept.0.9',
  ]);
});

import assert from 'node:assert/strict';
import { test } from '../../testing';
import { compared } from './testCompared';

const flipped = (mask: string) => (mask[0] === '1' ? '0' : '1') + mask.slice(1);
const more = (value: number) => value + 1;
const moved = ([first, ...rest]: number[]) => [first + 1, ...rest];

test('FORCE and Iter-SNIP are those of the reference at every iteration, and what is off is found', async () => {
  assert.deepEqual(await compared('force_iter_snip'), { count: 184, wrong: [] });
  const run = ['networks', 'mlp', 'runs'];
  const { wrong } = await compared('force_iter_snip', [
    [[...run, 1, 'steps', 2, 'mask'], flipped],
    [[...run, 1, 'steps', 1, 'reentered'], moved],
    [[...run, 1, 'mask_with_truncated_counts'], flipped],
    [[...run, 3, 'steps', 3, 'scores'], moved],
    [[...run, 3, 'steps', 3, 'loss_of_masked_net'], (value: number) => value * 1.0001],
    [['networks', 'residual', 'runs', 1, 'kept_by_tensor', 'fc.weight'], more],
  ]);
  assert.deepEqual(wrong, [
    'networks.mlp.runs.force.4.steps.2.reentered',
    'networks.mlp.runs.force.4.steps.3.mask',
    'networks.mlp.runs.force.4.mask_with_truncated_counts',
    'networks.mlp.runs.iter_snip.4.steps.4.loss_of_masked_net',
    'networks.mlp.runs.iter_snip.4.steps.4.scores',
    'networks.residual.runs.force.4.kept_by_tensor.fc.weight',
  ]);
});

test('errors, probabilities and draws of sketches are those of the reference, and what is off is found', async () => {
  assert.deepEqual(await compared('sketching'), { count: 187, wrong: [] });
  const little = (value: number) => value * (1 + 1e-8);
  const { wrong } = await compared('sketching', [
    [['column_norms', 2], little],
    [['p', 'optimal', 1], little],
    [['errors', 3, 'other_weights'], little],
    [['inclusion', 7, 'without_replacement', 0], little],
    [['inclusion', 8, 'expected_error_rescaled_without_replacement'], little],
    [['gumbel_masks', 9, 'order'], (order: number[]) => [...order].reverse()],
    [['draws', 1, 'counts', 0], more],
  ]);
  assert.equal(wrong.length, 7);
  assert.ok(wrong.includes('draws.uniform.counts') && wrong.includes('p.optimal'), wrong.join());
});

test('layer densities and exact counts are those of the reference, the published ones too', async () => {
  assert.deepEqual(await compared('layer_densities'), { count: 242, wrong: [] });
  const net = ['nets', 'resnet20', 'densities', 1, 'methods'];
  const { wrong } = await compared('layer_densities', [
    [[...net, 'erk', 'kept'], moved],
    [[...net, 'er', 'epsilon'], (value: number) => value * (1 + 1e-9)],
    [[...net, 'smart_ratio', 'kept_published_code'], moved],
    [[...net, 'erk_dense_last', 'dense_layers'], moved],
    [['nets', 'vgg16_bn', 'layers', 3, 'weights'], more],
  ]);
  assert.deepEqual(wrong, [
    'nets.resnet20.densities.0.1.er.epsilon',
    'nets.resnet20.densities.0.1.erk.kept',
    'nets.resnet20.densities.0.1.erk_dense_last.dense_layers',
    'nets.resnet20.densities.0.1.smart_ratio.kept_published_code',
    'nets.vgg16_bn.layers',
  ]);
});

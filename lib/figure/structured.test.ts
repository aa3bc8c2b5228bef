import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalDistance, witnessBound } from '../prune';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const channels = ['stem', 'stage1'].flatMap((coupling, k) =>
  [0, 1, 2].map((channel) => ({ coupling, channel, saliency: channel * 10 ** (2 * k) })),
);
const pairs = [0, 0.5, 1, 3].map((gap) => {
  const { exact, lower, upper } = normalDistance({ mean: 0, variance: 1 }, { mean: gap, variance: 2 });
  return { name: `gap ${gap}`, exact, lower, upper, witness: witnessBound(gap ** 2 / 3) };
});

const drawn: Record<string, figures.Figure> = {
  saliencyByCoupling: figures.saliencyByCoupling(channels),
  'saliencyByCoupling-removed': figures.saliencyByCoupling(channels, {
    title: 'Removed',
    removed: [channels[1], channels[3]],
  }),
  variationBounds: figures.variationBounds(pairs),
};

testDrawn(drawn);

test('removed channels are crosses, a saliency of 0 lies below all others', () => {
  const [kept, removed] = drawn['saliencyByCoupling-removed'].data;
  assert.deepEqual(kept.x, ['stem', 'stem', 'stage1', 'stage1']);
  assert.deepEqual(removed.y, [1, 0.5]);
  assert.match(removed.hovertext.flat()[1], /channel 0, removed<br>saliency 0$/);
});

test('bounds lie on their sides of the exact value', () => {
  const [upper, lower, witness] = drawn.variationBounds.data;
  upper.x.forEach((exact, i) => {
    assert.ok(Number(upper.y[i]) >= Number(exact));
    assert.ok(Number(lower.y[i]) <= Number(exact) && Number(witness.y[i]) <= Number(exact));
  });
});

test('rows that cannot be drawn are refused', () => {
  assert.throws(() => figures.saliencyByCoupling([]), /invalid rows; has no rows to draw/);
  assert.throws(() => figures.saliencyByCoupling([{ ...channels[0], saliency: -1 }]), {
    message: 'invalid rows; saliency of channel 0 of stem negative: -1',
  });
  assert.throws(() => figures.saliencyByCoupling([channels[0]]), /invalid rows; every saliency is: 0/);
  assert.throws(() => figures.variationBounds([{ ...pairs[0], upper: 2 }]), {
    message: 'invalid rows; upper of gap 0 not in [0, 1]: 2',
  });
});

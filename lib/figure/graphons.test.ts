import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const panels = [
  {
    name: 'random',
    densities: [
      [0.1, 0.12],
      [0.11, 0.09],
    ],
  },
  {
    name: 'snip',
    densities: [
      [0.4, 0.1],
      [0.1, 0],
    ],
  },
];

testDrawn({ graphons: figures.graphons(panels) });

test('panels stand side by side on one scale, with their names below', () => {
  const { data, layout } = figures.graphons(panels, { title: 'Masks', of: 'width' });
  const [series] = data as [figures.HeatMapSeries];
  assert.deepEqual(series.z, [
    [0.1, 0.12, null, 0.4, 0.1],
    [0.11, 0.09, null, 0.1, 0],
  ]);
  assert.equal(series.zmax, 0.4);
  assert.deepEqual(layout.xaxis.tickvals, [0.5, 3.5]);
  assert.deepEqual(layout.xaxis.ticktext, ['random', 'snip']);
});

test('panels of other sizes, or of no densities, are refused', () => {
  assert.throws(() => figures.graphons([]), /invalid rows|invalid panels/);
  for (const densities of [
    [[0.5]],
    [[0.1, 0.2]],
    [
      [0.1, 0.2],
      [0.3, 2],
    ],
    [
      [0, 1],
      [Number.NaN, 1],
    ],
    undefined,
  ])
    assert.throws(
      () => figures.graphons([panels[0], { name: 'odd', densities: densities as number[][] }]),
      /invalid panels; odd not 2 × 2 numbers from 0 to 1/,
    );
});

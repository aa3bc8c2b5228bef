import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const updates = (shares: readonly number[], kept: readonly number[]) =>
  shares.map((share, i) => ({
    step: 100 * (i + 1),
    kept: kept[i],
    density: kept[i] / 1000,
    grown: share * kept[i],
    pruned: 0,
  }));
const trainings = {
  rigl: { updates: updates([0.3, 0.2, 0.1], [100, 100, 100]) },
  gmp: updates([0, 0, 0], [600, 300, 100]),
};
const rows = [0, 2, 5].flatMap((epoch) =>
  [0, 0.02].map((shift) => ({
    epoch,
    dense: 0.8 + shift,
    pruned: 0.3 - shift,
    recovered: 0.75 - epoch / 50,
  })),
);

const drawn: Record<string, figures.Figure> = {
  'mask-updates': figures.maskUpdates(trainings),
  'mask-updates-grown': figures.maskUpdates(trainings, 'grown'),
  plasticity: figures.plasticity(rows),
};

testDrawn(drawn);

test('each training has a line over the steps of its updates', () => {
  const { data } = drawn['mask-updates-grown'];
  assert.deepEqual(
    data.map(({ name, x }) => [name, x]),
    [
      ['rigl', [100, 200, 300]],
      ['gmp', [100, 200, 300]],
    ],
  );
  for (const [k, expected] of [
    [0.3, 0.2, 0.1],
    [0, 0, 0],
  ].entries())
    for (const [i, value] of expected.entries()) assert.ok(Math.abs(Number(data[k].y[i]) - value) < 1e-12);
  assert.deepEqual(drawn['mask-updates'].data[1].y, [0.6, 0.3, 0.1]);
});

test('what has no updates or no numbers is refused', () => {
  assert.throws(
    () => figures.maskUpdates({ dense: [] }),
    /invalid trainings; none has an update of its mask/,
  );
  assert.throws(() => figures.maskUpdates(trainings, 'densities' as 'density'), /invalid show; unknown/);
  assert.throws(() => figures.plasticity([]), /invalid rows; has no rows to draw/);
  assert.throws(
    () => figures.plasticity([{ ...rows[0], pruned: Number.NaN }]),
    /invalid rows; pruned of row 0/,
  );
});

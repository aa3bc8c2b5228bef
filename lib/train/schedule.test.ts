import assert from 'node:assert/strict';
import { test } from '../testing';
import { checkSchedule, learningRateAt } from './schedule';

test('the learning rate drops after the epochs named, as in MultiStepLR', () => {
  const schedule = { drops: [2, 4], rate: 0.5 };
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6].map((epoch) => learningRateAt(8, schedule, epoch)),
    [8, 8, 4, 4, 2, 2],
  );
  assert.equal(learningRateAt(8, { drops: [1] }, 2), 0.8);
  assert.equal(learningRateAt(8, undefined, 100), 8);
});

test('schedules refuse epochs that do not rise and rates outside (0, 1]', () => {
  for (const drops of [[0], [2, 2], [3, 1], [1.5], [Number.NaN]])
    assert.throws(() => checkSchedule({ drops }), /invalid schedule; drops not whole epochs from 1, rising/);
  for (const rate of [0, -1, 1.1, Number.NaN])
    assert.throws(() => checkSchedule({ drops: [1], rate }), /invalid schedule; rate not in \(0, 1\]/);
});

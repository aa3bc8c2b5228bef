import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const branches = ['retrain', 'shuffle'].flatMap((branch, b) =>
  [1, 0.8, 0.64].flatMap((density) =>
    [0, 0.02].map((seed) => ({ branch, density, testTop1: 0.9 - 0.1 * b + seed })),
  ),
);
const traces = [1, 0.1, 0.01].map((density) => ({
  ...{ method: 'snip', density, logDense: 3 },
  logFrozen: 3 + Math.log(density),
  logPruned: density < 0.1 ? null : 3 + 2 * Math.log(density),
}));
const modes = ['conv', 'fc'].flatMap((layer, l) =>
  [1, 2, 3].map((mode) => ({ layer, mode, share: (0.5 - 0.1 * l) ** (mode - 1) })),
);

testDrawn({
  tickets: figures.tickets(branches),
  frozenTrace: figures.frozenTrace(traces, { title: 'Frozen' }),
  gradientModes: figures.gradientModes(modes),
});

test('rows without their numbers are refused', () => {
  assert.throws(() => figures.tickets([]), /invalid rows; /);
  assert.throws(() => figures.frozenTrace([{ ...traces[0], logPruned: Number.NaN }]), /invalid rows; /);
  assert.throws(() => figures.gradientModes([{ layer: '', mode: 1, share: 1 }]), /invalid rows; /);
});

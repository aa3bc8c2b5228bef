import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barText } from './progress';

const bar = { label: 'Runs', done: 30, total: 100, message: 'round 30', elapsed: 1.2, ended: false };

test('a bar says how far it is, the time taken and the time left', () => {
  assert.equal(barText(bar), 'Runs 30/100 30% · 1.2 s · 2.8 s left · round 30');
  assert.equal(barText({ ...bar, done: 100, ended: true }), 'Runs 100/100 100% · 1.2 s · round 30');
  assert.equal(barText({ ...bar, ended: true }), 'Runs 30/100 30% · 1.2 s · stopped · round 30');
  assert.equal(barText({ ...bar, done: 0 }), 'Runs 0/100 0% · 1.2 s · round 30');
});

test('a total of 1 is a share of the work, not a count of one', () => {
  assert.equal(barText({ ...bar, done: 0.25, total: 1 }), 'Runs 25% · 1.2 s · 3.6 s left · round 30');
});

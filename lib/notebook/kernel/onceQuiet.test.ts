import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onceQuiet } from './onceQuiet';

test('the action waits for a pause between requests, and runs a single time', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const action = mock.fn();
  const asked = onceQuiet(300, action);
  for (let i = 0; i < 5; i++) {
    asked();
    mock.timers.tick(299);
  }
  assert.equal(action.mock.callCount(), 0);
  mock.timers.tick(1);
  assert.equal(action.mock.callCount(), 1);
  asked();
  mock.timers.tick(10_000);
  assert.equal(action.mock.callCount(), 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRegistered, lookUp, register } from '.';

test('what is registered is found under its name until it is taken back', () => {
  const table: Record<string, number> = { one: 1 };
  const undo = register('number', table, 'two', 2);
  assert.equal(lookUp('number', table, 'two'), 2);
  assert.deepEqual([isRegistered(table, 'one'), isRegistered(table, 'two')], [false, true]);
  const undoAgain = register('number', table, 'two', 22);
  assert.equal(table.two, 22);
  undoAgain();
  assert.equal(table.two, 2);
  undo();
  assert.deepEqual(table, { one: 1 });
  assert.equal(isRegistered(table, 'two'), false);
});

test('names of the library and what is no name are refused', () => {
  const table: Record<string, number> = { one: 1 };
  assert.throws(() => register('number', table, 'one', 2), {
    message: 'invalid number; comes with the library, take another name: one',
  });
  for (const name of ['', 'a b', '__proto__', '../x', undefined as unknown as string])
    assert.throws(() => register('number', table, name, 2), /invalid number; not a name/);
  assert.deepEqual(table, { one: 1 });
});

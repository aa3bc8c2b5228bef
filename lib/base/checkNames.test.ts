import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNames } from '.';

test('an option that does not exist is refused with the nearest that do', () => {
  const names = { method: 1, density: 1 };
  const check = (options: object) => () => checkNames('prune', options as typeof names, names);
  check({})();
  check({ metod: undefined, density: 3 })();
  assert.throws(check({ density: 3, metod: 1 }), {
    message: 'invalid options of prune; unknown, did you mean method or density: metod',
  });
  assert.throws(check(undefined as never), {
    message: 'invalid options of prune; not an object: undefined',
  });
});

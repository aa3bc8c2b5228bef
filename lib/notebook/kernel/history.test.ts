import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHistory } from './history';

function filled() {
  const history = createHistory();
  for (const [i, input] of ['let a = 1', 'a + 1', 'prune(net)', 'a + 1'].entries()) history.add(i + 1, input);
  return history;
}
const linesOf = (request: Parameters<ReturnType<typeof createHistory>['find']>[0]) =>
  filled()
    .find(request)
    .map(([, line]) => line);

test('a tail is the last inputs, oldest first', () => {
  assert.deepEqual(filled().find({ hist_access_type: 'tail', n: 2 }), [
    [1, 3, 'prune(net)'],
    [1, 4, 'a + 1'],
  ]);
  assert.deepEqual(linesOf({ hist_access_type: 'tail', n: 500 }), [1, 2, 3, 4]);
  assert.deepEqual(linesOf({ hist_access_type: 'tail', n: 0 }), []);
  assert.deepEqual(linesOf({}), [1, 2, 3, 4]);
});

test('a range is of this session, without its end', () => {
  assert.deepEqual(linesOf({ hist_access_type: 'range', session: 0, start: 2, stop: 4 }), [2, 3]);
  assert.deepEqual(linesOf({ hist_access_type: 'range', session: 1, start: 3, stop: null }), [3, 4]);
  assert.deepEqual(linesOf({ hist_access_type: 'range', session: -1, start: 1, stop: 9 }), []);
});

test('a search takes patterns, and gives the last of equal inputs where asked', () => {
  assert.deepEqual(linesOf({ hist_access_type: 'search', pattern: 'a*' }), [2, 4]);
  assert.deepEqual(linesOf({ hist_access_type: 'search', pattern: 'a + ?', unique: true }), [4]);
  assert.deepEqual(linesOf({ hist_access_type: 'search', pattern: '*(net)' }), [3]);
  assert.deepEqual(linesOf({ hist_access_type: 'search', pattern: '*', n: 1 }), [4]);
  assert.deepEqual(linesOf({ hist_access_type: 'search', pattern: '[k-q]*' }), [1, 3]);
  assert.deepEqual(
    linesOf({ hist_access_type: 'search', pattern: '[^k-q]* [+] ?', unique: true, n: 9 }),
    [4],
  );
  for (const pattern of ['a', '+ 1', '[z-a]*', 'a + [', '[]*'])
    assert.deepEqual(linesOf({ hist_access_type: 'search', pattern }), [], pattern);
});

test('outputs, which are not kept, are null', () => {
  assert.deepEqual(filled().find({ hist_access_type: 'tail', n: 1, output: true }), [
    [1, 4, ['a + 1', null]],
  ]);
});

test('a session of days keeps the last thousand', () => {
  const history = createHistory();
  for (let i = 1; i <= 1500; i++) history.add(i, `${i}`);
  assert.deepEqual(
    history.find({}).map(([, line]) => line),
    Array.from({ length: 1000 }, (_, i) => i + 501),
  );
});

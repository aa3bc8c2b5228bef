import assert from 'node:assert/strict';
import { afterEach, beforeEach } from 'node:test';
import { inspect } from 'node:util';
import { tf } from '../tensor';
import { test } from '../testing';
import { type ExerciseOptions, exercise } from './exercise';
import { setPublisher } from './publish';

let shown: Record<string, string>[] = [];
beforeEach(() => {
  shown = [];
  setPublisher(
    () =>
      ({ data }) =>
        shown.push(data as Record<string, string>),
  );
});
afterEach(() => setPublisher(undefined));

const rest = { number: 2, level: 'think', hint: 'Count <them>.' } as const;
const at = (expected: unknown, more: Partial<ExerciseOptions<unknown>> = {}) => ({
  ...rest,
  expected: () => expected,
  ...more,
});
const isRight = async (answer: unknown, options: ExerciseOptions<unknown>) => {
  await exercise(answer, options);
  assert.match(shown[shown.length - 1]['text/plain'], /^✓ Exercise 2 ★★ think: right/);
};
const isWrong = (answer: unknown, options: ExerciseOptions<unknown>, told = 'Count <them>.') =>
  assert.rejects(
    async () => exercise(answer, options),
    (error: Error) => {
      assert.equal(error.name, 'AssertionError');
      assert.equal(error.message, `Exercise 2 ★★ think: not yet. ${told}`);
      return true;
    },
  );

test('without an answer an exercise says so, computes nothing and lets the notebook go on', async () => {
  const never = () => assert.fail('computed');
  await exercise(undefined, { ...rest, expected: never });
  await exercise(Promise.resolve(undefined), { ...rest, number: 3, level: 'build', holds: never });
  assert.deepEqual(
    shown.map((bundle) => bundle['text/plain'].split('\n')[0]),
    ['Exercise 2 ★★ think: no answer yet', 'Exercise 3 ★★★ build: no answer yet'],
  );
  assert.match(
    shown[0]['text/html'],
    /^<div style="[^"]*"><strong>Exercise 2 ★★ think: no answer yet<\/strong>/,
  );
});

test('a wrong answer is an error with the hint and without what was expected, however it is shown', async () => {
  await isWrong(4711, at(4242));
  await isWrong(
    4711,
    { ...rest, hint: (answer) => `${answer} is the square.`, expected: () => 4242 },
    '4711 is the square.',
  );
  await assert.rejects(exercise(4711, at(4242)), (error) => {
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /4242/);
    return true;
  });
  assert.deepEqual(shown, []);
});

test('a whole number is a count, of other numbers three digits will do, and a tolerance comes with its reason', async () => {
  await isRight(100_001, at(100_001));
  await isWrong(100_000, at(100_001));
  await isRight(3.9999999, at(4));
  await isRight(1.235, at(1.2345));
  await isWrong(1.25, at(1.2345));
  for (const wrong of [Number.NaN, null, Number.POSITIVE_INFINITY, -1.2345])
    await assert.rejects(exercise(wrong, at(1.2345)));
  await isRight(Number.NEGATIVE_INFINITY, at(Number.NEGATIVE_INFINITY));
  await isRight(-0, at(0));
  await isRight(12, at(12n));
  await isWrong(2n ** 70n + 1n, at(2n ** 70n));
  const loose = { relative: 0.1, because: 'read off the figure' };
  await isRight(1.3, at(1.2345, { tolerance: loose }));
  assert.equal(shown[shown.length - 1]['text/plain'].split('\n')[1], 'to within 10 %: read off the figure');
  await isWrong(1.4, at(1.2345, { tolerance: loose }));
  await isRight(1000.4, at(1000, { tolerance: { absolute: 0.5, because: 'whole paths' } }));
  await isWrong(1000.6, at(1000, { tolerance: { absolute: 0.5, because: 'whole paths' } }));
});

test('texts in any case and spacing, lists, typed arrays and tensors, records and sets are compared', async () => {
  await isRight(' SynFlow-L2 ', at('synflow-l2'));
  await isWrong('synflow', at('synflow-l2'));
  await isRight(Float32Array.of(0.1, 2), at([0.1, 2]));
  await isRight([1, 1e-9], at(Float64Array.of(1, 0))); // rounding beside the largest
  await isWrong([1, 0.01], at([1, 0]));
  await isWrong([1, 2], at([1, 2, 3]));
  const [matrix, same, vector] = [
    tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    tf.tensor1d([1, 2, 3, 4]),
  ];
  await isRight(matrix, at(same));
  await isRight(
    [
      [1, 2],
      [3, 4],
    ],
    at(matrix),
  );
  await isWrong(vector, at(matrix));
  tf.dispose([matrix, same, vector]);
  await isRight(['SNIP', 'grasp'], at(new Set(['grasp', 'snip'])));
  await isWrong(['snip'], at(new Set(['grasp', 'snip'])));
  await isRight({ snip: 0.30001, paths: [1, 2] }, at({ paths: [1, 2], snip: 0.3 }));
  await isWrong({ snip: 0.3, other: 1 }, at({ snip: 0.3 }));
  await isRight(true, at(true));
  await isWrong(false, at(true));
});

test('an answer of another kind is told which kind is asked for', async () => {
  await isWrong('12', at(12), 'Asked for is a number, not a text. Count <them>.');
  await isWrong(12, at('12'), 'Asked for is a text, not a number. Count <them>.');
  await isWrong(() => 12, at([12]), 'Asked for is a list, not a function. Count <them>.');
  await isWrong('snip', at(new Set(['snip'])), 'Asked for is a list, not a text. Count <them>.');
});

test('what was built is tried, at once or with a promise, and told what it does not do yet', async () => {
  const squares = (f: unknown) => (f as (x: number) => number)(3) === 9;
  await isRight((x: number) => x * x, { ...rest, holds: squares });
  await isRight(
    Promise.resolve((x: number) => x * x),
    { ...rest, holds: async (f) => squares(f) },
  );
  await isWrong((x: number) => x + x, { ...rest, holds: squares });
  await isWrong(5, { ...rest, holds: async () => 'It keeps too many' }, 'It keeps too many. Count <them>.');
  const throwing = () => {
    throw new Error('no such layer');
  };
  await isWrong(
    throwing,
    { ...rest, holds: squares },
    'It fails where it is tried: no such layer. Count <them>.',
  );
  await isWrong(5, { ...rest, holds: (x) => void assert.equal(x, 4242) as never });
});

test('an exercise that leaves open what is right is refused, answered or not', async () => {
  const faults: [object, RegExp][] = [
    [{}, /invalid exercise 2; needs either expected or holds: none/],
    [{ expected: () => 1, holds: () => true }, /: both$/],
    [{ expected: 1 }, /invalid expected; not a function: 1/],
    [{ expected: () => 1, level: 'hard' }, /invalid level; unknown/],
    [{ expected: () => 1, number: 0 }, /invalid number; not a whole number from 1: 0/],
    [{ expected: () => 1, hint: '' }, /invalid hint;/],
    [{ expected: () => 1, tolerance: { relative: 0.1 } }, /invalid tolerance; without a reason/],
    [{ expected: () => 1, tolerance: { because: 'so' } }, /invalid tolerance; not \{ relative \}/],
    [{ expected: () => 1, tolerance: { relative: Number.NaN, because: 'so' } }, /invalid tolerance;/],
  ];
  for (const [options, message] of faults)
    await assert.rejects(exercise(undefined, { ...rest, ...options } as ExerciseOptions<unknown>), {
      message,
    });
  await assert.rejects(exercise(1, at(undefined)), { message: /invalid expected; computes nothing/ });
  await assert.rejects(exercise(1, { ...rest, holds: () => undefined as never }), {
    message: /invalid holds;/,
  });
});

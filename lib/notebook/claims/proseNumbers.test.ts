import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proseNumbers } from './proseNumbers';

const numbers = (text: string) => proseNumbers(text).map(({ value }) => value);

test('numbers of sentences are read with sign, thousands and fraction', () => {
  assert.deepEqual(
    numbers('From −0.87 to 1,591 of 266,200 weights: 12 %, 3.0, (5). Ends at 7.'),
    [-0.87, 1591, 266200, 12, 3, 5, 7],
  );
  assert.deepEqual(proseNumbers('a 3.40 b 12')[0], { at: 2, text: '3.40', value: 3.4, decimals: 2 });
  assert.deepEqual(numbers('| 0.5 | 2 to 3 |\n- 4, 5 and 6-fold.'), [0.5, 2, 3, 4, 5, 6]);
});

test('what only has digits in its name is none', () => {
  assert.deepEqual(numbers('ResNet-20, FC-100 and L2, the 1st; `x = 3`, $y = 4$ and $$5$$'), []);
  assert.deepEqual(numbers('# 7 things\n\n**2 ★★ think**: see notebooks 03 to 06, exercise 3'), []);
  assert.deepEqual(numbers('[table 9](x/10.ipynb), arXiv 2101.10552, in 2023, doi 10.1109/X.3'), []);
  assert.deepEqual(numbers('```ts\nconst a = 1;\n```\n8 lines'), [8]);
});

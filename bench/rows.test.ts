import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows, rowsWith } from './rows';

const titles = (...words: string[]) => rowsWith(words).map(({ title }) => title);

test('every row is chosen alone by the words of its title, quoted together or apart', () => {
  for (const row of rows) {
    assert.deepEqual(rowsWith(row.title.split(' ')), [row]);
    assert.deepEqual(rowsWith([row.title]), [row]);
  }
});

test('a word that a title holds whole is not looked for inside others', () => {
  assert.deepEqual(titles('training', 'vgg', 'synflow', '1'), [
    'Training step, VGG-16-BN, batch 128, SynFlow to 1 %',
  ]);
  assert.deepEqual(titles('resnet', 'SynFlow-L2', '10'), [
    'Training step, ResNet-20, batch 128, SynFlow-L2 to 10 %',
  ]);
});

test('parts of words choose all rows that hold them, and no words all rows', () => {
  assert.equal(titles('train').length, 22);
  assert.equal(titles('trace').length, 2);
  assert.deepEqual(
    titles(),
    rows.map(({ title }) => title),
  );
  assert.deepEqual(titles('train', 'trace'), []);
});

test('masks are made of trained networks alone, by methods to a density of a tenth and a hundredth', () => {
  const masked = rows.filter(({ mask }) => mask);
  assert.ok(masked.every(({ case: { kind } }) => kind === 'train'));
  const asked = masked.map(({ case: { network }, mask }) => `${network} ${mask!.method} ${mask!.density}`);
  assert.equal(new Set(asked).size, 3 * 3 * 2);
});

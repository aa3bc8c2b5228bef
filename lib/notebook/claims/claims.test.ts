import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workedExample } from '../../testing/workedExample';
import { type StoredNotebook, storedNotebook } from './storedNotebook';
import { type Claim, withoutSource, wrongClaims } from './testClaims';

const prose = [
  'SNIP loses 3.2 to 4.0 of 17 runs, at density 0.5.',
  'It is −0.87, and 12,600 weights in 20 epochs.',
];

test('a claim holds where its numbers are those of the sentence, as far as the sentence gives them', () => {
  assert.deepEqual(
    wrongClaims({ prose }, [
      ['loses 3.2 to 4.0', 3.249, 3.951],
      ['is −0.87', -0.8651],
      ['12,600 weights', 12600.4],
      ['SNIP loses', 3 > 2],
    ]),
    [],
  );
});

test('another number, too few or too many, another order, and what does not hold are told', () => {
  const claims: Claim[] = [
    ['loses 3.2 to 4.0', 3.251, 4],
    ['loses 3.2 to', 4],
    ['to 4.0 of 17 runs', 4],
    ['3.2 to 4.0', 4, 3.2],
    ['is −0.87', 0.87],
    ['is −0.87', Number.NaN],
    ['of 17 runs', 2 > 3],
  ];
  assert.deepEqual(wrongClaims({ prose }, claims), [
    '“loses 3.2 to 4.0” is 3.251, 4',
    '“loses 3.2 to” is 4',
    '“to 4.0 of 17 runs” is 4',
    '“3.2 to 4.0” is 4, 3.2',
    '“is −0.87” is 0.87',
    '“is −0.87” is NaN',
    '“of 17 runs” does not hold',
  ]);
});

test('a piece that is not in the notebook, or more than once, is told', () => {
  const twice = [...prose, 'again and again', prose[0]];
  assert.deepEqual(
    wrongClaims({ prose: twice }, [
      ['GraSP', true],
      ['SNIP', true],
      ['again', true],
    ]),
    ['“GraSP” is in 0 cells', '“SNIP” is in 2 cells', '“again” is in a cell more than once'],
  );
});

test('a number needs a source: a claim, what is given, or a setting in the code', () => {
  const code = ['const epochs = 20; // fc-17 is 17, resnet12600 not; 0.5'];
  const open = withoutSource({ prose, code }, [['is −0.87', -0.87]], { 'to 4.0': 'a paper', 'no such': '' });
  assert.deepEqual(
    open.map((line) => line.split(':')[0]),
    ['3.2', '0.5', '12,600', '“no such” is given, and not in the notebook'],
  );
});

test('the claim of CONTRIBUTING.md holds, and would not of another number', () => {
  const example = workedExample('claim', 'lib/notebook/claims');
  const claimsOf = example.claimsOf as (stored: StoredNotebook) => Claim[];
  const stored = storedNotebook('03-trace-at-initialisation');
  const claims = claimsOf(stored);
  assert.deepEqual(wrongClaims(stored, claims), []);
  const other = stored.prose.map((text) => text.replace('2.1 to 2.4', '2.1 to 2.5'));
  assert.equal(wrongClaims({ prose: other }, claims).length, claims.length);
});

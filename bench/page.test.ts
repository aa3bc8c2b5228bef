import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { test } from 'node:test';
import { columns } from './columns';
import { PAGE, PUBLISHED, readResults, section, withSection } from './page';
import { joined, type ResultRow, type Results, type SideResult } from './results';

const side = (rounds: number[], ratio?: number): SideResult => ({
  seconds: rounds[0],
  rounds,
  ratio,
  first: 9,
  peakBytes: 3 * 2 ** 28,
});

const plain: ResultRow = {
  title: 'Walking',
  sides: { pathkernel: side([1, 1]), PyTorch: side([2, 2], 0.5) },
};
const masked: ResultRow = {
  title: 'Running',
  sides: {
    pathkernel: side([0.012345, 0.012]),
    PyTorch: side([2, 4]),
    'torch.compile': side([2, 4], 0.00617),
  },
  bound: { left: 0.05, multiplications: 0.04, weights: 0.00998 },
  shareOfPeak: 0.5,
};
const results: Results = {
  dates: ['2026-11-25T10:00:00.000Z'],
  commits: ['abc'],
  machine: { processor: 'abacus', cores: 2 },
  versions: { Node: '20' },
  rows: [plain, masked],
};

test('the page holds the table of the published results', () => {
  const page = fs.readFileSync(PAGE, 'utf8');
  assert.equal(withSection(page, section(readResults(PUBLISHED))), page, 'node --import tsx bench/page.ts');
});

test('a table has a column for what some row has, and a refused ratio says why', () => {
  assert.equal(
    section(results),
    `
2026-11-25, at abc: processor abacus, cores 2, Node 20.

| case | pathkernel, s | PyTorch, s | ratio | torch.compile, s | ratio to it | multiplications left | bound | effective weights | share of peak | memory, GiB | PyTorch, GiB |
|---|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|
| Walking | 1 | 2 | 0.50 |  |  |  |  |  |  | 0.75 | 0.75 |
| Running | 0.0123 | 2 | spread 67 % | 2 | 0.01, spread 67 % | 0.050 | 0.040 | 0.0100 | 0.50 | 0.75 | 0.75 |

`,
  );
});

test('a table has no column that is empty', () => {
  assert.match(section({ ...results, rows: [plain] }), /ratio \| memory/);
});

test('a row of one round, and one that stands alone, have no ratio', () => {
  const sides = { pathkernel: side([1]), PyTorch: side([2]) };
  assert.equal(columns({ title: 'Once', sides }).ratio, 'spread unknown');
  const alone = columns({ title: 'Alone', sides: { pathkernel: side([1, 1]) } });
  assert.equal(alone.ratio, '');
  assert.equal(alone['PyTorch, s'], '');
});

test('of runs that are joined a row stands as last measured, in its first place', () => {
  const again = { ...plain, sides: { pathkernel: side([3, 3]) } };
  const later = { ...results, dates: ['2026-11-26T10:00:00.000Z'], rows: [again] };
  const both = joined([results, later]);
  assert.deepEqual(both.rows, [again, masked]);
  assert.deepEqual(both.commits, ['abc']);
  assert.match(section(both), /^\n2026-11-25, 2026-11-26, at abc/);
});

test('runs of two machines, or of other versions, are not joined', () => {
  for (const other of [{ machine: { processor: 'slide rule', cores: 2 } }, { versions: { Node: '22' } }])
    assert.throws(
      () => joined([results, { ...results, ...other }]),
      /^InvalidError: invalid results; not of one machine, (processor|Node) was /,
    );
});

test('runs are joined of which one has no PyTorch', () => {
  const versions = { ...results.versions, PyTorch: '2.15' };
  assert.deepEqual(joined([{ ...results, versions }, results]).versions, versions);
  assert.deepEqual(joined([results, { ...results, versions }]).versions, versions);
});

test('a page without a place for results is refused', () => {
  assert.throws(() => withSection('# Page\n', section(results)), /no place for results/);
});

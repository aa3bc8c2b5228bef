import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const report = (method: string, left: readonly number[]) => ({
  method,
  rows: left.map((effectiveUnits, i) => ({ layer: `layer${i}`, units: 8, effectiveUnits })),
});
const reports = [report('phew', [8, 7, 3]), report('phew', [6, 7, 3]), report('synflow-l2', [2, 1, 3])];
const forests = {
  dense: { nodes: 4, edges: [4, 3, 2].map((weight) => ({ weight })) },
  pruned: { nodes: 4, edges: [4, 1].map((weight) => ({ weight })) },
};

testDrawn({
  widthByLayer: figures.widthByLayer(reports),
  componentsByThreshold: figures.componentsByThreshold(forests, { title: 'A layer' }),
});

test('seeds are a mean in a band, and a forest has a component less with each edge', () => {
  const { data } = figures.widthByLayer(reports);
  assert.deepEqual(
    data.map(({ name, y }) => [name, y]),
    [
      ['phew', [1, 7 / 8, 3 / 8, 3 / 8, 7 / 8, 6 / 8]],
      ['phew', [7 / 8, 7 / 8, 3 / 8]],
      ['synflow-l2', [2 / 8, 1 / 8, 3 / 8]],
    ],
  );
  const [dense, pruned] = figures.componentsByThreshold(forests).data;
  assert.deepEqual(
    [dense.x, dense.y, pruned.y],
    [
      [1, 0.75, 0.5],
      [3, 2, 1],
      [3, 2],
    ],
  );
  const many = { nodes: 1001, edges: Array.from({ length: 1000 }, (_, i) => ({ weight: 1000 - i })) };
  const [line] = figures.componentsByThreshold({ many }).data;
  assert.ok(line.y.length <= 201);
  assert.equal(line.y[line.y.length - 1], 1);
});

test('reports of other layers and forests without edges are refused', () => {
  assert.throws(() => figures.widthByLayer([]), /invalid reports/);
  assert.throws(
    () => figures.widthByLayer([...reports, report('snip', [1])]),
    /invalid rows; not of the layers .*: snip/,
  );
  assert.throws(() => figures.componentsByThreshold({}), /invalid forests/);
  assert.throws(
    () => figures.componentsByThreshold({ none: { nodes: 3, edges: [] } }),
    /invalid forests; has no edge/,
  );
});

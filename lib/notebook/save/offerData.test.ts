import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureRows, offerData } from '..';
import { type DisplayMessage, setPublisher } from '../publish';

test('the rows of a figure are its points, by series, and the squares of its heat maps', () => {
  const data = [
    { type: 'scatter', name: 'line', x: ['a', 'b'], y: new Float32Array([0.5, Number.NaN]) },
    { type: 'bar', y: [3, 4n] },
    {
      type: 'heatmap',
      name: 'map',
      x: [10, 20],
      z: [
        [1, 2],
        [3, null],
      ],
    },
    { type: 'indicator', value: 3 },
  ];
  assert.deepEqual(figureRows({ data, layout: {} }), [
    { series: 'line', x: 'a', y: 0.5 },
    { series: 'line', x: 'b', y: null },
    { series: 2, x: 0, y: 3 },
    { series: 2, x: 1, y: 4 },
    { series: 'map', x: 10, y: 0, z: 1 },
    { series: 'map', x: 20, y: 0, z: 2 },
    { series: 'map', x: 10, y: 1, z: 3 },
    { series: 'map', x: 20, y: 1, z: null },
  ]);
  assert.throws(
    () => figureRows({ rows: [] } as never),
    /invalid figure; not a Plotly figure, \{ data, layout \}/,
  );
});

test('a link holds the data of a figure as CSV', () => {
  const shown: DisplayMessage[] = [];
  setPublisher(() => (message) => void shown.push(message));
  try {
    offerData(
      { data: [{ type: 'scatter', name: 'a, "b"', y: [0.1, null] }], layout: {} },
      'it\'s "mine".csv',
    );
  } finally {
    setPublisher(undefined);
  }
  const [, coded, name] =
    /href="data:text\/csv;base64,([^"]*)" download="([^"]*)"/.exec(String(shown[0].data['text/html'])) ?? [];
  assert.equal(name, 'it&#39;s &quot;mine&quot;.csv');
  const lines = Buffer.from(coded, 'base64').toString().trimEnd().split(/\r?\n/);
  assert.deepEqual(lines, ['series,x,y', '"a, ""b""",0,0.1', '"a, ""b""",1,']);
});

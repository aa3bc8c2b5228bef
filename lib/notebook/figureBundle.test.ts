import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLOTLY } from './figureBundle';
import { represent } from './represent';

const sent = (figure: object) => JSON.parse(JSON.stringify(represent(figure)[PLOTLY] ?? null));

test('a figure is sent as plain JSON, whatever its lists are', () => {
  const trace = { type: 'bar', x: BigInt64Array.of(1n, 2n), y: Float32Array.of(0.5, Number.NaN) };
  const plain = { type: 'bar', x: [1, 2], y: [0.5, null] };
  assert.deepEqual(sent({ data: [trace], layout: {} }), { data: [plain], layout: {}, config: {} });
  assert.deepEqual(sent({ data: [trace] }), { data: [plain], layout: {}, config: {} });
  assert.deepEqual(sent({ data: [trace], layout: null }), { data: [plain], layout: {}, config: {} });
});

test('the text of a figure takes a title of any kind', () => {
  for (const title of [7, { text: 7 }, '7', { text: '7' }])
    assert.equal(represent({ data: [], layout: { title } })['text/plain'], 'Figure “7”: 0 series');
  for (const title of [null, {}, undefined, { text: null }])
    assert.equal(represent({ data: [], layout: { title } })['text/plain'], 'Figure: 0 series');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines } from '../../figure';
import { paperFigure, pixelsOf } from './paperFigure';
import { wrap } from './wrap';

const points = [1, 2, 3].map((x) => ({ line: 'a', x, y: x }));
const figure = lines(points, { title: 'What is above<br><sub>a note</sub>', x: 'x', y: 'y' });
const column = { width: 3.25, title: true };

/** The texts above the plot. */
function heading(of: { layout?: object }, title = true, width = 3.25): string[] {
  const { annotations } = paperFigure({ data: [], ...of }, { width, title }).layout;
  return (annotations as { text: string }[]).map(({ text }) => text);
}

test('13 pixels of a figure, its texts, are 8 points on paper', () => {
  assert.equal(pixelsOf(3.25), 380);
  assert.equal(pixelsOf(6.75), 790);
  for (const width of [3.25, 6.75]) {
    const { layout } = paperFigure(figure, { width, title: true });
    assert.ok(Math.abs((13 * width * 72) / layout.width - 8) < 0.01);
    assert.equal((layout.font as { size: number }).size, 13);
  }
});

test('below a narrow plot lies the legend, unless the figure gives it a place, and beside a wide one', () => {
  const legend = (of: object, width: number) =>
    paperFigure({ data: [], layout: of }, { width, title: true }).layout.legend as { orientation?: string };
  assert.equal(legend(figure.layout, 3.25).orientation, 'h');
  assert.equal(legend(figure.layout, 6.75).orientation, undefined);
  assert.deepEqual(legend({ legend: { x: 0.1, y: 0.9 } }, 3.25), {
    x: 0.1,
    y: 0.9,
    title: { font: { size: 13 } },
  });
});

test('paper is white and ink dark, whatever the theme of the figure', () => {
  const layout = { paper_bgcolor: '#111', plot_bgcolor: 'black', font: { color: 'white', family: 'Times' } };
  const { layout: drawn } = paperFigure({ data: [{ type: 'bar' }], layout }, column);
  assert.deepEqual(
    [drawn.paper_bgcolor, drawn.plot_bgcolor, drawn.font],
    ['#ffffff', '#ffffff', { size: 13, family: 'Times', color: '#222222' }],
  );
});

test('without the title its notes stay; without either nothing is above the plot', () => {
  assert.deepEqual(heading(figure), ['What is above<br><sub>a note</sub>']);
  assert.deepEqual(heading(figure, false), ['<sub>a note</sub>']);
  assert.deepEqual(heading({ layout: { title: 'one line' } }), ['one line']);
  assert.deepEqual(heading({ layout: { title: 'one line' } }, false), []);
  assert.deepEqual(heading({}), []);
});

test('long titles are broken between words, on a page later than in a column', () => {
  const title =
    'The trace of the path kernel against what a network learns, by method and density of its weights';
  assert.equal(heading({ layout: { title } })[0].split('<br>').length, 3);
  assert.equal(heading({ layout: { title } }, true, 6.75)[0].split('<br>').length, 2);
  const { yaxis } = paperFigure({ data: [], layout: { yaxis: { title } } }, column).layout;
  assert.ok((yaxis as { title: { text: string } }).title.text.includes('<br>'));
  assert.deepEqual(wrap('a <b>bold</b> word', 6), ['a <b>bold</b>', 'word']);
  assert.deepEqual(wrap('unbroken', 3), ['unbroken']);
  assert.deepEqual(wrap('x &lt; y', 5), ['x &lt; y']);
});

test('points drawn by WebGL become points of the drawing, and the figure itself stays as it was', () => {
  const gl = { data: [{ type: 'scattergl', x: [1], y: [1] }], layout: { title: 'own' } };
  const before = structuredClone(gl);
  assert.deepEqual(paperFigure(gl, column).data, [{ type: 'scatter', x: [1], y: [1] }]);
  assert.deepEqual(gl, before);
});

test('a key of colours has all the height beside a narrow plot, and its place beside a wide one', () => {
  const colorbar = { title: { text: 'Tr Π', side: 'top' }, thickness: 14, len: 0.4, x: 1.02, y: 0.2 };
  const keyed = {
    data: [
      { type: 'scatter', marker: { colorbar } },
      { type: 'heatmap', colorbar: { title: 'z' } },
    ],
  };
  const drawn = (width: number) => paperFigure(keyed, { width, title: true }).data;
  const title = { text: 'Tr Π', font: { size: 13 }, side: 'right' };
  assert.deepEqual(drawn(3.25), [
    { type: 'scatter', marker: { colorbar: { thickness: 14, title } } },
    { type: 'heatmap', colorbar: { title: { text: 'z', font: { size: 13 }, side: 'right' } } },
  ]);
  assert.deepEqual(drawn(6.75), [
    { type: 'scatter', marker: { colorbar: { ...colorbar, title: { ...title, side: 'top' } } } },
    { type: 'heatmap', colorbar: { title: { text: 'z', font: { size: 13 } } } },
  ]);
});

test('the heading is an annotation after those of the figure, which says which one it is', () => {
  const layout = { title: 'above', annotations: [{ text: 'own' }] };
  const { layout: drawn, heading } = paperFigure({ data: [], layout }, column);
  assert.equal(heading, 1);
  assert.deepEqual(
    (drawn.annotations as { text: string }[]).map(({ text }) => text),
    ['own', 'above'],
  );
  assert.equal(paperFigure({ data: [], layout }, { ...column, title: false }).heading, undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';

const scatters = ({ data }: figures.Figure) => data.flatMap((one) => (one.type === 'scatter' ? [one] : []));
const crossesOf = (figure: figures.Figure) => scatters(figure).filter(({ marker }) => marker?.symbol === 'x');
const hollowOf = (figure: figures.Figure) => scatters(figure).filter(({ meta }) => meta === 'hollow');

const methods = ['random', 'magnitude', 'snip', 'synflow/once', 'my own'];
const densities = [1, 0.1, 0.01];

/** Traces of three seeds; at density 0.01 no method has a path, at 0.1 one seed of each has none. */
const traces = methods.flatMap((method, m) =>
  densities.flatMap((density, d) =>
    [0, 1, 2].map((seed) => ({
      ...{ method, density, seed },
      log: d === 2 || (d === 1 && seed === 0) ? Number.NEGATIVE_INFINITY : 10 - 3 * d - m + seed / 10,
    })),
  ),
);
const reports = methods.flatMap((method) =>
  densities.map((density, d) => ({
    ...{ method, density, iterations: d + 1 },
    rows: ['a', 'b', 'c'].map((layer) => ({ layer, size: 1000, kept: d === 2 ? 0 : 900 / 10 ** d })),
  })),
);
const trained = traces.map(({ log, ...row }) => ({ ...row, collapsed: row.density < 0.1, testTop1: 0.1 }));

const drawn = {
  traceByDensity: figures.traceByDensity(traces),
  thinnestLayer: figures.thinnestLayer(reports),
  layerDensities: figures.layerDensities(reports.filter(({ density }) => density === 0.01)),
  accuracyByDensity: figures.accuracyByDensity(trained),
  keptPerLayer: figures.keptPerLayer(reports.filter(({ method }) => method === 'snip')),
};

for (const [name, figure] of Object.entries(drawn)) {
  test(`${name}: no cross lies on another or on a line, and the title says what a cross is`, () => {
    const places = crossesOf(figure).flatMap(({ x, y }) => x.map((at, i) => `${at} ${y[i]}`));
    assert.ok(places.length >= 3);
    assert.equal(new Set(places).size, places.length);
    const shown = scatters(figure)
      .filter(({ marker }) => marker?.symbol !== 'x')
      .flatMap(({ y }) => y);
    const lowest = Math.min(...shown.flatMap((value) => (value === null ? [] : [Number(value)])));
    for (const { y } of crossesOf(figure)) for (const value of y) assert.ok(Number(value) < lowest);
    assert.match(figure.layout.title.text, /<sub>✕ /);
  });

  test(`${name}: every line is in the legend with its own symbol, which no cross takes the place of`, () => {
    for (const { name: line, showlegend, marker } of scatters(figure).filter(
      (one) => one.marker && !one.meta,
    ))
      assert.equal(showlegend !== false, typeof marker?.symbol === 'string' && marker.symbol !== 'x', line);
  });
}

test('a mean over fewer seeds is a hollow mark, its label says of how many, and the title says what it is', () => {
  const marks = hollowOf(drawn.traceByDensity);
  assert.deepEqual(
    marks.map(({ name }) => name),
    methods,
  );
  for (const { x, hovertext } of marks) {
    assert.deepEqual(x, [0.1]);
    assert.match(String(hovertext[0]), /mean of 2 of 3 runs/);
  }
  assert.match(drawn.traceByDensity.layout.title.text, /hollow: a mean over fewer runs/);
});

test('seeds that are missing altogether are told from points that are no means', () => {
  const points = [1, 2, 3].flatMap((x) => [1, 2].map((y) => ({ line: 'a', x, y })));
  const options = { title: '', x: 'x', y: 'y' };
  assert.equal(hollowOf(figures.lines(points, options)).length, 0);
  const [mark] = hollowOf(figures.lines(points.slice(1), options));
  assert.deepEqual(mark.x, [1]);
  assert.match(String(mark.hovertext[0]), /1 of 2 points/);
  const scattered = [1, 2, 3, 4, 4].map((x, y) => ({ line: 'a', x, y }));
  assert.equal(hollowOf(figures.lines(scattered, options)).length, 0);
});

test('of runs over training, epochs that some runs lack are hollow', () => {
  const rows = ['a', 'b'].flatMap((hash) =>
    [0, 1, 2].map((epoch) => ({
      ...{ hash, epoch, method: 'snip', model: 'fc' },
      pathKernelTrace: hash === 'b' && epoch === 2 ? null : epoch,
    })),
  );
  const [mark] = hollowOf(figures.quantityOverEpochs(rows, 'pathKernelTrace'));
  assert.deepEqual(mark.x, [2]);
  assert.match(String(mark.hovertext[0]), /1 of 2 runs/);
});

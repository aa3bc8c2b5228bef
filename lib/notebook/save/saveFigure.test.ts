import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { heatMap, lines } from '../../figure';
import { findBrowser } from '../execute/findBrowser';
import { saveFigure } from './saveFigure';

const home = mkdtempSync(join(tmpdir(), 'save-figure-'));
after(() => rmSync(home, { recursive: true }));

const skip = findBrowser() ? false : 'no Chromium or Chrome is installed';
const rows = ['synflow', 'snip'].flatMap((line) => [1, 10, 100].map((x) => ({ line, x, y: 1 / x })));
const figure = lines(rows, { title: 'Two & more', x: 'compression', y: 'accuracy', log: 'x' });

describe('in a browser', { skip }, () => {
  test('an SVG is as wide as a column, its texts are texts of 8 points, and nothing in it is a picture', async () => {
    const path = await saveFigure(figure, join(home, 'new', 'lines.svg'));
    assert.equal(path, join(home, 'new', 'lines.svg'));
    const svg = readFileSync(path, 'utf8');
    assert.match(
      svg,
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg [^>]*width="3\.25in" height="[\d.]+in"/,
    );
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
    assert.equal(width, '380');
    assert.ok(Number(height) > 200 && Number(height) < 380, height);
    for (const text of ['Two &amp; more', 'compression', 'accuracy', 'synflow', 'snip'])
      assert.match(svg, new RegExp(`>${text}<`));
    assert.doesNotMatch(svg, /<image/);
    assert.doesNotMatch(svg, /system-ui/);
  });

  test('a title that would leave the picture begins to the left of the plot', async () => {
    const long = 'a name that needs half of the width';
    const title = { text: 'A title of about forty letters, not more' };
    const wide = { data: [{ type: 'bar', orientation: 'h', x: [1], y: [long] }], layout: { title } };
    const svg = readFileSync(await saveFigure(wide, join(home, 'wide.svg')), 'utf8');
    const [, x] = /<text class="annotation-text"[^>]* x="([\d.]+)"/.exec(svg) ?? [];
    const [, left] = /<g class="annotation"[^>]*>[\s\S]*?translate\(([\d.]+),/.exec(svg) ?? [];
    const [, plot] = /class="axesclip" id="[^"]*x"><rect x="([\d.]+)"/.exec(svg) ?? [];
    const start = Number(left) + Number(x);
    assert.ok(0 <= start && start < Number(plot) - 50, `${start} and ${plot}`);
  });

  test('a PDF is one page of the size asked for, with lines and its fonts in it', async () => {
    const path = await saveFigure(figure, join(home, 'lines.pdf'), { width: 'page', height: 3 });
    const pdf = readFileSync(path, 'latin1');
    assert.match(pdf, /^%PDF-/);
    const pages = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
    assert.deepEqual(
      pages.map(([, width, height]) => [Number(width), Math.round(Number(height))]),
      [[486, 216]],
    );
    assert.match(pdf, /\/FontFile2/);
    assert.doesNotMatch(pdf, /\/Subtype ?\/Image/);
  });

  test('a PNG has 300 dots an inch and says so', async () => {
    const path = await saveFigure(figure, join(home, 'lines.PNG'), { width: 4, height: 2 });
    const png = readFileSync(path);
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 600]);
    const density = png.indexOf('pHYs') + 4;
    assert.deepEqual([png.readUInt32BE(density), png[density + 8]], [Math.round(300 / 0.0254), 1]);
  });

  test('a heat map is drawn as squares in the colours of their values, and gaps are left open', async () => {
    const map = heatMap([
      [0, 1, 0.5],
      [1, 0.25, 0],
    ]);
    map.data[0] = {
      ...map.data[0],
      z: [
        [0, 1, null],
        [1, 0.25, 0],
      ],
    } as (typeof map.data)[0];
    const svg = readFileSync(await saveFigure(map, join(home, 'map.svg')), 'utf8');
    const [layer] = /<g class="heatmaplayer[\s\S]*?<\/g><\/g>/.exec(svg) ?? [''];
    assert.doesNotMatch(layer, /<image/);
    const squares = [...layer.matchAll(/<rect x="([\d.]+)" y="([\d.]+)"[^>]*fill="rgb\((.*?)\)"/g)];
    assert.deepEqual(
      squares.map(([, , , color]) => color),
      ['252, 253, 254', '8, 38, 79', '8, 38, 79', '195, 216, 234', '252, 253, 254'],
    );
    const [x, y] = [1, 2].map((place) => squares.map((square) => Number(square[place])));
    assert.ok(x[0] < x[1] && x[0] === x[2] && x[3] < x[4] && y[0] === y[1] && y[0] < y[2]);
  });
});

test('where there is no browser that is said, with the remedy, and no file is left', async () => {
  const { PATH, PATHKERNEL_BROWSER } = process.env;
  process.env.PATH = home;
  delete process.env.PATHKERNEL_BROWSER;
  try {
    await assert.rejects(
      saveFigure(figure, join(home, 'none.svg')),
      /finds none: install one, as by apt-get install chromium, or name it in \$PATHKERNEL_BROWSER/,
    );
  } finally {
    process.env.PATH = PATH;
    if (PATHKERNEL_BROWSER !== undefined) process.env.PATHKERNEL_BROWSER = PATHKERNEL_BROWSER;
  }
  assert.ok(!existsSync(join(home, 'none.svg')));
});

test('what is no figure, and sizes and extensions that there are not, are refused, and nothing is left of it', async () => {
  const before = readdirSync(home);
  const refused: [unknown, string, object, RegExp][] = [
    [
      figure,
      'lines.jpg',
      {},
      /invalid extension of .*lines\.jpg; unknown, did you mean \.png, \.svg or \.pdf: \.jpg/,
    ],
    [figure, 'lines', {}, /invalid file; needs an extension: \.svg, \.pdf, \.png: .*lines$/],
    [figure, 'a.svg', { width: 'columns' }, /invalid width; unknown, did you mean column or page: columns/],
    [figure, 'a.svg', { width: 0 }, /invalid width; not 1 to 40 inches: 0/],
    [figure, 'a.svg', { height: Number.NaN }, /invalid height; not 1 to 40 inches: NaN/],
    [figure, 'a.svg', { size: 3 }, /invalid options of saveFigure; unknown, did you mean /],
    [rows, 'a.svg', {}, /invalid figure; not one of figures, nor \{ data, layout \}: object/],
  ];
  for (const [what, name, options, says] of refused)
    await assert.rejects(saveFigure(what as never, join(home, name), options), says);
  assert.deepEqual(readdirSync(home), before);
});

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

// node docs/picture.mjs: draws docs/pathkernel.png from the figures stored in notebooks/00-start-here.ipynb.
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const PLOTLY = 'application/vnd.plotly.v1+json';
const WANTED = ['Density of each layer, fc-100', 'Path-Kernel trace against density'];
/** Those with a place in a picture of this size. */
const SHOWN = /^(random|magnitude|snip|grasp|synflow(-l2)?(-dist)?)$/;
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function storedFigures() {
  const { cells } = JSON.parse(readFileSync(join(here, '..', 'notebooks', '00-start-here.ipynb'), 'utf8'));
  const figures = cells
    .flatMap(({ outputs = [] }) => outputs)
    .flatMap(({ data = {} }) => (PLOTLY in data ? [data[PLOTLY]] : []));
  return WANTED.map((title) => {
    const found = figures.find(({ layout }) => layout.title.text.startsWith(title));
    if (!found) throw new Error(`notebooks/00-start-here.ipynb holds no figure called ${title}; run it first`);
    const heading = found.layout.title;
    return {
      data: found.data.filter(({ name, legendgroup }) => SHOWN.test(legendgroup ?? name)),
      layout: { ...found.layout, title: { ...heading, font: { ...heading.font, size: 15 } } },
    };
  });
}

/** In the page: draws the figures side by side. */
async function draw(figures) {
  for (const [i, { data, layout }] of figures.entries()) {
    const element = document.body.appendChild(document.createElement('div'));
    const isLast = i === figures.length - 1;
    const size = { width: isLast ? 620 : 560, height: 400, showlegend: isLast };
    await globalThis.Plotly.newPlot(element, data, { ...layout, ...size }, { displayModeBar: false });
  }
}

const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
if (!executablePath) throw new Error('no Chromium found; install it, or name it in CHROMIUM');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1190, height: 410 } });
  await page.setContent('<!doctype html><body style="display: flex; margin: 4px; background: white"></body>');
  await page.addScriptTag({ path: require.resolve('plotly.js-dist') });
  await page.evaluate(draw, storedFigures());
  await page.screenshot({ path: join(here, 'pathkernel.png') });
} finally {
  await browser.close();
}
